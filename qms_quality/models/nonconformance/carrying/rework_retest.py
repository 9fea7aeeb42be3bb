from odoo import models
from odoo.fields import Domain

from ...gate.transaction import INSIDE
from ...sentinel import trusted


class QmsDisposition(models.Model):
    """What comes out of rework is held until it was tested again."""

    _inherit = "qms.disposition"

    def _get_retest_problems(self):
        if self._get_retest_groups():
            return []
        return [
            self.env._("choose the test groups that the reworked goods are tested by.")
        ]

    def _get_retest_groups(self):
        """Return what is tested again: what was chosen, else what had failed."""
        # sudo: the tests are the same, whoever posts the rework
        row = self.sudo()
        if row.test_group_ids:
            return row.test_group_ids._get_in_force()
        order = row.nonconformance_id.quality_order_id
        return order._get_groups_again().get(order, row.test_group_ids)

    def _test_output(self, lines, production=None):
        """Make the quality orders of what came out of rework, and hold it by them.

        One for each lot; serial numbers that come together share one.

        :param lines: ``stock.move.line``, posted
        :param production: ``mrp.production`` that made it, if one did
        :return: the orders
        """
        self.ensure_one()
        orders = self.env["qms.quality.order"].sudo()
        lines = lines.filtered(lambda line: line.quantity_product_uom > 0)
        for (place, lot), some in lines.grouped(
            lambda line: (line.location_dest_id, self._get_shared_lot(line))
        ).items():
            lots = lot or some.lot_id
            quantity = sum(some.mapped("quantity_product_uom"))
            orders |= self._test_again(lots, quantity, place, production)
        return orders

    def _get_shared_lot(self, line):
        is_serial = line.product_id.tracking == "serial"
        return line.lot_id.browse() if is_serial else line.lot_id

    def _test_again(self, lots, quantity, place, production=None):
        """Return the order that tests goods again; from now on it holds them.

        :param lots: ``stock.lot`` of the goods, if any
        :param float quantity: in the product's unit
        :param place: ``stock.location`` where they are
        """
        order = self._adopt_order(lots, production)
        if not order:
            values = self._prepare_retest(lots, quantity, place, production)
            order = trusted(self.env["qms.quality.order"].sudo()).create(values)
            self._hold_by(order, lots, quantity, place)
        self._end_case_holds(lots, order)
        return order

    def _adopt_order(self, lots, production):
        """Return the order that a rule has made of the same goods, if it has.

        It tests what the disposition asks for, too, so that one order is enough.
        """
        orders = trusted(self.env["qms.quality.order"].sudo())
        if not production:
            return orders
        order = orders.search(
            Domain("production_id", "=", production.id)
            & Domain("event", "=", "output")
            & Domain("state", "=", "draft")
            & Domain("nonconformance_id", "=", False),
        ).filtered(lambda one: one.lot_ids == lots and one.open_hold_count)[:1]
        if order:
            order.write(
                {
                    **self._prepare_chain(),
                    "test_group_ids": [
                        (4, group.id) for group in self._get_retest_groups()
                    ],
                }
            )
        return order

    def _prepare_chain(self):
        return {
            "nonconformance_id": self.nonconformance_id.id,
            "disposition_id": self.id,
        }

    def _prepare_retest(self, lots, quantity, place, production):
        product = self._get_output_product()
        return {
            **self._prepare_chain(),
            "event": "retest",
            "product_id": product.id,
            "lot_ids": [(6, 0, lots.ids)],
            "quantity": quantity,
            "uom_id": product.uom_id.id,
            "location_id": place.id,
            "test_group_ids": [(6, 0, self._get_retest_groups().ids)],
            "production_id": production.id if production else False,
            "company_id": self.company_id.id,
        }

    def _hold_by(self, order, lots, quantity, place):
        """Hold goods by their order: a lot as a whole, if there is no more of it."""
        values = order._prepare_hold_values(
            order._get_waiting_status(), self.env._("To be tested after rework")
        )
        goods = {**values, "product_id": order.product_id.id}
        narrow = not lots or len(lots) == 1 and self._is_part(lots, quantity)
        place_id = place.id if narrow else False
        self.env["qms.hold"]._place(
            [
                {**goods, "lot_id": lot.id, "location_id": place_id}
                for lot in (lots or [lots])
            ]
        )

    def _is_part(self, lot, quantity):
        quants = self.env["stock.quant"].search(
            Domain("lot_id", "=", lot.id) & Domain("location_id.usage", "in", INSIDE)
        )
        there = sum(quants.mapped("quantity"))
        return lot.product_id.uom_id.compare(there, quantity) > 0

    def _end_case_holds(self, lots, order):
        """End what the case holds of lots that their new order holds now."""
        if not lots:
            return
        own = self.nonconformance_id._get_open_holds()
        own.filtered(lambda hold: hold.lot_id in lots)._end_by_hand_over(
            self.env._("Reworked, tested again by %s", order.name)
        )
