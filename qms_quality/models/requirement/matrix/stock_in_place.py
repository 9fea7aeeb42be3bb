from odoo import api, models
from odoo.fields import Domain


class StockLot(models.Model):
    """Which lots lie in stock, and how much of them is free."""

    _inherit = "stock.lot"

    @api.model
    def _qms_get_placed_domain(self, location=None):
        """Return the domain of stock with lots.

        :param location: ``stock.location``, with all places in it
        :return: ``Domain`` on ``stock.quant``
        """
        domain = Domain.AND(
            [
                Domain("lot_id", "!=", False),
                Domain("location_id.usage", "=", "internal"),
                Domain("quantity", ">", 0),
                Domain("company_id", "in", self.env.companies.ids),
            ]
        )
        if location:
            domain &= Domain("location_id", "child_of", location.id)
        return domain

    @api.model
    def _qms_get_stock(self, domain, **page):
        """Return the lots in stock with how much of each there is, in one query.

        :param domain: on ``stock.quant``
        :param page: limit and offset
        :return: ``{lot: (quantity, free quantity)}``, lots in sudo, by product and
            number
        """
        # sudo: sellers read what they may promise; the domain is of their companies
        groups = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                domain,
                ["product_id", "lot_id"],
                ["quantity:sum", "reserved_quantity:sum"],
                order="product_id, lot_id",
                **page,
            )
        )
        lots = self.sudo().browse([lot.id for _product, lot, *_rest in groups])
        amounts = [
            (quantity, quantity - reserved) for _p, _lot, quantity, reserved in groups
        ]
        return dict(zip(lots, amounts, strict=True))
