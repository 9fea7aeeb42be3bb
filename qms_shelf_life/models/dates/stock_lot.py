from odoo import fields, models


class StockLot(models.Model):
    """Days that core doesn't know."""

    _inherit = "stock.lot"

    qms_production_date = fields.Date(
        string="Production Date",
        help="When the goods were made: the vendor's date for bought goods.",
    )
    qms_sell_by_date = fields.Date(
        string="Sell-by Date",
        index="btree_not_null",
        help="The day of expiry less the product's sales minimum shelf life. It informs"
        " and blocks nothing.",
    )
    qms_rule_expiration_date = fields.Datetime(
        string="Expiration by Rule",
        readonly=True,
        help="When the lot would expire if its ingredients didn't expire before.",
    )
    qms_ingredient_date = fields.Datetime(
        string="Ingredients Expire",
        readonly=True,
        help="When the first of the ingredients expires that limit this lot.",
    )
