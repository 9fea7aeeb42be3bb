from odoo import fields, models


class QmsHoldReason(models.Model):
    """The list that people choose from when they place or release a hold."""

    _name = "qms.hold.reason"
    _description = "Hold Reason"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    usage = fields.Selection(
        [("place", "Placing a hold"), ("release", "Releasing a hold")],
        required=True,
        default="place",
    )
