from odoo import fields, models


class QmsLotAttributeCorrection(models.TransientModel):
    """Asks what a value that came from a test should be, and why."""

    _name = "qms.lot.attribute.correction"
    _description = "Correct an Attribute of a Lot"
    _inherit = ["qms.attribute.value.mixin"]

    row_id = fields.Many2one(
        "qms.lot.attribute", required=True, readonly=True, ondelete="cascade"
    )
    attribute_id = fields.Many2one(related="row_id.attribute_id", store=True)
    company_id = fields.Many2one(related="row_id.company_id")
    lot_id = fields.Many2one(related="row_id.lot_id")
    present = fields.Char("Now", related="row_id.value")
    is_removed = fields.Boolean(
        string="Not Known", help="The lot keeps no value of this attribute."
    )
    reason = fields.Char()

    def _check_value(self):
        """Leave it to the correction: the present value may be what is wrong."""

    def action_confirm(self):
        """Correct the value.

        :raise AccessError: unless the user is a quality manager or QRS administrator
        :raise UserError: without a reason
        """
        self.ensure_one()
        value = None if self.is_removed else self._qms_get_typed()
        self.row_id._check_may_correct()
        self.row_id._correct(value, self.reason)
        return {"type": "ir.actions.act_window_close"}
