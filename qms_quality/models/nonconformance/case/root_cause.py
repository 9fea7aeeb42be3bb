from odoo import fields, models


class QmsRootCause(models.Model):
    """A category of causes: supplier defect, process variation, operator error."""

    _name = "qms.root.cause"
    _description = "Root Cause"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)
