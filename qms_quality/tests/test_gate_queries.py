from contextlib import contextmanager
from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_mrp import QmsMrpCase


# Core writes the date of what it posts only if a second has passed: time stands still.
@freeze_time("2025-03-03 10:00:00")
@tagged("post_install", "-at_install")
class TestGateQueries(QmsMrpCase):
    """The gate asks a fixed number of questions, however many lines there are.

    Every test does the same work with few and with many lines, with the gate and with
    its hooks patched off, as in plain Odoo.
    """

    FEW, MANY = 5, 25
    # what the gate may ask more, whatever the number of lines
    ALLOWED = 10

    # how many of a hundred lots are held
    SHARES = (0, 10, 50)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as freshly installed: the demo's cards and attributes ask for more
        cards = cls.env["qms.qrs"].search([("state", "=", "active")])
        trusted(cards).state = "inactive"
        cls.env["qms.attribute"].search([]).active = False

    @contextmanager
    def _without_gate(self):
        line, move, lot, order = (
            type(self.env[model])
            for model in (
                "stock.move.line",
                "stock.move",
                "stock.lot",
                "mrp.production",
            )
        )
        with (
            patch.object(line, "_qms_pass_gate", lambda lines, movements: None),
            patch.object(line, "_qms_check_choice", lambda lines: None),
            patch.object(line, "_qms_get_warnings", lambda lines: {}),
            patch.object(move, "_qms_divert", lambda moves: None),
            patch.object(lot, "_qms_hold_until_arrival", lambda lots: None),
            patch.object(order, "_qms_check_components", lambda orders: None),
            patch.object(
                move,
                "_qms_get_gate_domain",
                lambda moves, product, location: Domain.TRUE,
            ),
        ):
            yield

    def _make_goods(self, count, share):
        """Return a product with ``2 * count`` lots, that share of them held.

        The oldest is held, so that reserving has to pass over it.
        """
        product = self._make_product(f"Milk {count}")
        lots = self.env["stock.lot"].create(
            [
                {"name": f"{count}-{number:03}", "product_id": product.id}
                for number in range(2 * count)
            ]
        )
        for lot in lots:
            self._stock_up(1, lot)
        if share:
            self._hold_all(lots[:: 100 // share])
        return product

    def _hold_all(self, lots):
        return self._place(self._prepare_holds(lots))

    def _place(self, values):
        return self.env["qms.hold"]._place(values)

    def _prepare_holds(self, lots):
        return [
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "status_id": self.on_hold.id,
                "reason": "Test",
            }
            for lot in lots
        ]

    def _count(self, work):
        """Return how many queries ``work`` makes with an empty cache of records."""
        self.env.flush_all()
        self.env.invalidate_all()
        # what the server remembers for long was dropped when the goods were made
        self.env["qms.hold"]._qms_may_warn()
        rules = self.env["qms.approval.rule"]
        for model in rules._get_guarded_models() | {"qms.hold"}:
            rules._browse_rules(model, "release")
        self.assertTrue(self.env.user._get_company_ids() and self.env.user.company_id)
        for name in ("available", "under_inspection"):
            self.env.ref(f"qms_quality.status_{name}")
        for model in (False, "stock.move", "mrp.production"):
            self.env["qms.qrs.document.line"]._qms_has_copies(model)
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _count_delivery(self, count, share):
        """Return the queries for reserving and for validating ``count`` lines."""
        product = self._make_goods(count, share)
        picking = self._picking("outgoing", count, product)
        reserve = self._count(picking.action_confirm)
        self.assertEqual(len(picking.move_line_ids), count)
        picking = picking.with_context(skip_sms=True, skip_expired=True)
        validate = self._count(picking.button_validate)
        self.assertEqual(picking.state, "done")
        return reserve + validate

    def _count_production(self, count, share):
        """Return the queries for confirming and closing with ``count`` components."""
        parts = [self._make_goods(5, share) for _number in range(count)]
        product = self._make_product("Cheese")
        bom = self._make_bom([(part, 1) for part in parts], product=product)
        order = self._make_order(bom, confirm=False)
        confirm = self._count(lambda: (order.action_confirm(), order.action_assign()))
        self.assertEqual(order.reservation_state, "assigned")
        close = self._count(lambda: self._close(order))
        self.assertEqual(order.state, "done")
        self.assertEqual(len(order.move_raw_ids.move_line_ids.lot_id), count)
        return confirm + close

    def _close(self, order):
        order.action_generate_serial()
        order.qty_producing = 1
        order.set_qty_producing()
        order.with_context(skip_expired=True).button_mark_done()

    def _check_queries(self, count_queries):
        """Compare the gate with plain Odoo, for few and many lines.

        :param count_queries: method that does the work and counts
        """
        for share in self.SHARES:
            count_queries(1, share)  # fills the caches that outlive a transaction
            more = []
            for count in (self.FEW, self.MANY):
                with self._without_gate():
                    plain = count_queries(count, share)
                more.append(count_queries(count, share) - plain)
            with self.subTest(share=share, more=more):
                self.assertLessEqual(more[0], self.ALLOWED)
                self.assertLessEqual(more[1], more[0])

    def test_delivery_of_many_lots(self):
        self._check_queries(self._count_delivery)

    def test_production_of_many_components(self):
        self._check_queries(self._count_production)

    def _count_moves(self, count, share):
        """Return the queries for reserving ``count`` moves of a product each."""
        products = [self._make_goods(1, share) for _number in range(count)]
        picking = self._picking("outgoing", 1, products[0])
        for product in products[1:]:
            picking.move_ids[0].copy({"product_id": product.id})
        reserve = self._count(picking.action_confirm)
        self.assertEqual(picking.state, "assigned")
        return reserve

    def test_moves_of_many_products(self):
        for share in (0, 50):
            self._count_moves(1, share)
            for count in (self.FEW, self.MANY):
                with self._without_gate():
                    plain = self._count_moves(count, share)
                more = self._count_moves(count, share) - plain
                with self.subTest(share=share, count=count):
                    self.assertLessEqual(more, self.ALLOWED // 2)

    def test_nothing_held_asks_for_no_hold(self):
        product = self._make_goods(2, share=0)
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
        product = self._make_goods(1, share=0)
        lot = self.env["stock.lot"].search([("product_id", "=", product.id)], limit=1)
        self.assertFalse(product._qms_is_held())
        hold = self._hold(lot=lot)
        self.assertTrue(product.qms_has_held_lots)
        self.assertFalse(product.qms_has_narrow_holds)
        self.assertTrue(product._qms_is_blocked(["delivery"]))
        self.on_hold.policy_delivery = "allow"
        self.assertFalse(product._qms_is_blocked(["delivery"]))
        hold._release("ok")
        self.assertFalse(product._qms_is_held())
        self._hold(lot=lot, location=self.shelf)
        self.assertTrue(product.qms_has_narrow_holds)
        self.assertFalse(product.qms_has_held_lots)

    def _count_holds(self, count):
        """Return the queries for placing, showing and releasing ``count`` holds."""
        product = self._make_goods(count, share=0)
        lots = self.env["stock.lot"].search([("product_id", "=", product.id)])
        lots = lots[:count]
        holds, values = [], self._prepare_holds(lots)
        place = self._count(lambda: holds.append(self._place(values)))
        show = self._count(lambda: lots.quant_ids.mapped("inspection_status_id.name"))
        release = self._count(lambda: holds[0]._release("ok"))
        return place, show, release

    def test_many_holds_at_once(self):
        self._count_holds(1)
        few, many = self._count_holds(self.FEW), self._count_holds(self.MANY)
        for before, after in zip(few, many, strict=True):
            self.assertLessEqual(after, before)

    def test_many_holds_on_reserved_lots(self):
        """Holding reserved lots costs what giving back and reserving again cost."""
        more = []
        for count in (1, self.FEW, self.MANY):
            product = self._make_goods(count, share=0)
            picking = self._picking("outgoing", count, product)
            picking.action_confirm()
            plain = self._count(picking.do_unreserve)
            plain += self._count(picking.action_assign)
            lots = picking.move_line_ids.lot_id
            values = self._prepare_holds(lots)
            placed = self._count(lambda values=values: self._place(values))
            self.assertFalse(picking.move_line_ids.lot_id & lots)
            more.append(placed - plain)
        self.assertLessEqual(more[2], more[1])

    def test_responsible_is_told_once(self):
        product = self._make_goods(self.FEW, share=0)
        picking = self._picking("outgoing", self.FEW, product, user_id=self.clerk.id)
        picking.action_confirm()
        holds = self._hold_all(picking.move_line_ids.lot_id)
        self.assertEqual(len(holds.activity_ids), 1)
        self.assertEqual(holds.activity_ids.user_id, self.clerk)
        for lot in holds.lot_id:
            self.assertIn(lot.name, holds.activity_ids.note)

    def test_gate_domain_of_several_products(self):
        products = self._make_goods(1, share=50) | self._make_goods(2, share=0)
        Quant = self.env["stock.quant"]
        gate = Quant._qms_gate_domain("delivery", product=products, location=self.stock)
        quants = Quant.search([("product_id", "in", products.ids)])
        allowed = Quant.search([("product_id", "in", products.ids), *gate])
        held = self.env["qms.hold"].search([("product_id", "in", products.ids)]).lot_id
        self.assertEqual(len(quants), 6)
        self.assertEqual(quants - allowed, held.quant_ids)
        self.assertEqual(quants.filtered_domain(gate), allowed)
