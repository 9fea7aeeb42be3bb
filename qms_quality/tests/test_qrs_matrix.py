from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from .common_requirement import RequirementCase


class TestQrsMatrix(RequirementCase):
    """Which lot meets which customer, and the two views from either side."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.market = cls._make_company("Market", customer_rank=1)
        cls.cafe = cls._make_company("Café", customer_rank=1)
        cls.nz_lot, cls.cl_lot, cls.unknown = (
            cls._make_lot(name) for name in ("NZ-1", "CL-1", "XX-1")
        )
        cls.lots = cls.nz_lot | cls.cl_lot | cls.unknown
        for lot in cls.lots:
            cls._stock_up(10, lot=lot)
        cls._record(cls.nz_lot, {cls.origin: cls.new_zealand, cls.fat: 4})
        cls._record(cls.cl_lot, {cls.origin: cls.chile, cls.fat: 3})
        cls._card("FRESH")
        fat = {"attribute_id": cls.fat.id, "operator": ">=", "value_number": 3.5}
        cls._card(
            "MARKET",
            cls._line(
                None,
                cls._criterion(**fat, departure="approval"),
                cls._criterion(kind="label", label="Seal"),
            ),
            partners=cls.market,
        )
        cls.customers = cls.fresh | cls.market | cls.cafe

    def _outcomes(self, rows):
        return {
            lot.name: tuple(cell.outcome for cell in row) for lot, row in rows.items()
        }

    def test_cells(self):
        """The worst of what fails decides; what is done at the transfer isn't asked."""
        rows = self.env["qms.qrs"]._qms_matrix(self.lots, self.customers)
        self.assertEqual(
            self._outcomes(rows),
            {
                "NZ-1": ("blocked", "met", "free"),
                "CL-1": ("met", "approval", "free"),
                "XX-1": ("blocked", "approval", "free"),
            },
        )
        cell = rows[self.unknown][0]
        self.assertEqual([found for _id, found in cell.failing], ["not recorded"])

    def test_contacts_dates_and_places(self):
        matrix = self.env["qms.qrs"]._qms_matrix
        self._card("SOON", self._line(self.product), date_from="2090-01-01")
        later = matrix(
            self.nz_lot,
            self.buyer,
            date=self.env["qms.qrs"]._fields["date_from"].to_date("2090-01-01"),
        )
        self.assertEqual(self._outcomes(later), {"NZ-1": ("blocked",)})
        self.assertEqual(
            self._outcomes(matrix(self.nz_lot, self.env["res.partner"])), {"NZ-1": ()}
        )

    def test_held_lots_go_to_nobody(self):
        """But to those for whom the hold makes an exception."""
        hold = self._hold(self.on_hold, lot=self.cl_lot)
        rows = self.env["qms.qrs"]._qms_matrix(self.lots, self.customers)
        self.assertEqual(self._outcomes(rows)["CL-1"], ("held", "held", "held"))
        self.assertEqual(self._outcomes(rows)["NZ-1"], ("blocked", "met", "free"))
        hold._release("Fine")
        self.env.flush_all()
        self._hold(
            self.env.ref("qms_quality.status_under_inspection"),
            lot=self.cl_lot,
            location=self.shelf,
        )
        rows = self.env["qms.qrs"]._qms_matrix(self.cl_lot, self.fresh)
        self.assertEqual(self._outcomes(rows), {"CL-1": ("met",)}, "only on the shelf")

    def test_constant_queries(self):
        """A hundred lots and thirty customers cost the queries of two and one."""
        lots = self.env["stock.lot"].create(
            [{"name": f"M-{n}", "product_id": self.product.id} for n in range(100)]
        )
        for lot in lots[:50]:
            self._record(lot, {self.origin: self.chile, self.fat: 4})
        for lot in lots[:20]:
            self._hold(self.on_hold, lot=lot)
        customers = self.customers
        for number in range(30):
            customer = self._make_company(f"K{number}", customer_rank=1)
            self._card(f"K{number}", partners=customer)
            customers |= customer

        def count(some_lots, some_customers):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["qms.qrs"]._qms_matrix(some_lots, some_customers)
            return self.cr.sql_log_count - before

        few_lots, few_customers = self.nz_lot | lots[0], self.fresh | self.market
        count(few_lots, few_customers)
        few = count(few_lots, few_customers)
        self.assertEqual(count(lots | self.lots, customers), few)
        self.assertLess(few, 40)

    # -- The screen --------------------------------------------------------------------

    def _get(self, user=None, **filters):
        filters = {"location_id": self.stock.id, **filters}
        return self.env["qms.qrs"].with_user(user or self.seller).get_matrix(filters)

    def test_screen_as_a_seller(self):
        data = self._get()
        self.assertEqual(
            [one["name"] for one in data["lots"]], ["CL-1", "NZ-1", "XX-1"]
        )
        self.assertEqual(
            [one["name"] for one in data["customers"]], ["Fresh Foods", "Market"]
        )
        self.assertEqual(
            data["rows"],
            [["met", "approval"], ["blocked", "met"], ["blocked", "approval"]],
        )
        self.assertEqual(data["lots"][0]["free"], 10)
        self.assertEqual((data["lot_total"], data["customer_total"]), (3, 2))

    def test_screen_filters(self):
        tag = self.env["res.partner.category"].create({"name": "Retail"})
        self.market.category_id = tag
        cream = self._make_product("Cream")
        self._stock_up(5, lot=self._make_lot("CREAM-1", cream), location=self.shelf)

        def names(part, **filters):
            return [one["name"] for one in self._get(**filters)[part]]

        self.assertEqual(names("customers", customer_tag_id=tag.id), ["Market"])
        self.assertEqual(names("customers", customer="fresh"), ["Fresh Foods"])
        self.assertIn("Café", names("customers", all=True))
        self.assertEqual(names("lots", product_id=cream.id), ["CREAM-1"])
        self.assertEqual(names("lots", location_id=self.shelf.id), ["CREAM-1"])
        self.assertEqual(names("lots", lot="nz"), ["NZ-1"])
        other = self.env["product.category"].create({"name": "Other"})
        self.assertEqual(names("lots", categ_id=other.id), [])

    def test_screen_leaves_out_what_nobody_asks_about(self):
        self.env["qms.qrs"].search([("state", "=", "active")]).action_deactivate()
        self._card("MILK", self._line(self.product))
        cream = self._make_product("Cream")
        self._stock_up(5, lot=self._make_lot("CREAM-1", cream), location=self.shelf)
        self.assertFalse(self._get(product_id=cream.id)["lots"])
        (shown,) = self._get(product_id=cream.id, all=True)["lots"]
        self.assertEqual(shown["name"], "CREAM-1")

    def test_screen_pages(self):
        first = self._get()["lots"][0]["name"]
        self.assertEqual(self._get(lot_offset=1)["lots"][0]["name"], "NZ-1")
        self.assertEqual(self._get(customer_offset=1)["customers"][0]["name"], "Market")
        self.assertEqual(first, "CL-1")

    def test_screen_cell(self):
        cards = self.env["qms.qrs"].with_user(self.seller)
        cell = cards.get_matrix_cell(self.unknown.id, self.market.id)
        self.assertEqual(cell["outcome"], "approval")
        self.assertEqual(cell["card"][1], "MARKET · Card MARKET")
        (criterion,) = cell["criteria"]
        self.assertEqual(
            (criterion["expected"], criterion["found"], criterion["departure_text"]),
            ("Fat content is at least 3.5 %", "not recorded", "Needs approval"),
        )
        self.assertEqual(cell["at_transfer"], ["Label: Seal"])
        self.assertFalse(cell["held"])
        hold = self._hold(self.on_hold, lot=self.unknown, reason="Smell")
        cell = cards.get_matrix_cell(self.unknown.id, self.cafe.id)
        self.assertEqual((cell["outcome"], cell["card"]), ("held", False))
        self.assertIn(hold.name, cell["held"])

    def test_bad_input_and_strangers(self):
        cards = self.env["qms.qrs"].with_user(self.seller)
        bad = {
            "product_id": "x",
            "categ_id": [1],
            "location_id": -1,
            "lot_offset": "many",
            "customer_offset": -5,
            "customer": 7,
        }
        self.assertIn("rows", cards.get_matrix(bad))
        self.assertIn("rows", cards.get_matrix(None))
        for lot_id in (0, "x", None, self._make_lot("EMPTY").id):
            with self._refused(UserError, "This lot isn't in stock any more."):
                cards.get_matrix_cell(lot_id, self.fresh.id)
        nobody = self._make_user("qrs_nobody")
        with self.assertRaises(AccessError):
            self._get(nobody)
        with self.assertRaises(AccessError):
            self.env["qms.qrs"].with_user(nobody).get_matrix_cell(
                self.nz_lot.id, self.fresh.id
            )

    # -- From a customer, and from a lot -----------------------------------------------

    def test_what_can_i_promise(self):
        """Lots that are free, with what the customer's card says of them."""
        action = self.buyer.with_user(self.seller).action_qms_promise()
        found = self.env["qms.qrs.finding"].with_user(self.seller)
        found = found.search(action["domain"]).filtered(
            lambda one: one.lot_id.sudo() in self.lots
        )
        self.assertEqual(
            {one.lot_id.sudo().name: one.outcome for one in found},
            {"NZ-1": "blocked", "CL-1": "met", "XX-1": "blocked"},
        )
        (row,) = found.filtered(lambda one: one.lot_id.sudo() == self.nz_lot)
        self.assertEqual((row.quantity, row.partner_id), (10, self.fresh))
        self.assertEqual(
            row.why, "Country of Origin is none of: New Zealand (found: New Zealand)"
        )

    def test_who_can_take_it(self):
        """Customers with requirements, and those who ordered the product."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.cafe.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 4}
                    )
                ],
            }
        )
        order.action_confirm()
        action = self.nz_lot.with_user(self.clerk).action_qms_takers()
        found = self.env["qms.qrs.finding"].with_user(self.clerk)
        found = found.search(action["domain"])
        self.assertEqual(
            {one.partner_id: (one.outcome, one.demand) for one in found},
            {
                self.fresh: ("blocked", 0),
                self.market: ("met", 0),
                self.cafe: ("free", 4),
            },
        )

    def test_findings_are_for_who_asked(self):
        action = self.nz_lot.with_user(self.clerk).action_qms_takers()
        found = self.env["qms.qrs.finding"].with_user(self.seller)
        self.assertFalse(found.search(action["domain"]))
        own = self.env["qms.qrs.finding"].with_user(self.clerk)
        own = own.search(action["domain"])
        for attempt in (
            lambda: own.write({"outcome": "met"}),
            lambda: own.unlink(),
            lambda: own.create({}),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
