from contextlib import contextmanager
from unittest.mock import patch

from odoo.fields import Domain
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestGateQueries(QmsCase):
    """The gate asks a fixed number of questions, however many lines there are.

    Every test does the same work with few and with many lines, with the gate and with
    its hooks patched off, as in plain Odoo.
    """

    FEW, MANY = 5, 25
    # what the gate may ask more, whatever the number of lines
    ALLOWED = 10

    @contextmanager
    def _without_gate(self):
        line, move = (type(self.env[m]) for m in ("stock.move.line", "stock.move"))
        with (
            patch.object(line, "_qms_pass_gate", lambda lines, movements: None),
            patch.object(line, "_qms_check_choice", lambda lines: None),
            patch.object(
                move,
                "_qms_get_gate_domain",
                lambda moves, product, location: Domain.TRUE,
            ),
        ):
            yield

    def _make_goods(self, count, held):
        """Return a product with ``2 * count`` lots, each second one held if asked."""
        product = self._make_product(f"Milk {count}")
        lots = self.env["stock.lot"].create(
            [
                {"name": f"{count}-{number:03}", "product_id": product.id}
                for number in range(2 * count)
            ]
        )
        for lot in lots:
            self._stock_up(1, lot)
        if held:
            self._hold_all(lots[::2])
        return product

    def _hold_all(self, lots):
        return self.env["qms.hold"]._place(
            [
                {
                    "product_id": lot.product_id.id,
                    "lot_id": lot.id,
                    "status_id": self.on_hold.id,
                    "reason": "Test",
                }
                for lot in lots
            ]
        )

    def _count(self, work):
        """Return how many queries ``work`` makes with empty caches."""
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _count_delivery(self, count, held):
        """Return the queries for reserving and for validating ``count`` lines."""
        product = self._make_goods(count, held)
        picking = self._picking("outgoing", count, product)
        reserve = self._count(picking.action_confirm)
        self.assertEqual(len(picking.move_line_ids), count)
        picking = picking.with_context(skip_sms=True, skip_expired=True)
        validate = self._count(picking.button_validate)
        self.assertEqual(picking.state, "done")
        return reserve, validate

    def _check_delivery(self, held):
        self._count_delivery(1, held)  # fills the caches that outlive a transaction
        more = []
        for count in (self.FEW, self.MANY):
            with self._without_gate():
                plain = self._count_delivery(count, held)
            more.append(sum(self._count_delivery(count, held)) - sum(plain))
        self.assertLessEqual(more[0], self.ALLOWED)
        self.assertLessEqual(more[1], more[0])

    def test_delivery_lines_without_holds(self):
        self._check_delivery(held=False)

    def test_delivery_lines_with_holds(self):
        self._check_delivery(held=True)

    def _count_moves(self, count, held):
        """Return the queries for reserving ``count`` moves of a product each."""
        products = [self._make_goods(1, held) for _number in range(count)]
        picking = self._picking("outgoing", 1, products[0])
        for product in products[1:]:
            picking.move_ids[0].copy({"product_id": product.id})
        reserve = self._count(picking.action_confirm)
        self.assertEqual(picking.state, "assigned")
        return reserve

    def _check_moves(self, held):
        self._count_moves(1, held)
        for count in (self.FEW, self.MANY):
            with self._without_gate():
                plain = self._count_moves(count, held)
            more = self._count_moves(count, held) - plain
            self.assertLessEqual(more, self.ALLOWED // 2)

    def test_moves_without_holds(self):
        self._check_moves(held=False)

    def test_moves_with_holds(self):
        self._check_moves(held=True)

    def test_nothing_held_asks_for_no_hold(self):
        product = self._make_goods(2, held=False)
        # in the cache from here on
        self.assertFalse(product.qms_has_held_lots)
        gate = self.env["stock.quant"]._qms_gate_domain(
            "delivery", product=product, location=self.stock
        )
        self.assertTrue(gate.is_true())
        goods = self.env["stock.quant"]._gather(product, self.stock)._qms_get_goods()
        with self.assertQueryCount(0):
            covering = self.env["qms.hold"]._get_covering(goods)
        self.assertEqual([len(holds) for holds in covering], [0] * 4)

    def test_gate_domain_follows_holds_at_once(self):
        product = self._make_goods(1, held=False)
        lot = self.env["stock.lot"].search([("product_id", "=", product.id)], limit=1)
        self.assertFalse(product._qms_is_held())
        hold = self._hold(lot=lot)
        self.assertTrue(product.qms_has_held_lots)
        self.assertFalse(product.qms_has_narrow_holds)
        hold._release("ok")
        self.assertFalse(product._qms_is_held())
        self._hold(lot=lot, location=self.shelf)
        self.assertTrue(product.qms_has_narrow_holds)
        self.assertFalse(product.qms_has_held_lots)

    def _count_holds(self, count):
        """Return the queries for placing, showing and releasing ``count`` holds."""
        product = self._make_goods(count, held=False)
        lots = self.env["stock.lot"].search([("product_id", "=", product.id)])
        lots = lots[:count]
        holds = []
        place = self._count(lambda: holds.append(self._hold_all(lots)))
        show = self._count(lambda: lots.quant_ids.mapped("inspection_status_id.name"))
        release = self._count(lambda: holds[0]._release("ok"))
        return place, show, release

    def test_many_holds_at_once(self):
        self._count_holds(1)
        few, many = self._count_holds(self.FEW), self._count_holds(self.MANY)
        for before, after in zip(few, many, strict=True):
            self.assertLessEqual(after, before + 3)

    def test_many_holds_on_reserved_lots(self):
        """A held lot that was reserved costs what giving back and reserving costs.

        Giving back reads each lot once more: it is not in the cache as after reserving.
        """
        more = []
        for count in (1, self.FEW, self.MANY):
            product = self._make_goods(count, held=False)
            picking = self._picking("outgoing", count, product)
            picking.action_confirm()
            plain = self._count(picking.do_unreserve) + self._count(
                picking.action_assign
            )
            lots = picking.move_line_ids.lot_id
            placed = self._count(lambda lots=lots: self._hold_all(lots))
            self.assertFalse(picking.move_line_ids.lot_id & lots)
            more.append(placed - plain)
        self.assertLessEqual(more[2] - more[1], self.MANY - self.FEW + 5)

    def test_responsible_is_told_once(self):
        product = self._make_goods(self.FEW, held=False)
        picking = self._picking("outgoing", self.FEW, product, user_id=self.clerk.id)
        picking.action_confirm()
        holds = self._hold_all(picking.move_line_ids.lot_id)
        self.assertEqual(len(holds.activity_ids), 1)
        self.assertEqual(holds.activity_ids.user_id, self.clerk)
        for lot in holds.lot_id:
            self.assertIn(lot.name, holds.activity_ids.note)

    def test_gate_domain_of_several_products(self):
        products = self._make_goods(1, held=True) | self._make_goods(2, held=False)
        Quant = self.env["stock.quant"]
        gate = Quant._qms_gate_domain("delivery", product=products, location=self.stock)
        quants = Quant.search([("product_id", "in", products.ids)])
        allowed = Quant.search([("product_id", "in", products.ids), *gate])
        held = self.env["qms.hold"].search([("product_id", "in", products.ids)]).lot_id
        self.assertEqual(len(quants), 6)
        self.assertEqual(quants - allowed, held.quant_ids)
        self.assertEqual(quants.filtered_domain(gate), allowed)
