from odoo import api, models

from odoo.addons.qms_quality.models.evidence.content import ContentLine, field_line
from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsExpiryDecision(models.Model):
    """What is approved or signed: the goods, what becomes of them, and why."""

    _inherit = "qms.expiry.decision"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "decide": self.env._("Decide on goods near expiry"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            self._get_quantity_line(),
        ]

    def _get_quantity_line(self):
        label = self._fields["quantity"]._description_string(self.env)
        quantity = self._get_decided_quantity()
        text = f"{format_quantity(self.env, quantity)} {self.uom_id.name}"
        return ContentLine("quantity", label, quantity, text)

    @api.model
    def _get_signed_fields(self):
        return [
            "lot_id",
            "product_id",
            "warehouse_id",
            "kind",
            "reason",
            "partner_id",
            "price",
            "test_group_ids",
            "date_extended",
        ]
