from odoo import fields, models


class ResPartner(models.Model):
    """A partner has requirements; a contact those of its company."""

    _inherit = "res.partner"

    qms_qrs_count = fields.Integer(
        "Requirements",
        compute="_compute_qms_qrs_count",
        groups="base.group_user",
    )

    def _compute_qms_qrs_count(self):
        companies = self.commercial_partner_id
        # sudo: a number, on a form that all employees open
        counts = dict(
            self.env["qms.qrs"]
            .sudo()
            ._read_group(
                [("state", "=", "active"), ("partner_ids", "in", companies.ids)],
                ["partner_ids"],
                ["__count"],
            )
        )
        for partner in self:
            partner.qms_qrs_count = counts.get(partner.commercial_partner_id, 0)

    def action_qms_open_requirements(self):
        """Open the active cards of this partner."""
        self.ensure_one()
        company = self.commercial_partner_id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Requirements of %s", company.display_name),
            "res_model": "qms.qrs",
            "view_mode": "list,form",
            "domain": [("partner_ids", "in", company.ids)],
            "context": {
                "search_default_active": 1,
                "default_partner_ids": company.ids,
            },
        }

    def action_qms_assign_requirements(self):
        """Open the dialog that gives this partner cards, or takes them.

        :raise AccessError: if the user is no QRS administrator
        """
        self.ensure_one()
        self.env["qms.qrs"]._check_administrator()
        return self.env["qms.qrs.assign.wizard"]._open_for_partner(self)
