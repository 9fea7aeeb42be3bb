from odoo import fields, models


class DigestDigest(models.Model):
    """What expired stock is worth, in the digest."""

    _inherit = "digest.digest"

    kpi_qms_at_risk = fields.Boolean("Stock at Risk of Expiry")
    kpi_qms_at_risk_value = fields.Monetary(compute="_compute_kpi_qms_at_risk_value")
    kpi_qms_expired = fields.Boolean("Expired Stock")
    kpi_qms_expired_value = fields.Monetary(compute="_compute_kpi_qms_expired_value")

    def _compute_kpi_qms_at_risk_value(self):
        self._qms_set_stock_value("kpi_qms_at_risk_value", "at_risk_value", [])

    def _compute_kpi_qms_expired_value(self):
        self._qms_set_stock_value(
            "kpi_qms_expired_value", "value", [("status", "=", "expired")]
        )

    def _qms_set_stock_value(self, name, measure, domain):
        """Set a figure to the value of stock as it is now: it has no history.

        :raise AccessError: for recipients who may not read the report: the digest
            leaves the figure out
        """
        report = self.env["qms.expiry.report"]
        report.check_access("read")
        _start, _end, companies = self._get_kpi_compute_parameters()
        values = dict(
            report._read_group(
                [*domain, ("company_id", "in", companies.ids)],
                ["company_id"],
                [f"{measure}:sum"],
            )
        )
        for digest in self:
            company = digest.company_id or self.env.company
            digest[name] = values.get(company, 0)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("qms_quality.menu_qms_root").id
        report = f"qms_shelf_life.qms_expiry_report_action?menu_id={menu}"
        for name in ("at_risk", "expired"):
            actions[f"kpi_qms_{name}"] = report
        return actions
