from odoo import fields, models

KINDS = [
    ("attribute", "Lot attribute"),
    ("temperature", "Temperature at receipt"),
    ("status", "Inspection status"),
    ("test_group", "Test group passed"),
    ("certificate", "Certificate of analysis"),
    ("package", "Package"),
    ("label", "Label"),
]
OPERATORS = [
    ("=", "is"),
    ("!=", "is not"),
    ("in", "is one of"),
    ("not in", "is none of"),
    ("between", "is between"),
    (">=", "is at least"),
    ("<=", "is at most"),
    ("exists", "is recorded"),
]
DEPARTURES = [
    ("blocked", "Blocked"),
    ("approval", "Needs approval"),
    ("recorded", "Allowed and recorded"),
]


class QmsCriterionMixin(models.AbstractModel):
    """One thing that goods must meet, on a card or copied onto a document.

    Each kind answers in a file of its own, in two ways that agree: ``_judge_<kind>``
    in Python for goods at hand, ``_get_<kind>_domain`` for stock to reserve.
    """

    _name = "qms.criterion.mixin"
    _description = "Criterion of a Requirement"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, required=True, default="attribute")
    departure = fields.Selection(
        DEPARTURES,
        required=True,
        default="blocked",
        help="What happens to goods that don't meet this.",
    )
    attribute_id = fields.Many2one("qms.attribute", ondelete="restrict")
    attribute_type = fields.Selection(related="attribute_id.type")
    uom_id = fields.Many2one(related="attribute_id.uom_id")
    operator = fields.Selection(OPERATORS, default="=")
    value_text = fields.Char(
        string="Text", help="Several texts for one of and none of: between semicolons."
    )
    value_number = fields.Float(string="Number", digits=False)
    value_number_to = fields.Float(string="To", digits=False)
    value_date = fields.Date(string="Date")
    value_date_to = fields.Date(string="To Date")
    value_boolean = fields.Boolean(string="Yes")
    option_ids = fields.Many2many("qms.attribute.option", string="Options")
    country_ids = fields.Many2many("res.country", string="Countries")
    tolerance = fields.Float(
        string="Grading Tolerance",
        digits=False,
        help="How far outside a figure still meets, in the attribute's unit.",
    )
    status_ids = fields.Many2many(
        "qms.inspection.status", string="Accepted Inspection Statuses"
    )
    test_group_id = fields.Many2one("qms.test.group", ondelete="restrict")
    within_days = fields.Integer(help="How old the passed test may be. 0: any age.")
    package_type_id = fields.Many2one(
        "stock.package.type", ondelete="restrict", help="Empty: any package."
    )
    label = fields.Char(help="What the label must say or be.")
