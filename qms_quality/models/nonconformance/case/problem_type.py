from odoo import fields, models


class QmsProblemType(models.Model):
    """What kind of thing went wrong, such as contamination or a wrong label."""

    _name = "qms.problem.type"
    _description = "Problem Type"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
