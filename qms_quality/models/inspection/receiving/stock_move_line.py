from odoo import models
from odoo.fields import Domain

from ...gate.transaction import INSIDE, Goods, goods_of


class StockMoveLine(models.Model):
    """Returns are inspected, lots kept apart, and steps done, as plans say."""

    _inherit = "stock.move.line"

    def _qms_make_orders(self, arrivals):
        orders = super()._qms_make_orders(arrivals)
        returned = [one for one in arrivals if one.event == "customer_return"]
        if not returned or not self.env["qms.quality.plan"]._is_used():
            return orders
        rules = self.env["qms.quality.association"]._match(returned)
        return orders | orders._create_for_returns(
            [one for one, matching in zip(returned, rules, strict=True) if not matching]
        )

    # -- Lots of different statuses stay apart ----------------------------------------

    def _qms_judge(self, movements, origins):
        self._qms_check_apart(movements)
        return super()._qms_judge(movements, origins)

    def _qms_check_apart(self, movements):
        """Refuse to bring parts of a lot together that have different statuses, where
        their quality plan keeps them apart.

        :raise UserError: names the lot, the place and the statuses
        """
        inside = [
            movement
            for movement in movements
            if movement.lot
            and movement.location.usage in INSIDE
            and movement.location_dest.usage == "internal"
            and movement.location != movement.location_dest
        ]
        if not inside or not self.env["qms.quality.plan"]._is_used():
            return
        apart = self._qms_get_lots_apart(inside)
        for movement in inside:
            if movement.lot in apart:
                self._qms_check_together(movement)

    def _qms_get_lots_apart(self, movements):
        """Return the lots whose last quality order keeps their parts apart."""
        lots = self.env["stock.lot"].union(*(m.lot for m in movements))
        companies = self.env["res.company"].union(
            *(movement.location_dest.company_id for movement in movements)
        )
        # sudo: whoever moves goods need not be allowed to read their orders
        orders = self.env["qms.quality.order"].sudo()
        apart = orders.search(
            Domain("lot_ids", "in", lots.ids)
            & Domain("company_id", "in", companies.ids)
            & (
                Domain("event", "=", "receipt")
                & Domain("plan_copy_id.replace_purchase", "=", "location")
                | Domain("event", "=", "output")
                & Domain("plan_copy_id.replace_production", "=", "location")
            )
        )
        return apart.lot_ids

    def _qms_check_together(self, movement):
        place = movement.location_dest
        # sudo: as above
        quants = self.env["stock.quant"].sudo()
        domain = [("lot_id", "=", movement.lot.id), ("location_id", "=", place.id)]
        [(there,)] = quants._read_group(domain, [], ["quantity:sum"])
        if movement.product.uom_id.compare(there, movement.quantity) <= 0:
            return
        dest = Goods(movement.product, movement.lot, place, movement.package_dest)
        # what is held in its package or place keeps that hold
        coming, present = (
            holds.status_id._get_strictest()
            for holds in self.env["qms.hold"]._get_covering([goods_of(movement), dest])
        )
        if coming != present:
            self.env["qms.quality.order"]._refuse_place(
                movement.lot, place, present, coming
            )

    # -- The next step -----------------------------------------------------------------

    def _qms_do_next(self):
        """Do these lines, and leave the rest of their transfers as it is.

        :return: ``stock.quant``, the goods where they are then
        """
        keys = {(line.product_id, line.lot_id, line.location_dest_id) for line in self}
        pickings = self.env["stock.picking"].union(
            *(picking._qms_take_out(self) for picking in self.picking_id)
        )
        self.picked = True
        pickings._action_done()
        quants = self.env["stock.quant"].sudo()
        for product, lot, place in keys:
            quants |= quants.search(
                [
                    ("product_id", "=", product.id),
                    ("lot_id", "=", lot.id),
                    ("location_id", "=", place.id),
                    ("quantity", ">", 0),
                ]
            )
        return quants
