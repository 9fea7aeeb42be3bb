from odoo import fields, models


class QmsAttributeOption(models.Model):
    """One value of an attribute that is chosen from a list."""

    _name = "qms.attribute.option"
    _description = "Lot Attribute Option"
    _inherit = ["qms.audit.mixin"]
    _order = "attribute_id, sequence, id"

    attribute_id = fields.Many2one(
        "qms.attribute", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
