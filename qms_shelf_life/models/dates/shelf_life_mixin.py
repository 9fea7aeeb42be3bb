from odoo import fields, models

EXPIRATION_FROM = [
    ("receipt", "Day of receipt or production"),
    ("production", "Production date"),
    ("vendor", "Vendor's date"),
]
MERGE_DATES = [
    ("earliest", "Earliest date"),
    ("latest", "Latest date"),
    ("ask", "Ask"),
]


class QmsShelfLifeMixin(models.AbstractModel):
    """How long goods keep, as products and categories say it.

    What a product leaves empty, its category says; else the nearest one above.
    """

    _name = "qms.shelf.life.mixin"
    _description = "Shelf Life"
    _inherit = ["qms.date.formula.mixin"]

    qms_expiration_from = fields.Selection(
        EXPIRATION_FROM,
        string="Expires From",
        help="From which day the period counts. The vendor's date is typed on the line"
        " of the receipt, and so is the production date of bought goods; what is"
        " produced here counts from the day of its production in any case.\n"
        "Empty: as the category says, else from the day of receipt or production.",
    )
    qms_expiration_formula = fields.Char(
        string="Expiration Period",
        qms_formula=True,
        help="A date formula: 30D, 6M, 1Y-5D, or CM+10D for ten days after the month's"
        " end. Empty: as the category says, else the days until the expiration date.",
    )
    qms_sales_min_shelf_life = fields.Char(
        string="Sales Minimum Shelf Life",
        qms_formula=True,
        help="A date formula: 30D, 6M. The sell-by date lies this period before the day"
        " of expiry. Empty: as the category says, else there is no sell-by date.",
    )
    qms_merge_dates = fields.Selection(
        MERGE_DATES,
        string="Dates of Merged Lots",
        help="Which dates a lot has into which others are merged. Empty: as the"
        " category says, else the company.",
    )
