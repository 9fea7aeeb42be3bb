from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestForecastGraph(QmsCase):
    """The graph of the forecast promises what the product promises."""

    def setUp(self):
        super().setUp()
        self.one = self._make_lot("ONE")
        self.two = self._make_lot("TWO")
        self._stock_up(40, self.one)
        self._stock_up(12, self.two)

    def _graph(self, product=None, days=0):
        """Return the forecast of one day, as a warehouse clerk sees it."""
        product = product or self.product
        report = self.env["report.stock.quantity"].with_user(self.clerk)
        ((quantity,),) = report._read_group(
            [
                ("product_id", "=", product.id),
                ("warehouse_id", "=", self.warehouse.id),
                ("state", "=", "forecast"),
                ("date", "=", fields.Date.today() + timedelta(days=days)),
            ],
            aggregates=["product_qty:sum"],
        )
        return quantity

    def _assert_graph(self, expected, product=None):
        product = (product or self.product).with_context(warehouse_id=self.warehouse.id)
        product.invalidate_recordset()
        self.assertEqual(self._graph(product), expected)
        self.assertEqual(self._graph(product, days=7), expected)
        self.assertEqual(product.virtual_available, expected)

    def test_lot(self):
        self._assert_graph(52)
        hold = self._hold(lot=self.one)
        self._assert_graph(12)
        self._hold(lot=self.one)
        self._assert_graph(12)
        hold._release("ok")
        self._assert_graph(12)

    def test_released(self):
        self._hold(lot=self.one)._release("ok")
        self._assert_graph(52)

    def test_expected_to_be_released(self):
        self._hold(self.under_inspection, lot=self.one)
        self._assert_graph(52)

    def test_status_changes_its_mind(self):
        self._hold(lot=self.one)
        self.on_hold.expected_release = True
        self._assert_graph(52)

    def test_lot_in_a_place_and_the_places_inside(self):
        self._stock_up(5, self.two, self.shelf)
        self._hold(lot=self.two, location=self.shelf)
        self._assert_graph(52)
        self._hold(lot=self.one, location=self.stock)
        self._assert_graph(12)

    def test_product_in_a_place_covers_its_lots(self):
        self._stock_up(5, self.two, self.shelf)
        self._hold(product=self.product, location=self.shelf)
        self._assert_graph(52)

    def test_untracked(self):
        self._stock_up(7, product=self.untracked)
        self._stock_up(3, product=self.untracked, location=self.shelf)
        self._hold(product=self.untracked, location=self.shelf)
        self._assert_graph(7, self.untracked)

    def test_package(self):
        package = self.env["stock.package"].create({"name": "BOX"})
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, 6, lot_id=self.one, package_id=package
        )
        self._hold(lot=self.one, package=package)
        self._assert_graph(52)

    def test_reserved_goods_leave_once(self):
        """What a return to the vendor has reserved of rejected goods leaves with it."""
        self._hold(self.rejected, lot=self.one)
        back = self._picking("outgoing", 52, dest=self.supplier)
        back.action_confirm()
        self.assertEqual(back.move_ids.quantity, 52)
        self._assert_graph(0)

    def test_the_past_stays_as_it_was(self):
        past = self._graph(days=-7)
        self._hold(lot=self.one)
        self.assertEqual(self._graph(days=-7), past)

    def test_lost_goods_are_looked_up_once(self):
        """Not for each quant on each day: the answer is hashed."""
        self._hold(lot=self.one)
        query = self.env["report.stock.quantity"]._search([])
        column = SQL.identifier(query.table, "product_qty")
        rows = self.env.execute_query(SQL("EXPLAIN VERBOSE %s", query.select(column)))
        plan = "\n".join(row for (row,) in rows)
        self.assertIn("hashed SubPlan", plan)
        self.assertNotRegex(plan, r"(?<!hashed )SubPlan \d+\)")
