from odoo import fields, models

TYPES = [
    ("text", "Text"),
    ("integer", "Integer"),
    ("decimal", "Decimal"),
    ("date", "Date"),
    ("boolean", "Yes/No"),
    ("option", "Option"),
    ("country", "Country"),
]
NUMBERS = ("integer", "decimal")


class QmsAttribute(models.Model):
    """What is known of a lot beyond Odoo's own fields: origin, grade, fat, pH.

    A *source attribute* where goods come in, a *demand attribute* where they leave.
    """

    _name = "qms.attribute"
    _description = "Lot Attribute"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    type = fields.Selection(TYPES, required=True, default="text")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        help="Of numbers; none for bare figures.",
    )
    minimum = fields.Float(digits=False)
    maximum = fields.Float(digits=False)
    has_range = fields.Boolean(
        string="Limit Values", help="Values outside the range are refused."
    )
    is_promoted = fields.Boolean(
        string="Promoted",
        help="Shown as a column on lots and where lots are chosen.",
    )
    option_ids = fields.One2many("qms.attribute.option", "attribute_id", copy=True)
    inheritance = fields.Selection(
        [
            ("none", "Not inherited"),
            ("minimum", "Lowest or earliest"),
            ("maximum", "Highest or latest"),
            ("average", "Average by quantity"),
            ("sum", "Sum"),
            ("same", "Same, or blank where they differ"),
        ],
        required=True,
        default="none",
        help="What a produced lot gets from the lots that went into it.",
    )

    _range_check = models.Constraint(
        "CHECK (NOT has_range OR minimum <= maximum)",
        "The highest value of a range must not be under its lowest.",
    )
