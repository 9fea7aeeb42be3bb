from odoo import models
from odoo.exceptions import UserError

from ...gate.transaction import Goods
from .quality_order_last import REPLACE


class QmsQualityOrder(models.Model):
    """A lot that arrives again, where the plan keeps what arrived apart."""

    _inherit = "qms.quality.order"

    def _get_arrival_goods(self, arrival):
        goods = super()._get_arrival_goods(arrival)
        how = REPLACE.get(arrival.event) and self.plan_copy_id[REPLACE[arrival.event]]
        if how != "location" or not self.lot_ids or self.sampling_plan_id:
            return goods
        # what of the lot arrives elsewhere is inspected by itself
        return [
            {"product_id": product.id, "lot_id": lot.id, "location_id": place.id}
            for product, lot, place in {
                (m.product, m.lot, m.location_dest): m for m in arrival.movements
            }
        ]

    # -- Under inspection first --------------------------------------------------------

    def _check_reclassified(self, arrival, last):
        """Refuse output into a lot that is not under inspection.

        :raise UserError: names the lot, its status, and what to do
        """
        lot = arrival.movements[0].lot.sudo()
        waiting, status = self._get_waiting_status(), lot.inspection_status_id
        if not last or status == waiting or not self._had_before(arrival):
            return
        raise UserError(
            self.env._(
                "%(lot)s is %(status)s. By the quality plan no more can be produced"
                " into it before somebody puts it under inspection: reopen %(order)s,"
                " or hold the lot as %(waiting)s. Or produce into another lot.",
                lot=lot.display_name,
                status=status.name or self.env._("available"),
                order=last.name,
                waiting=waiting.name,
            )
        )

    def _had_before(self, arrival, place=None):
        """Tell whether there were goods of a lot before these arrived."""
        lot = arrival.movements[0].lot
        domain = [
            ("lot_id", "=", lot.id),
            ("location_id.usage", "in", ("internal", "transit")),
        ]
        if place:
            domain.append(("location_id", "=", place.id))
        # sudo: whoever produces sees what there is of his lot only
        quants = self.env["stock.quant"].sudo()
        [(there,)] = quants._read_group(domain, [], ["quantity:sum"])
        new = sum(
            movement.quantity
            for movement in arrival.movements
            if not place or movement.location_dest == place
        )
        return arrival.product.uom_id.compare(there, new) > 0

    # -- Another place -----------------------------------------------------------------

    def _check_other_place(self, arrival):
        """Refuse goods that would come to others of their lot with another status.

        :raise UserError: names the lot, the place, the status, and what to do
        """
        waiting = self._get_waiting_status()
        for movement in arrival.movements:
            place = movement.location_dest
            if not movement.known or not self._had_before(arrival, place):
                continue
            goods = Goods(movement.product, movement.lot, place, movement.package_dest)
            (holds,) = self.env["qms.hold"]._get_covering([goods])
            status = holds.status_id._get_strictest()
            if status != waiting:
                self._refuse_place(movement.lot, place, status, waiting)

    def _refuse_place(self, lot, place, there, coming):
        """
        :raise UserError: names the lot, the place, both statuses, and what to do
        """
        free = self.env._("available")
        raise UserError(
            self.env._(
                "%(lot)s is %(there)s in %(place)s, and the goods that come are"
                " %(coming)s. By the quality plan they need another location, until the"
                " statuses agree.",
                lot=lot.sudo().display_name,
                there=there.name or free,
                coming=coming.name or free,
                place=place.sudo().display_name,
            )
        )
