from unittest.mock import patch

from freezegun import freeze_time

from odoo.fields import Command
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common_document import RequiredCase


# Core writes the date of what it posts only if a second has passed: time stands still.
@freeze_time("2025-03-03 10:00:00")
@tagged("post_install", "-at_install")
class TestRequirementQueries(RequiredCase):
    """What documents with requirements ask more doesn't grow with their lines.

    Each is made, confirmed, reserved and posted without any card, with a card for other
    goods, and with one for all goods; with few and with many lines.
    """

    FEW, MANY = 1, 5
    # core makes the lines of typed quantities one by one, and goods are judged as they
    # are entered: by the attributes of their lot, and the tests that still run
    JUDGED = 2 * (MANY - FEW)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # as freshly installed: the demo's attributes ask for more
        others = cls.env["qms.attribute"].search([("id", "!=", cls.origin.id)])
        others.active = False
        cls.warehouse.delivery_steps = "ship_only"

    def _ask(self, work):
        """Return the statements that ``work`` makes with an empty cache of records."""
        self.env.flush_all()
        self.env.invalidate_all()
        copies = self.env["qms.qrs.document.line"]
        for model in (False, "stock.move", "mrp.production", "sale.order.line"):
            copies._qms_has_copies(model)
        asked = []
        execute = Cursor.execute

        def collect(cursor, query, params=None, log_exceptions=True):
            asked.append(str(getattr(query, "code", query)))
            return execute(cursor, query, params, log_exceptions)

        with patch.object(Cursor, "execute", collect):
            work()
            self.env.flush_all()
        return asked

    def _make_parts(self, count):
        parts = self.env["product.product"]
        for number in range(count):
            part = self._make_product(f"Part {number} of {count}")
            self._stock_up(2, self._make_lot(f"{count}-{number}", part))
            parts |= part
        return parts

    def _make_bom_of(self, parts, operations=0):
        cheese = self._make_product(f"Cheese of {len(parts)}", tracking="none")
        return self._make_bom([(part, 1) for part in parts], operations, cheese)

    # -- The documents -----------------------------------------------------------------

    def _ask_production(self, count):
        """Return what is asked in each step of a manufacturing order."""
        parts = self._make_parts(count)
        order = self.env["mrp.production"]
        bom = self._make_bom_of(parts)

        def make():
            nonlocal order
            order = self._make_order(bom, confirm=False)

        def produce():
            order.qty_producing = 1
            order.set_qty_producing()

        asked = [
            self._ask(work)
            for work in (
                make,
                lambda: order.action_confirm(),
                lambda: order.action_assign(),
                lambda: order.do_unreserve(),
                produce,
                lambda: order.with_context(skip_expired=True).button_mark_done(),
            )
        ]
        self.assertEqual(order.state, "done")
        self.assertEqual(len(order.move_raw_ids.move_line_ids.lot_id), count)
        return asked

    def _ask_work(self, count):
        """Return what is asked in finishing work that takes all components."""
        bom = self._make_bom_of(self._make_parts(count), operations=1)
        bom.bom_line_ids.operation_id = bom.operation_ids
        order = self._make_order(bom, reserve=False)
        work = order.workorder_ids
        asked = self._ask(work.button_start), self._ask(work.button_finish)
        self.assertEqual(work.state, "done")
        self.assertEqual(len(order.move_raw_ids.move_line_ids.lot_id), count)
        return asked

    def _ask_delivery(self, count):
        """Return what is asked in each step of a delivery, quantities typed by hand."""
        parts = self._make_parts(count)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer_company.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create({"product_id": part.id, "product_uom_qty": 2})
                    for part in parts
                ],
            }
        )
        confirm = self._ask(order.action_confirm)
        moves = order.picking_ids.move_ids
        self.assertEqual(moves.mapped("quantity"), [2] * count)
        free, reserve = self._ask(moves._do_unreserve), self._ask(moves._action_assign)
        moves._do_unreserve()

        def type_in():
            moves.quantity = 1

        typed = self._ask(type_in)
        self.assertEqual(moves.mapped("quantity"), [1] * count)
        picking = order.picking_ids.with_context(skip_backorder=True, skip_sms=True)
        picking.move_ids.picked = True
        post = self._ask(picking.button_validate)
        self.assertEqual(picking.state, "done")
        return confirm, free, reserve, typed, post

    # -- What they ask -----------------------------------------------------------------

    def _check(self, ask, kind, partner=None):
        """Compare few lines with many, without cards and with them."""
        self._forget_requirements()
        ask(1)  # fills the caches that outlive a transaction
        plain = self._compare(ask)
        card = self._make_card(kind, partner)
        ask(1)
        each = self._compare(ask)
        card.with_user(self.keeper).action_deactivate()
        others = self._compare(ask)
        for grown in (each, others):
            with self.subTest(plain=plain, grown=grown):
                for (total, copies), (own, _none) in zip(grown, plain, strict=True):
                    # the same for one line and for many
                    self.assertEqual(copies, 0)
                    self.assertLessEqual(total - own, self.JUDGED)

    def _compare(self, ask):
        """Return for each step how much more many lines ask than few.

        :return: list of two numbers: of queries, and of those about requirements
        """
        steps = zip(ask(self.FEW), ask(self.MANY), strict=True)
        return [
            (len(many) - len(few), self._count_copies(many) - self._count_copies(few))
            for few, many in steps
        ]

    def _count_copies(self, asked):
        return sum('FROM "qms_qrs_document_line"' in one for one in asked)

    def test_components(self):
        self._check(self._ask_production, "production")

    def test_components_of_work_orders(self):
        self._check(self._ask_work, "production")

    def test_delivered_lines(self):
        self._check(self._ask_delivery, "sales", self.customer_company)
