from odoo import models
from odoo.fields import Domain

from .transaction import INSIDE, goods_of


class StockMoveLine(models.Model):
    """Where goods came from that were not where they were taken."""

    _inherit = "stock.move.line"

    def _qms_get_origins(self, movements):
        """Return where goods came from that were not where they were taken.

        A place that gave more than it had gave goods from somewhere else: of the same
        lot (or without a number) in the same warehouse, or any of the product where
        the movement names no lot. Held goods must not leave from next door.

        :param list movements: of :class:`Movement`, already made
        :return: ``{movement: [Goods]}`` of the movements that left less than nothing
        """
        short = self._qms_get_short(movements)
        if not short:
            return {}
        quants = self._qms_get_near_quants(short)
        return {
            movement: quants.filtered(
                lambda quant, m=movement: m.line._qms_may_come_from(m, quant)
            )._qms_get_goods()
            for movement in short
        }

    def _qms_get_short(self, movements):
        inside = [m for m in movements if m.location.usage in INSIDE]
        negative = self._qms_search_quants(
            Domain("quantity", "<", 0)
            & Domain("product_id", "in", [m.product.id for m in inside])
            & Domain("location_id", "in", [m.location.id for m in inside])
        )
        goods = set(negative._qms_get_goods())
        return [m for m in inside if goods_of(m) in goods]

    def _qms_get_near_quants(self, movements):
        return self._qms_search_quants(
            Domain("quantity", ">", 0)
            & Domain("product_id", "in", [m.product.id for m in movements])
            & Domain("location_id.usage", "in", INSIDE)
        )

    def _qms_search_quants(self, domain):
        # sudo: a place that the user may not see can hold the goods all the same
        return self.env["stock.quant"].sudo().search(domain)

    def _qms_may_come_from(self, movement, quant):
        place, near = movement.location, quant.location_id
        return (
            quant.product_id == movement.product
            and (not movement.lot or quant.lot_id in (movement.lot, quant.lot_id[:0]))
            and place.warehouse_id == near.warehouse_id
            and place.company_id == near.company_id
        )
