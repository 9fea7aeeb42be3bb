from odoo import fields, models


class ResCompany(models.Model):
    """What becomes of deliveries that are shorter than the product's own minimum."""

    _inherit = "res.company"

    qms_sales_minimum = fields.Selection(
        [("blocked", "Blocked"), ("recorded", "Allowed and recorded")],
        "Sales Minimum Shelf Life",
        help="What happens to goods for customers who ask for no minimum shelf life"
        " themselves, when less is left than the product's sales minimum. Empty:"
        " nothing.",
    )
