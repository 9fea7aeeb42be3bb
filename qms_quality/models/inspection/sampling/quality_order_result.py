from odoo import fields, models


class QmsQualityOrderResult(models.Model):
    """Readings of units that were drawn."""

    _inherit = "qms.quality.order.result"

    unit_id = fields.Many2one(
        "qms.quality.order.unit",
        string="Unit Taken",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _get_label(self):
        label = super()._get_label()
        # a serial number names itself
        if self.unit_id and not self.unit_id.lot_id:
            label = f"{label} ({self.unit_id.display_name})"
        return label

    def _get_target_key(self):
        return super()._get_target_key(), self.unit_id.id
