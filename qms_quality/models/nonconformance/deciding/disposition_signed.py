from odoo import api, models

from ...evidence.content import field_line


class QmsDisposition(models.Model):
    """What is approved or signed: the goods, what becomes of them, and why."""

    _inherit = "qms.disposition"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "approve": self.env._("Approve a disposition"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "nonconformance_id",
            "kind",
            "product_id",
            "lot_id",
            "location_id",
            "package_id",
            "owner_id",
            "quantity",
            "uom_id",
            "reason",
            "is_separate",
            "status_id",
            "customer_ids",
            "partner_id",
            "location_dest_id",
            "product_dest_id",
            "rework_way",
            "bom_id",
            "test_group_ids",
        ]
