from odoo import api, models


class QmsQualityOrder(models.Model):
    """What was sampled and counted is part of what is signed."""

    _inherit = "qms.quality.order"

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(defect._prepare_signed_line() for defect in self.defect_ids),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            *super()._get_signed_fields(),
            "sampling_plan_id",
            "sample_quantity",
            "draw_seed",
        ]
