from odoo import api, fields, models


class ExpiryPickingConfirmation(models.TransientModel):
    """Core's question about expired lots offers only what will work."""

    _inherit = "expiry.picking.confirmation"

    qms_refusal = fields.Text(
        string="Refused",
        compute="_compute_qms_refusal",
        help="What can't go on because of its date.",
    )

    @api.depends("picking_ids")
    def _compute_qms_refusal(self):
        for wizard in self:
            lines = wizard.picking_ids.move_line_ids
            refused = lines._qms_get_refused_now()
            wizard.qms_refusal = bool(refused) and lines._qms_get_refusal(refused)
