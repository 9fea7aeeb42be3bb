from datetime import timedelta

from odoo.tests import tagged

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestMinimumMatrix(MinimumCase):
    """Lots and customers: the sales minimum, and what dates forbid, count there too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.milk.qms_sales_min_shelf_life = "10D"
        cls.company.qms_sales_minimum = "blocked"
        cls.matrix = cls.env["qms.qrs"].with_user(cls.seller)
        cls.customers = cls.fresh | cls.hotel

    def _outcomes(self, *lots, **vals):
        lots = self.env["stock.lot"].union(*lots)
        rows = self.matrix._qms_matrix(lots, self.customers, **vals)
        return {lot.name: [cell.outcome for cell in row] for lot, row in rows.items()}

    def _find(self, action):
        found = self.env["qms.qrs.finding"].search(action["domain"])
        return found.filtered(lambda one: one.product_id == self.milk)

    # -- The sales minimum -------------------------------------------------------------

    def test_sales_minimum(self):
        """It counts for whoever has no minimum of his own, with a card or without."""
        self._card_of(self.fresh, self._left("3D"))
        lots = self._make_lots()
        self.assertEqual(
            self._outcomes(*lots),
            {
                "SHORT": ["met", "blocked"],
                "MID": ["met", "free"],
                "LONG": ["met", "free"],
            },
        )
        self._card_of(self.hotel, {"kind": "fefo"}, code="HOTEL")
        self.assertEqual(self._outcomes(*lots)["SHORT"], ["met", "blocked"])
        self.company.qms_sales_minimum = "recorded"
        self.assertEqual(
            self._outcomes(*lots),
            {
                "SHORT": ["met", "recorded"],
                "MID": ["met", "met"],
                "LONG": ["met", "met"],
            },
        )
        self.company.qms_sales_minimum = False
        self.assertEqual(self._outcomes(*lots)["SHORT"], ["met", "met"])

    def test_on_the_day_of_delivery(self):
        _short, mid, _long = self._make_lots()
        for days, outcome in ((2, "free"), (3, "blocked")):
            day = self.today + timedelta(days=days)
            self.assertEqual(self._outcomes(mid, date=day)["MID"], [outcome] * 2)

    def test_promise_and_takers_say_why(self):
        self._card_of(self.fresh, self._left("3D"))
        short, _mid, _long = self._make_lots()
        found = self._find(self.hotel.with_user(self.seller).action_qms_promise())
        by_lot = {one.lot_id.name: one for one in found}
        self.assertEqual(
            {name: one.outcome for name, one in by_lot.items()},
            {"SHORT": "blocked", "MID": "free", "LONG": "free"},
        )
        why = by_lot["SHORT"].why
        self.assertRegex(
            why,
            r"^Sales minimum of the product: At least 10 days left when delivered"
            r" \(found: expires on .*, 5 days left\)$",
        )
        self._sell_milk(1, self.hotel)
        found = self._find(short.with_user(self.seller).action_qms_takers())
        self.assertEqual(
            {one.partner_id: one.outcome for one in found},
            {self.fresh: "met", self.hotel: "blocked"},
        )

    def test_the_cell_shows_it(self):
        self._card_of(self.customers, {"kind": "fefo"})
        short, mid, _long = self._make_lots()
        cell = self.matrix.get_matrix_cell(short.id, self.hotel.id)
        self.assertEqual(cell["outcome"], "blocked")
        row = cell["criteria"][-1]
        self.assertEqual((row["state"], row["departure_text"]), ("departs", "Blocked"))
        self.assertIn("At least 10 days left", row["expected"])
        cell = self.matrix.get_matrix_cell(mid.id, self.hotel.id)
        self.assertEqual(cell["criteria"][-1]["state"], "met")

    def test_trying_a_card(self):
        """What is too short serves no order that the card leaves to the product."""
        self._make_lots()
        order = self._quote(25, product=self.milk)
        for criterion, meets in (({"kind": "fefo"}, 20), (self._left("3D"), 30)):
            card = self._card_of(self.fresh, criterion, code=criterion["kind"])
            action = card.with_user(self.administrator).action_try()
            found = self.env["qms.qrs.finding"].search(
                [("try_id", "=", action["res_id"]), ("res_id", "=", order.id)]
            )
            self.assertEqual((found.meets, found.is_failing), (meets, meets < 25))
            if found.is_failing:
                self.assertIn(
                    "10 Units in stock don't meet: Sales minimum of the product",
                    found.why,
                )
            card.action_deactivate()

    def test_a_quotation_promises_no_short_goods(self):
        self._make_lots()
        order = self._quote(25, product=self.milk)
        self.assertEqual(order.order_line.free_qty_today, 20)
        self._card_of(self.fresh, self._left("3D"))
        self.assertEqual(
            self._quote(25, product=self.milk).order_line.free_qty_today, 30
        )
        self.company.qms_sales_minimum = "recorded"
        order = self._quote(25, product=self.milk, partner=self.hotel)
        self.assertEqual(order.order_line.free_qty_today, 30)

    # -- Dates -------------------------------------------------------------------------

    def test_nobody_is_promised_what_has_expired(self):
        old = self._make_dated_lot("OLD", -1, quantity=10)
        self.company.qms_sales_minimum = False
        self.assertEqual(self._outcomes(old), {"OLD": ["held", "held"]})
        found = self._find(self.fresh.with_user(self.seller).action_qms_promise())
        self.assertEqual(found.outcome, "held")
        self.assertRegex(found.why, r"^Allowed by its date \(found: Expired on .*\)$")
        cell = self.matrix.get_matrix_cell(old.id, self.fresh.id)
        self.assertEqual(cell["outcome"], "held")
        self.assertIn("Expired on", cell["held"])
        self.company.qms_block_expired = False
        self.assertEqual(self._outcomes(old), {"OLD": ["free", "free"]})

    def test_near_its_date_it_goes_to_whom_it_was_released_for(self):
        self.company.qms_sales_minimum = False
        self.company.qms_expiry_days = 7
        short, mid, _long = self._make_lots()
        self.assertEqual(
            self._outcomes(short, mid),
            {"SHORT": ["held", "held"], "MID": ["free", "free"]},
        )
        day = self.today + timedelta(days=5)
        self.assertEqual(self._outcomes(mid, date=day), {"MID": ["held", "held"]})
        self.env["qms.expiry.release"].with_user(self.keeper)._grant(
            [
                {
                    "lot_id": short.id,
                    "kind": "special_sale",
                    "reason": "Eat it soon",
                    "partner_id": self.hotel.id,
                }
            ]
        )
        self.assertEqual(self._outcomes(short), {"SHORT": ["held", "free"]})

    def test_where_it_lies(self):
        """A lot can go while any of its warehouses may deliver it."""
        self.company.qms_sales_minimum = False
        depot = self.env["stock.warehouse"].create({"name": "Depot", "code": "DEPOT"})
        self.env["qms.expiry.rule"].create(
            {"warehouse_id": depot.id, "level_delivery": "allow"}
        )
        old = self._make_dated_lot("OLD", -1, quantity=10)
        self.assertEqual(self._outcomes(old)["OLD"], ["held"] * 2)
        self._stock_up(5, old, depot.lot_stock_id)
        self.assertEqual(self._outcomes(old)["OLD"], ["free"] * 2)
        for place, outcome in ((self.stock, "held"), (depot.lot_stock_id, "free")):
            found = self._outcomes(old, location=place)
            self.assertEqual(found["OLD"], [outcome] * 2)

    def test_the_number_of_queries_does_not_grow(self):
        self._card_of(self.fresh, {"kind": "fefo"})
        few = self._count(self._make_dated_lot("ONE", 5, quantity=1), self.fresh)
        lots = [self._make_dated_lot(f"L{n}", n, quantity=1) for n in range(-2, 40)]
        many = self.env["stock.lot"].union(*lots)
        self.assertLessEqual(self._count(many, self.customers), few + 1)

    def _count(self, lots, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.matrix._qms_matrix(lots, partners)
        return self.env.cr.sql_log_count - before
