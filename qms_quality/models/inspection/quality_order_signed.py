from odoo import api, models

from ..evidence.content import field_line


class QmsQualityOrder(models.Model):
    """What is signed or approved when a quality order is validated."""

    _inherit = "qms.quality.order"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "validate": self.env._("Validate a quality order"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            *(result._prepare_signed_line() for result in self.result_ids),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "product_id",
            "lot_ids",
            "quantity",
            "uom_id",
            "partner_id",
            "location_id",
            "picking_id",
            "production_id",
            "test_group_ids",
        ]
