from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    qms_expiry_change = fields.Boolean(
        string="Dates of Lots are Kept",
        help="Changing an expiration, best-before, removal, sell-by or production date"
        " needs the shelf-life manager and a reason.",
    )
    qms_sell_by_policy = fields.Selection(
        [("recompute", "Recompute"), ("keep", "Keep")],
        string="Sell-by Dates",
        required=True,
        default="recompute",
        help="What becomes of a lot's sell-by date when its expiration or its product's"
        " period changes.",
    )
    qms_merge_dates = fields.Selection(
        [("earliest", "Earliest date"), ("latest", "Latest date"), ("ask", "Ask")],
        string="Dates of Merged Lots",
        required=True,
        default="earliest",
        help="Where neither the product nor its category says it.",
    )
