from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .expiry_case import BECAUSE, BLOCKED, ExpiryCase


@tagged("post_install", "-at_install")
class TestExpiryBlocking(ExpiryCase):
    """What dates refuse, on every way that goods take."""

    def test_expired_as_installed(self):
        self._check_routes(self._make_dated_lot("OLD", -1, quantity=9), BLOCKED)

    def test_last_day_as_installed(self):
        lot = self._make_dated_lot("TODAY", 0, quantity=9)
        self.assertEqual(self._ask_routes(lot), set())
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
