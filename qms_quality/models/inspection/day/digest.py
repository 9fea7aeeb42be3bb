from odoo import fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from ..quality_order import INSPECTOR


class DigestDigest(models.Model):
    _inherit = "digest.digest"

    kpi_qms_validated = fields.Boolean("Quality Orders Validated")
    kpi_qms_validated_value = fields.Integer(compute="_compute_kpi_qms_validated_value")
    kpi_qms_failed = fields.Boolean("Quality Orders Failed")
    kpi_qms_failed_value = fields.Integer(compute="_compute_kpi_qms_failed_value")
    kpi_qms_late = fields.Boolean("Quality Orders Late")
    kpi_qms_late_value = fields.Integer(compute="_compute_kpi_qms_late_value")
    kpi_qms_on_time = fields.Boolean("Quality Orders on Time (%)")
    kpi_qms_on_time_value = fields.Float(compute="_compute_kpi_qms_on_time_value")

    def _compute_kpi_qms_validated_value(self):
        counts = self._qms_count_validated()
        self._qms_set_kpi("kpi_qms_validated_value", counts)

    def _compute_kpi_qms_failed_value(self):
        counts = self._qms_count_validated(Domain("verdict", "=", "failed"))
        self._qms_set_kpi("kpi_qms_failed_value", counts)

    def _compute_kpi_qms_late_value(self):
        """Orders that became late in the period: not done when their day had passed."""
        start, end = self._qms_get_days()
        counts = self._qms_count(
            Domain("date_due", ">=", start)
            & Domain("date_due", "<", end)
            & Domain("state", "!=", "cancelled")
            & Domain("is_on_time", "=", False)
        )
        self._qms_set_kpi("kpi_qms_late_value", counts)

    def _compute_kpi_qms_on_time_value(self):
        done = self._qms_count_validated()
        on_time = self._qms_count_validated(Domain("is_on_time", "=", True))
        self._qms_set_kpi(
            "kpi_qms_on_time_value",
            {key: 100.0 * on_time.get(key, 0) / count for key, count in done.items()},
        )

    def _qms_count_validated(self, domain=Domain.TRUE):
        """Return how many orders of ``domain`` were validated in the period."""
        start, end, _companies = self._get_kpi_compute_parameters()
        return self._qms_count(
            domain
            & Domain("state", "=", "validated")
            & Domain("date_validated", ">=", start)
            & Domain("date_validated", "<", end)
        )

    def _qms_count(self, domain):
        """Return how many orders of ``domain`` there are: ``{company: count}``.

        :raise AccessError: for recipients who are no inspectors: the digest leaves the
            figure out
        """
        if not self.env.user.has_group(INSPECTOR):
            raise AccessError(
                self.env._("Figures of quality are for inspectors and managers.")
            )
        _start, _end, companies = self._get_kpi_compute_parameters()
        domain &= Domain("company_id", "in", companies.ids)
        orders = self.env["qms.quality.order"]
        return dict(orders._read_group(domain, ["company_id"], ["__count"]))

    def _qms_set_kpi(self, name, values):
        for digest in self:
            company = digest.company_id or self.env.company
            digest[name] = values.get(company, 0)

    def _qms_get_days(self):
        """Return the first day of the period and the day after it.

        The last day that counts is over: yesterday, where the period ends now.
        """
        start, end, _companies = self._get_kpi_compute_parameters()
        return fields.Date.to_date(start), fields.Date.to_date(end)

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        menu = self.env.ref("qms_quality.menu_qms_root").id
        analysis = f"qms_quality.action_qms_quality_order_analysis?menu_id={menu}"
        for name in ("validated", "failed", "on_time"):
            actions[f"kpi_qms_{name}"] = analysis
        actions["kpi_qms_late"] = f"qms_quality.action_qms_quality_order?menu_id={menu}"
        return actions
