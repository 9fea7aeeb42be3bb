from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestAvailability(QmsMrpCase):
    """Held goods are not promised; those expected to be released are not re-bought."""

    def setUp(self):
        super().setUp()
        self.one = self._make_lot("ONE")
        self.two = self._make_lot("TWO")
        self._stock_up(40, self.one)
        self._stock_up(12, self.two)

    def _numbers(self, product=None, **context):
        product = (product or self.product).with_context(
            warehouse_id=self.warehouse.id, **context
        )
        self.env.invalidate_all()
        return product.qty_available, product.free_qty, product.virtual_available

    def test_nothing_held(self):
        self.assertEqual(self._numbers(), (52, 52, 52))

    def test_on_hold(self):
        self._hold(lot=self.one)
        self.assertEqual(self._numbers(), (52, 12, 12))

    def test_expected_to_be_released(self):
        self._hold(self.under_inspection, lot=self.one)
        self.assertEqual(self._numbers(), (52, 12, 52))

    def test_two_holds_of_which_one_ends(self):
        self._hold(self.under_inspection, lot=self.one)
        self._hold(lot=self.one)
        self.assertEqual(self._numbers(), (52, 12, 12))

    def test_narrow(self):
        self._stock_up(5, self.two, self.shelf)
        self._hold(lot=self.two, location=self.shelf)
        self.assertEqual(self._numbers(), (57, 52, 52))

    def test_untracked(self):
        self._stock_up(7, product=self.untracked)
        self._stock_up(3, product=self.untracked, location=self.shelf)
        self._hold(product=self.untracked, location=self.shelf)
        self.assertEqual(self._numbers(self.untracked), (10, 7, 7))

    def test_reserved_goods_are_taken_off_once(self):
        delivery = self._picking("outgoing", 12)
        self._hold(lot=self.one)
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.move_line_ids.lot_id, self.two)
        self.assertEqual(self._numbers(), (52, 0, 0))

    def test_for_consumption(self):
        conditional = self.env.ref("qms_quality.status_conditional")
        self._hold(conditional, lot=self.one)
        self.assertEqual(self._numbers(), (52, 12, 12))
        self.assertEqual(self._numbers(qms_gate_type="consumption"), (52, 52, 52))

    def test_forged_type(self):
        self._hold(lot=self.one)
        self.assertEqual(self._numbers(qms_gate_type="x' OR 1=1"), (52, 12, 12))

    def test_kit(self):
        kit = self._make_product("Kit", tracking="none")
        self._make_bom([(self.product, 2)], product=kit).type = "phantom"
        self.assertEqual(self._numbers(kit)[1], 26)
        self._hold(lot=self.one)
        self.assertEqual(self._numbers(kit)[1], 6)
        both = (kit | self.product).with_context(warehouse_id=self.warehouse.id)
        self.env.invalidate_all()
        self.assertEqual(both.mapped("free_qty"), [6, 12])

    def test_components(self):
        conditional = self.env.ref("qms_quality.status_conditional")
        bom = self._make_bom([(self.product, 50)])
        hold = self._hold(conditional, lot=self.one)
        order = self._make_order(bom, reserve=False)
        order.do_unreserve()
        order.invalidate_recordset()
        self.assertEqual(order.components_availability_state, "available")
        hold._release("ok")
        self._hold(self.under_inspection, lot=self.one)
        order.do_unreserve()
        order.invalidate_recordset()
        order.move_raw_ids.invalidate_recordset()
        self.assertEqual(order.components_availability_state, "unavailable")

    def _graph(self):
        """Return what the forecast's graph says of yesterday and of tomorrow."""
        self.env.flush_all()
        domain = [
            ("product_id", "=", self.product.id),
            ("warehouse_id", "=", self.warehouse.id),
            ("state", "=", "forecast"),
        ]
        today = fields.Date.today()
        days = (today - timedelta(days=1), today + timedelta(days=1))
        graph = self.env["report.stock.quantity"].with_user(self.clerk)
        return [
            graph._read_group([*domain, ("date", "=", day)], [], ["product_qty:sum"])[
                0
            ][0]
            for day in days
        ]

    def test_graph_of_the_forecast(self):
        self.assertEqual(self._graph(), [52, 52])
        self._hold(self.under_inspection, lot=self.one)
        self.assertEqual(self._graph(), [52, 52])
        hold = self._hold(lot=self.one)
        self.assertEqual(self._graph(), [52, 12])
        hold._release("ok")
        self._stock_up(5, self.two, self.shelf)
        self._hold(lot=self.two, location=self.shelf)
        self.assertEqual(self._graph(), [57, 52])

    def test_forecast_of_a_delivery(self):
        self._hold(self.under_inspection, lot=self.one)
        delivery = self._picking("outgoing", 50)
        delivery.action_confirm()
        delivery.move_ids._do_unreserve()
        delivery.move_ids.invalidate_recordset()
        self.assertLess(delivery.move_ids.forecast_availability, 50)

    def test_forecast_report(self):
        report = self.env["stock.forecasted_product_product"].with_context(
            warehouse_id=self.warehouse.id
        )

        def free(product):
            docs = report._get_report_data(product_ids=product.ids)
            return sum(
                line["quantity"] for line in docs["lines"] if not line["document_out"]
            )

        self.assertEqual(free(self.product), 52)
        hold = self._hold(self.under_inspection, lot=self.one)
        self.assertEqual(free(self.product), 52)
        hold._release("ok")
        self._hold(lot=self.one)
        self.assertEqual(free(self.product), 12)

    def test_queries(self):
        """A few more where something is held, however many products."""
        products = self.product | self.untracked

        def count():
            products.invalidate_recordset()
            self.env.flush_all()
            before = self.cr.sql_log_count
            products.mapped("free_qty")
            return self.cr.sql_log_count - before

        count()
        nothing = count()
        self._hold(lot=self.one)
        count()
        # the gate looks for holds, the sums, and the kits made of held goods
        self.assertLessEqual(count(), nothing + 4)
