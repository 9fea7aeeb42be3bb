from datetime import datetime, timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.qms_quality.models.gate.transaction import Goods

from .expiry_case import ExpiryCase

BECAUSE = "These goods can't be used for this because of their date"
# What the company's settings and a rule let pass, as they are delivered and by default.
BLOCKED = {"delivery", "consumption", "transfer"}
ROUTES = (
    "delivery",
    "consumption",
    "transfer",
    "transit",
    "put_away",
    "internal",
    "quarantine",
    "vendor_return",
    "scrap",
    "adjustment",
)


@tagged("post_install", "-at_install")
class TestExpiryBlocking(ExpiryCase):
    """What dates refuse, on every way that goods take."""

    # -- Every way ---------------------------------------------------------------------

    def _post(self, route, lot):
        """Post one movement of a lot, whatever the screens would have said."""
        if route == "scrap":
            return self._scrap(lot)
        if route == "adjustment":
            return self._count_down(lot)
        source, dest = self.stock, self.customer
        zone = self._make_location(f"Zone {lot.id} {route}", qms_zone="quarantine")
        if route == "put_away":
            source = zone
            self._stock_up(5, lot, zone)
        dest = {
            "delivery": self.customer,
            "consumption": self.milk.property_stock_production,
            "transfer": self.depot.lot_stock_id,
            "transit": self.company.internal_transit_location_id,
            "put_away": self.shelf,
            "internal": self.shelf,
            "quarantine": zone,
            "vendor_return": self.supplier,
        }[route]
        picking = self._picking(
            "internal", 1, product=self.milk, source=source, dest=dest
        )
        picking.action_confirm()
        self._force_line(picking.move_ids, lot)
        picking = picking.with_user(self.clerk).with_context(skip_expired=True)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _scrap(self, lot):
        scrap = self.env["stock.scrap"].with_user(self.clerk)
        scrap = scrap.create(
            {
                "product_id": self.milk.id,
                "lot_id": lot.id,
                "scrap_qty": 1,
                "location_id": self.stock.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")

    def _count_down(self, lot):
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=lot)
        quant = quant.with_user(self.clerk).with_context(inventory_mode=True)
        quant.inventory_quantity = quant.quantity - 1
        quant.action_apply_inventory()

    def _ask_routes(self, lot):
        """Return on which ways the gate refuses a lot, without posting anything."""
        dest = {
            "delivery": self.customer,
            "consumption": self.milk.property_stock_production,
            "transfer": self.depot.lot_stock_id,
            "internal": self.shelf,
            "vendor_return": self.supplier,
        }
        goods = Goods(lot.product_id, lot, self.stock, self.env["stock.package"])
        return {
            route
            for route, place in dest.items()
            if self.env["qms.hold"]._qms_gate_reasons(
                [goods], self.stock._qms_transaction_types(place)
            )[0]
        }

    def _check_routes(self, lot, blocked):
        """Post the lot on every way; expect a refusal that changes nothing."""
        for route in ROUTES:
            with self.subTest(route), self.env.cr.savepoint() as savepoint:
                if ("transfer" if route == "transit" else route) in blocked:
                    with self.refused(BECAUSE):
                        self._post(route, lot)
                else:
                    self._post(route, lot)
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_expired_as_installed(self):
        self._check_routes(self._make_dated_lot("OLD", -1, quantity=9), BLOCKED)

    def test_last_day_as_installed(self):
        lot = self._make_dated_lot("TODAY", 0, quantity=9)
        self.assertEqual(self._ask_routes(lot), set())
        self._post("delivery", lot)

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

    # -- What people read --------------------------------------------------------------

    def _get_message(self, picking):
        with self.assertRaises(UserError) as caught:
            picking.with_user(self.clerk).button_validate()
        return str(caught.exception)

    @freeze_time("2026-11-15 10:00:00")
    def test_messages_in_full(self):
        self.company.qms_expiry_days = 3
        self.company.qms_expiry_missing = "block"
        self._zone("UTC")
        old, near = (
            self.env["stock.lot"].create(
                {"name": name, "product_id": self.milk.id, "expiration_date": date}
            )
            for name, date in (
                ("OLD", "2026-11-12 09:00:00"),
                ("NEAR", "2026-11-18 09:00:00"),
            )
        )
        none = self._make_undated_lot("NONE")
        for lot in (old, near, none):
            self._stock_up(5, lot)
        goods = "Fresh Milk · %s · DAIRY/Stock\n    "
        head = f"{BECAUSE} (delivery):\n"
        self.assertEqual(
            self._get_message(self._forced(lot=old)),
            head
            + goods % "OLD"
            + "Expired on 12 Nov 2026\nTake other goods. What has expired can be"
            " scrapped, returned to the vendor or moved inside.",
        )
        self.assertEqual(
            self._get_message(self._forced(lot=near)),
            head + goods % "NEAR" + "Expires on 18 Nov 2026: not to be picked from"
            " 15 Nov 2026 on\nTake other goods. A shelf-life manager can release a lot"
            " near its date for a special sale or a donation.",
        )
        self.assertEqual(
            self._get_message(self._forced(lot=none)),
            head
            + goods % "NONE"
            + "No expiration date, which these goods should have\nTake other goods."
            " Enter the expiration date on the lot.",
        )
        self._hold(lot=old, reason="Smells")
        mixed = self._get_message(self._forced(lot=old))
        self.assertIn(
            "These goods can't be used for this because of their date, or for what else"
            " is said of them (delivery):",
            mixed,
        )
        self.assertIn("Smells", mixed)

    def test_choosing_a_lot_that_expires_before_the_delivery(self):
        lot = self._make_dated_lot("SOON", 2, quantity=5)
        picking = self._due(5)
        line = picking.move_ids._prepare_move_line_vals(quantity=1)
        with self.refused("before it is used on"):
            self.env["stock.move.line"].with_user(self.clerk).create(
                {**line, "lot_id": lot.id}
            )
        picking.move_ids.date = fields.Datetime.now() + timedelta(days=1)
        self.env["stock.move.line"].with_user(self.clerk).create(
            {**line, "lot_id": lot.id}
        )

    # -- Reservation -------------------------------------------------------------------

    def test_reservation_looks_at_the_delivery_day(self):
        for days in (-1, 2, 6):
            self._make_dated_lot(f"D{days}", days, quantity=3)
        both = {"D2": 3, "D6": 3}
        # what is late goes today, not in the past
        for days, expected in ((0, both), (1, both), (3, {"D6": 3}), (-9, both)):
            picking = self._due(days, 9)
            self.assertEqual(self._reserved(picking.move_ids), expected, days)
            picking.do_unreserve()

    def test_days_before(self):
        self.company.qms_expiry_days = 3
        for days in (3, 4):
            self._make_dated_lot(f"D{days}", days, quantity=3)
        picking = self._due(0, 9)
        self.assertEqual(self._reserved(picking.move_ids), {"D4": 3})
        self.assertEqual(self._reserved(self._due(1, 9).move_ids), {})

    def test_quantity_of_a_move(self):
        self._make_dated_lot("OLD", -1, quantity=30)
        self._make_dated_lot("NEW", 9, quantity=10)
        picking = self._picking("outgoing", 40, product=self.milk)
        picking.action_confirm()
        picking.move_ids._do_unreserve()
        picking.move_ids.quantity = 40
        self.assertEqual(picking.move_ids.move_line_ids.lot_id.mapped("name"), ["NEW"])

    def test_pick_then_ship(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._make_dated_lot("OLD", -1, quantity=10)
        self._make_dated_lot("SOON", 3, quantity=10)
        self._make_dated_lot("LATE", 30, quantity=10)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.warehouse.id,
                "commitment_date": fields.Datetime.now() + timedelta(days=6),
                "order_line": [
                    Command.create({"product_id": self.milk.id, "product_uom_qty": 9})
                ],
            }
        )
        order.action_confirm()
        pick = order.picking_ids.filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(self._reserved(pick.move_ids), {"LATE": 9})
        pick.move_ids.picked = True
        pick.button_validate()
        ship = order.picking_ids - pick
        self.assertEqual(self._reserved(ship.move_ids), {"LATE": 9})
        # it lies at the dock for too long
        ship.move_ids.picked = True
        later = fields.Datetime.now() + timedelta(days=40)
        with freeze_time(later), self.refused(BECAUSE):
            ship.with_user(self.clerk).with_context(skip_expired=True).button_validate()

    def test_strict_chain_does_not_bring_expired_goods(self):
        """The step after takes what came, unless it has expired meanwhile."""
        lot = self._make_dated_lot("SOON", 1, quantity=5)
        dock = self._make_location("Dock", self.warehouse.view_location_id)
        pick = self._picking("internal", 5, product=self.milk, dest=dock)
        ship = self._picking("outgoing", 5, product=self.milk, source=dock)
        ship.move_ids.write(
            {
                "move_orig_ids": [Command.set(pick.move_ids.ids)],
                "procure_method": "make_to_order",
            }
        )
        (pick | ship).action_confirm()
        pick.action_assign()
        pick.move_ids.picked = True
        pick.button_validate()
        self.assertEqual(self._reserved(ship.move_ids), {"SOON": 5})
        ship.do_unreserve()
        lot.expiration_date = fields.Datetime.now() - timedelta(days=2)
        ship.action_assign()
        self.assertEqual(self._reserved(ship.move_ids), {})

    # -- Manufacturing -----------------------------------------------------------------

    def test_consumption(self):
        old = self._make_dated_lot("OLD", -1, quantity=10)
        order = self._make_order(component=self.milk)
        order.action_assign()
        self.assertEqual(self._reserved(order.move_raw_ids), {})
        with self.refused("0 Units available, 10 Units expired (2 Units needed)"):
            order.qty_producing = 1
        good = self._make_dated_lot("NEW", 1, quantity=2)
        self._fill_order(order, good)
        self._stock_up(-2, good)
        self._force_line(order.move_raw_ids, old)
        with self.refused(BECAUSE):
            order.with_context(skip_expired=True).move_raw_ids._action_done()
        order.move_raw_ids.move_line_ids.unlink()
        self._stock_up(2, good)
        self._force_line(order.move_raw_ids, good)
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    # -- Core's own question -----------------------------------------------------------

    def test_core_asks_only_what_can_be_answered(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        new = self._make_dated_lot("NEW", 9, quantity=5)
        picking = self._forced(lot=old)
        with self.refused(BECAUSE):
            picking.button_validate()
        line = picking.move_ids._prepare_move_line_vals(quantity=1)
        picking.move_ids.move_line_ids.quantity = 3
        self.env["stock.move.line"].create({**line, "lot_id": new.id, "picked": True})
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "expiry.picking.confirmation")
        wizard = Form(
            self.env["expiry.picking.confirmation"]
            .with_user(self.clerk)
            .with_context(**action["context"])
        ).save()
        self.assertIn("OLD", wizard.qms_refusal)
        self.assertNotIn("NEW", wizard.qms_refusal)
        with self.refused(BECAUSE):
            wizard.process()

    def test_core_still_warns_where_it_is_allowed(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        picking = self._forced("internal", lot=old, dest=self.shelf)
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "expiry.picking.confirmation")
        wizard = Form(
            self.env["expiry.picking.confirmation"]
            .with_user(self.clerk)
            .with_context(**action["context"])
        ).save()
        self.assertFalse(wizard.qms_refusal)
        wizard.process()
        self.assertEqual(picking.state, "done")

    def test_a_missing_date_that_warns_is_asked_about(self):
        self.company.qms_expiry_missing = "warn"
        picking = self._forced(lot=self._make_undated_lot("NONE", 5))
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "qms.warning")
        warning = self.env["qms.warning"].browse(action["res_id"])
        self.assertIn("No expiration date", warning.text)
        warning.with_user(self.clerk).action_confirm()
        self.assertEqual(picking.state, "done")

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

    # -- The change of day -------------------------------------------------------------

    def test_change_of_day(self):
        """No scheduled action runs: the gate looks at the calendar itself."""
        zones = {
            "UTC": "2026-11-13 00:00:00",
            "Pacific/Kiritimati": "2026-11-12 10:00:00",  # 14 hours ahead
            "Pacific/Pago_Pago": "2026-11-13 11:00:00",  # 11 hours behind
            "America/New_York": "2026-11-13 05:00:00",
            "Asia/Kathmandu": "2026-11-12 18:15:00",
        }
        lot = self._make_dated_lot("EDGE", 1)
        for zone, midnight in zones.items():
            with self.subTest(zone):
                self._zone(zone)
                change = fields.Datetime.to_datetime(midnight)
                # in the last minute of 12 November there
                self._expire_at(lot, change - timedelta(minutes=1))
                for moment, expected in (
                    (change - timedelta(seconds=1), False),
                    (change, True),
                ):
                    self.assertEqual(self._is_refused(lot, moment), expected, moment)
                self._expire_at(lot, change)
                self.assertFalse(self._is_refused(lot, change))

    def _expire_at(self, lot, moment):
        """Let a lot expire; core removes it from stock later, if at all."""
        lot.write(
            {"expiration_date": moment, "removal_date": "2030-01-01", "use_date": False}
        )
        lot.removal_date = "2030-01-01"

    def _is_refused(self, lot, moment):
        """Tell whether reservation and posting refuse a lot, and agree."""
        with freeze_time(moment), self.env.cr.savepoint() as savepoint:
            self._stock_up(5, lot)
            picking = self._picking("outgoing", 4, product=self.milk)
            picking.move_ids.date = moment
            picking.action_confirm()
            reserved = bool(self._reserved(picking.move_ids))
            self._force_line(picking.move_ids, lot)
            posted = True
            try:
                picking.with_context(skip_expired=True).button_validate()
            except UserError:
                posted = False
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        self.assertEqual(reserved, posted)
        return not posted

    def test_summer_time(self):
        """The day that clocks go forward has 23 hours, and is a day."""
        self._zone("Europe/Berlin")
        lot = self._make_dated_lot("EDGE", 1)
        self._expire_at(lot, "2026-03-29 21:59:00")
        self.assertFalse(self._is_refused(lot, datetime(2026, 3, 29, 21, 59, 59)))
        self.assertTrue(self._is_refused(lot, datetime(2026, 3, 29, 22, 0)))

    def test_a_lot_in_two_zones(self):
        """What is tomorrow's in the east may still go today in the west."""
        self._zone("Pacific/Kiritimati", self.depot)
        self._zone("Pacific/Pago_Pago")
        with freeze_time("2026-11-12 10:30:00"):
            lot = self._make_dated_lot("EDGE", 1)
            self._expire_at(lot, "2026-11-12 09:00:00")
            self._stock_up(5, lot)
            self._stock_up(5, lot, self.depot.lot_stock_id)
            west, east = (
                self.env["stock.quant"]._gather(self.milk, place, lot_id=lot)
                for place in (self.stock, self.depot.lot_stock_id)
            )
            self.assertEqual((west.available_quantity, east.available_quantity), (5, 0))
            gate = self.env["stock.quant"]._qms_gate_domain(
                "delivery", product=self.milk, location=self.env["stock.location"]
            )
            found = (west | east).search(gate & Domain("lot_id", "=", lot.id))
            self.assertEqual(found, west)
            self.assertEqual((west | east).filtered_domain(gate), west)
            self.assertIn(lot.id, self.env["stock.lot"]._qms_find_expired())
            lot._qms_hold_expired()
            self.assertFalse(lot.qms_hold_ids, "not expired in the west yet")
        with freeze_time("2026-11-12 11:00:00"):
            lot._qms_hold_expired()
            self.assertEqual(lot.inspection_status_id, self.status_expired)

    def test_settings_of_food(self):
        points = self.env["qms.starting.point"]
        self.company.qms_block_expired = False
        points._switch_on("food")
        self.assertTrue(self.company.qms_block_expired)
        self.assertEqual(self.company.qms_expiry_missing, "block")
        self.assertTrue(points._is_on("food"))
        self.company.qms_expiry_missing = "allow"
        self.assertEqual(points._get_missing("food"), ["Missing Expiration Dates"])
