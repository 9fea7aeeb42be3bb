from datetime import date, timedelta

from odoo.tests import Form, tagged

from odoo.addons.qms_shelf_life.models.dates.date_formula import DateFormula

from .common_dates import DatesCase


@tagged("post_install", "-at_install")
class TestSellBy(DatesCase):
    """The day of expiry less the product's sales minimum shelf life."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.qms_sales_min_shelf_life = "10D"
        cls.template.qms_sell_by_cursor = 0
        cls.lot = cls._make_dated_lot("B-1", 30, quantity=5)
        cls.env.flush_all()

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref("qms_shelf_life.ir_cron_sell_by").method_direct_trigger()
        self.env.invalidate_all()

    def test_product_or_category(self):
        self.assertEqual(self.lot.qms_sell_by_date, self._in(20))
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Milk", "qms_sales_min_shelf_life": "12D"}
        )
        self.template.qms_sales_min_shelf_life = False
        lot = self._make_dated_lot("B-2", 30)
        self.assertEqual(lot.qms_sell_by_date, self._in(18))

    def test_none_without_a_rule_or_dates(self):
        self.template.qms_sales_min_shelf_life = False
        self.assertFalse(self._make_dated_lot("B-2", 30).qms_sell_by_date)
        self.product.product_tmpl_id.qms_sales_min_shelf_life = "10D"
        self.assertFalse(self._make_lot("U-1").qms_sell_by_date)

    def test_month_is_no_inverse_of_the_check(self):
        """What leaves on 31 January meets one month, sell-by 28 January or not."""
        month = DateFormula("1M")
        self.template.qms_sales_min_shelf_life = "1M"
        lot = self._make_dated_lot("B-2", (date(2027, 2, 28) - self.today).days)
        self.assertEqual(lot.qms_sell_by_date, date(2027, 1, 28))
        expiry = lot._qms_get_expiry_day(self.warehouse)
        for day in (28, 29, 30, 31):
            self.assertGreaterEqual(expiry, month.after(date(2027, 1, day)))
        self.assertLess(expiry, month.after(date(2027, 2, 1)))

    def test_by_the_calendar_of_where_the_goods_are(self):
        self.warehouse.partner_id.tz = "Pacific/Kiritimati"
        self.lot.expiration_date = "2030-05-10 20:00:00"
        self.assertEqual(self.lot.qms_sell_by_date, date(2030, 5, 1))
        self.company.resource_calendar_id.tz = "Etc/GMT"
        self.env["stock.quant"]._update_available_quantity(
            self.milk, self.stock, -5, lot_id=self.lot
        )
        self.env["stock.quant"]._unlink_zero_quants()
        self.lot.invalidate_recordset()
        self.lot.expiration_date = "2030-06-10 20:00:00"
        self.assertEqual(self.lot.qms_sell_by_date, date(2030, 5, 31))

    # -- When dates change -------------------------------------------------------------

    def test_recomputed(self):
        lot = self.lot.with_user(self.clerk)
        lot.expiration_date += timedelta(days=5)
        self.assertEqual(lot.qms_sell_by_date, self._in(25))

    def test_kept(self):
        self.company.qms_sell_by_policy = "keep"
        lot = self.lot.with_user(self.clerk)
        lot.expiration_date += timedelta(days=5)
        self.assertEqual(lot.qms_sell_by_date, self._in(20))
        with Form(lot) as form:
            form.expiration_date = lot.expiration_date + timedelta(days=5)
        self.assertEqual(lot.qms_sell_by_date, self._in(20))
        self.assertEqual(self._make_dated_lot("B-2", 50).qms_sell_by_date, self._in(40))

    # -- When the period changes -------------------------------------------------------

    def test_period_of_product_recomputes_stock(self):
        gone = self._make_dated_lot("B-2", 30)
        self.env.flush_all()
        self.template.qms_sales_min_shelf_life = "7D"
        self._run_cron()
        self.assertEqual(self.lot.qms_sell_by_date, self._in(23))
        self.assertEqual(gone.qms_sell_by_date, self._in(20))
        self.assertFalse(self.template.qms_sell_by_cursor)

    def test_period_of_category_recomputes_stock(self):
        above = self.env["product.category"].create({"name": "Dairy"})
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Milk", "parent_id": above.id}
        )
        above.qms_sales_min_shelf_life = "7D"
        self.assertFalse(self.template.qms_sell_by_cursor)  # it has its own
        self.template.qms_sales_min_shelf_life = False
        self._run_cron()
        self.assertEqual(self.lot.qms_sell_by_date, self._in(23))
        above.qms_sales_min_shelf_life = "8D"
        self._run_cron()
        self.assertEqual(self.lot.qms_sell_by_date, self._in(22))

    def test_period_is_kept_until_somebody_asks(self):
        self.company.qms_sell_by_policy = "keep"
        self.template.qms_sales_min_shelf_life = "7D"
        self._run_cron()
        self.assertEqual(self.lot.qms_sell_by_date, self._in(20))
        keeper = self._make_user("qms_products", "product.group_product_manager")
        action = self.template.with_user(keeper).action_qms_recompute_sell_by()
        wizard = self.env[action["res_model"]].with_user(keeper)
        with Form(wizard.with_context(**action["context"])) as form:
            self.assertEqual(form.lot_count, 1)
        message = form.record.action_recompute()
        self.assertEqual(
            message["params"]["message"],
            "The sell-by dates of 1 lots are recomputed in the background.",
        )
        self._run_cron()
        self.assertEqual(self.lot.qms_sell_by_date, self._in(23))

    def test_batches_go_on_where_they_stopped(self):
        lots = self.lot + self._make_dated_lot("B-2", 30, quantity=1)
        lots += self._make_dated_lot("B-3", 30, quantity=1)
        self.env.flush_all()
        self.patch(
            self.registry["product.template"], "_qms_get_batch_size", lambda self: 2
        )
        self.template.qms_sales_min_shelf_life = "7D"
        self.assertEqual(self.template._qms_recompute_batch(), 2)
        self.assertEqual(self.template.qms_sell_by_cursor, lots[1].id + 1)
        self.assertEqual(lots[2].qms_sell_by_date, self._in(20))
        self.assertEqual(self.template._qms_recompute_batch(), 1)
        self.assertFalse(self.template.qms_sell_by_cursor)
        self.assertEqual(set(lots.mapped("qms_sell_by_date")), {self._in(23)})

    def test_500_lots_in_few_queries(self):
        lots = self.env["stock.lot"].create(
            [{"name": f"M-{n}", "product_id": self.milk.id} for n in range(500)]
        )
        self.env.flush_all()
        self.template.qms_sales_min_shelf_life = "7D"
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(12):
            self.assertEqual(lots._qms_recompute_sell_by(), 500)
            self.env.flush_all()

    def test_stock_is_grouped_and_filtered(self):
        quants = self.env["stock.quant"].with_user(self.clerk)
        domain = [("qms_sell_by_date", "=", self._in(20))]
        self.assertEqual(quants.search(domain).lot_id, self.lot)
        groups = quants._read_group(
            [("product_id", "=", self.milk.id)],
            ["qms_sell_by_date:day"],
            ["quantity:sum"],
        )
        self.assertEqual(len(groups), 1)
