from odoo import fields, models


class QmsAttributeValueMixin(models.AbstractModel):
    """One typed value of an attribute.

    Numbers are in the attribute's unit. Which field holds the value follows from the
    attribute's type; the others are empty.
    """

    _name = "qms.attribute.value.mixin"
    _description = "Value of a Lot Attribute"

    attribute_id = fields.Many2one(
        "qms.attribute", required=True, index=True, ondelete="restrict"
    )
    type = fields.Selection(related="attribute_id.type")
    uom_id = fields.Many2one(related="attribute_id.uom_id")
    value_text = fields.Char(string="Text")
    value_number = fields.Float(string="Number", digits=False)
    value_date = fields.Date(string="Date")
    value_boolean = fields.Boolean(string="Yes")
    option_id = fields.Many2one(
        "qms.attribute.option",
        domain="[('attribute_id', '=', attribute_id)]",
        ondelete="restrict",
    )
    country_id = fields.Many2one("res.country", ondelete="restrict")
