from odoo import models
from odoo.fields import Domain

from ...gate.transaction import INSIDE, Goods


class QmsDisposition(models.Model):
    """What else comes out of failed goods is held, until it is decided on, too.

    Parts of what was taken apart, and by-products: nobody knows yet whether they are
    what failed. The order that builds the goods again may use the parts up.
    """

    _inherit = "qms.disposition"

    # -- What keeps it from being told from other goods --------------------------------

    def _get_mixing_problems(self, products, place):
        """Return why what comes out without a lot couldn't be held alone, as texts."""
        loose = products.filtered(
            lambda product: product.is_storable and product.tracking == "none"
        )
        if not loose or not place:
            return []
        quants = self.env["stock.quant"].search(
            Domain("product_id", "in", loose.ids)
            & Domain("location_id", "child_of", place.id)
            & Domain("quantity", ">", 0)
        )
        quants -= self.nonconformance_id._get_held_quants()
        if not quants:
            return []
        return [
            self.env._(
                "%(parts)s come out of it without a lot and are held, and with them"
                " what is in %(place)s. Choose another place for it to go to.",
                parts=", ".join(quants.product_id.mapped("display_name")),
                place=place.display_name,
            )
        ]

    # -- Holding it --------------------------------------------------------------------

    def _hold_recovered(self, lines):
        """Hold by the case what came out of these goods besides what is tested again.

        Part of a lot of which more is there becomes a lot of its own.

        :param lines: ``stock.move.line``, posted
        """
        self.ensure_one()
        found = lines.filtered(
            lambda line: (
                line.quantity_product_uom > 0
                and line.product_id.is_storable
                and line.location_dest_id.usage in INSIDE
            )
        ).grouped(
            lambda line: (
                line.product_id,
                line.lot_id,
                line.location_dest_id,
                line.result_package_id,
                line.owner_id,
            )
        )
        held = self.nonconformance_id._get_open_holds()
        scopes = [
            self._get_recovered_scope(Goods(*key[:4]), key[4], some)
            for key, some in found.items()
            if not any(held._match_goods([Goods(*key[:4])]))
        ]
        self.env["qms.hold"]._place(
            [{**self._prepare_recovered_hold(), **scope} for scope in scopes]
        )

    def _prepare_recovered_hold(self):
        case = self.nonconformance_id
        status = self.env.ref("qms_quality.status_on_hold")
        return {
            **case._prepare_hold_values(status),
            "reason": self.env._(
                "Came out of %(goods)s, %(case)s",
                goods=self.lot_id.name or self.product_id.display_name,
                case=case.name,
            ),
        }

    def _get_recovered_scope(self, goods, owner, lines):
        """Return the values of a hold that say what came out, and just that."""
        quantity = sum(lines.mapped("quantity_product_uom"))
        lot = self._part_recovered(goods, owner, quantity)
        whole = bool(lot) and not (
            goods.product.tracking == "lot" and self._is_part(lot, quantity)
        )
        return {
            "product_id": goods.product.id,
            "lot_id": lot.id,
            "location_id": not whole and not goods.package and goods.location.id,
            "package_id": not whole and goods.package.id,
        }

    def _part_recovered(self, goods, owner, quantity):
        """Return the lot of what came out: a new one, if more of it was there."""
        lot = goods.lot
        if not lot or goods.product.tracking != "lot":
            return lot
        there = self.env["stock.quant"].search(
            Domain("lot_id", "=", lot.id)
            & Domain("location_id", "child_of", goods.location.id)
        )
        unit = goods.product.uom_id
        if unit.compare(sum(there.mapped("quantity")), quantity) <= 0:
            return lot
        return lot._qms_split(
            quantity, goods.location, package=goods.package, owner=owner
        )

    # -- Building again ----------------------------------------------------------------

    def _get_held_parts(self):
        """Return the stock that the case of these goods holds, in sudo."""
        return self.nonconformance_id._get_held_quants()

    def _get_recovered(self, product):
        """Return the parts, as stock, that these goods are built again of.

        Those that nothing else has reserved, and only the case holds.
        """
        self.ensure_one()
        own = self.nonconformance_id._get_open_holds()
        quants = self._get_held_parts().filtered(
            lambda quant: (
                quant.product_id == product and quant.quantity > quant.reserved_quantity
            )
        )
        answers = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), "consumption"
        )
        return quants.browse().union(
            *(
                quant
                for quant, reasons in zip(quants, answers, strict=True)
                if all(
                    reason.policy != "block" or (reason.hold and reason.hold in own)
                    for reason in reasons
                )
            )
        )
