from psycopg2.errors import CheckViolation

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .expiry_case import BECAUSE, BLOCKED, ExpiryCase


@tagged("post_install", "-at_install")
class TestExpiryRule(ExpiryCase):
    """Which rule or setting says from when on dates refuse goods, and for what."""

    def test_company_without_block(self):
        self.company.qms_block_expired = False
        lot = self._make_dated_lot("OLD", -1, quantity=9)
        self.assertEqual(self._ask_routes(lot), set())
        self._post("delivery", lot)

    def test_rule_says_for_what(self):
        self._make_rule(
            product_id=self.milk.id,
            level_delivery="allow",
            level_transfer="allow",
            level_internal="expired",
            level_put_away="days",
            days=4,
        )
        old = self._make_dated_lot("OLD", -1, quantity=9)
        self._check_routes(old, {"consumption", "internal", "put_away"})
        near = self._make_dated_lot("NEAR", 4, quantity=9)
        with self.refused(BECAUSE):
            self._post("put_away", near)
        self.assertEqual(self._ask_routes(near), set())
        self._post("put_away", self._make_dated_lot("LATE", 5))

    def test_missing_date(self):
        lot = self._make_undated_lot("NONE", 9)
        self.assertEqual(self._ask_routes(lot), set())
        self.company.qms_expiry_missing = "block"
        self.assertEqual(self._ask_routes(lot), BLOCKED)
        self.company.qms_block_expired = False
        self.assertEqual(self._ask_routes(lot), BLOCKED)
        with self.refused(BECAUSE):
            self._post("delivery", lot)

    def test_settings_of_food(self):
        points = self.env["qms.starting.point"]
        self.company.qms_block_expired = False
        points._switch_on("food")
        self.assertTrue(self.company.qms_block_expired)
        self.assertEqual(self.company.qms_expiry_missing, "block")
        self.assertTrue(points._is_on("food"))
        self.company.qms_expiry_missing = "allow"
        self.assertEqual(points._get_missing("food"), ["Missing Expiration Dates"])

    # -- Which rule --------------------------------------------------------------------

    def test_most_specific_rule(self):
        food = self.env["product.category"].create({"name": "Food"})
        dairy = self.env["product.category"].create(
            {"name": "Dairy", "parent_id": food.id}
        )
        self.milk.categ_id = dairy
        rules = [
            self._make_rule(days=1),
            self._make_rule(days=2, warehouse_id=self.warehouse.id),
            self._make_rule(days=3, categ_id=food.id),
            self._make_rule(days=4, categ_id=dairy.id),
            self._make_rule(days=5, categ_id=dairy.id, warehouse_id=self.warehouse.id),
            self._make_rule(days=6, product_id=self.milk.id),
        ]

        def days(warehouse):
            return self.milk._qms_get_expiry_rules(warehouse)[self.milk].days

        for rule, found in zip(
            reversed(rules),
            [(6, 6), (5, 4), (4, 4), (3, 3), (2, 1), (1, 1)],
            strict=True,
        ):
            with self.subTest(rule.name):
                self.assertEqual((days(self.warehouse), days(self.depot)), found)
            rule.active = False
        self.assertEqual(days(self.warehouse), 0)
        self.milk.use_expiration_date = False
        policy = self.milk._qms_get_expiry_rules(self.warehouse)[self.milk]
        self.assertIsNone(policy.get_days(("delivery",)))

    def test_first_of_equal_rules(self):
        self._make_rule(days=2, sequence=20)
        self._make_rule(days=1, sequence=10)
        policy = self.milk._qms_get_expiry_rules(self.warehouse)[self.milk]
        self.assertEqual(policy.days, 1)

    def test_products_without_shelf_life(self):
        """Core dates their lots to the day of receipt."""
        self.milk.expiration_time = 0
        lot = self._make_dated_lot("OLD", -1, quantity=9)
        self.assertEqual(self._ask_routes(lot), set())
        self._make_rule(days=0)
        self.assertEqual(self._ask_routes(lot), set())
        self.milk.qms_expiration_formula = "1M"
        self.assertEqual(self._ask_routes(lot), BLOCKED)
        self.milk.qms_expiration_formula = False
        self._make_rule(product_id=self.milk.id)
        self.assertEqual(self._ask_routes(lot), BLOCKED)

    def test_products_without_dates(self):
        lot = self._make_dated_lot("OLD", -1, quantity=9)
        self.milk.use_expiration_date = False
        self.assertEqual(self._ask_routes(lot), set())

    def test_wrong_rules(self):
        category = self.env["product.category"].create({"name": "Food"})
        with self.assertRaisesRegex(ValidationError, "a product or a category"):
            self._make_rule(product_id=self.milk.id, categ_id=category.id)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(CheckViolation),
            self.env.cr.savepoint(),
        ):
            self._make_rule(days=-1)
        with self.assertRaises(AccessError):
            self.env["qms.expiry.rule"].with_user(self.clerk).create({"days": 1})
        self.env["qms.expiry.rule"].with_user(self.keeper).create({"days": 1})

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "Other Dairy"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", other.id)], limit=1
        )
        self._make_rule(days=7)
        other.qms_block_expired = False
        lot = self._make_dated_lot("OLD", -1, quantity=9)
        mine, theirs = (
            self.milk._qms_get_expiry_rules(one)[self.milk].get_days(("delivery",))
            for one in (self.warehouse, warehouse)
        )
        self.assertEqual((mine, theirs), (7, None))
        self.assertEqual(self._ask_routes(lot), BLOCKED)
        self._stock_up(9, lot, warehouse.lot_stock_id)
        picking = self._picking(
            "outgoing",
            1,
            product=self.milk,
            source=warehouse.lot_stock_id,
            picking_type_id=warehouse.out_type_id.id,
        )
        picking.move_ids.company_id = other
        picking.action_confirm()
        self._force_line(picking.move_ids, lot)
        picking.with_context(skip_expired=True).button_validate()
        self.assertEqual(picking.state, "done")
        keeper = self.env["qms.expiry.rule"].with_user(self.keeper)
        self._make_rule(days=9, company_id=other.id)
        self.assertNotIn(other, keeper.search([]).company_id)
