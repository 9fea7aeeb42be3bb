from odoo import api, models

from ...evidence.content import field_line


class QmsQualityPlan(models.Model):
    """What is signed or approved when a quality plan is put in force."""

    _inherit = "qms.quality.plan"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "activate": self.env._("Put a quality plan in force"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
        ]

    @api.model
    def _get_signed_fields(self):
        """Return the fields that are signed, in the order that people read them."""
        first = ["code", "name", "product_id", "categ_id", "date_from", "date_to"]
        return [*first, "company_id", *self._get_option_fields()]

    def _qms_get_involved_users(self, action):
        # sudo: who wrote it is looked at whoever approves
        plan = self.sudo()
        writers = plan.create_uid | plan.write_uid
        return super()._qms_get_involved_users(action) | writers
