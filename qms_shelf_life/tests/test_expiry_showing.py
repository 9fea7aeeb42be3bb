from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .expiry_case import ExpiryCase


class Stopped(Exception):
    """The server went down between two batches."""


@tagged("post_install", "-at_install")
class TestExpiryShowing(ExpiryCase):
    """What has expired shows it, loses its reservations, and near lots can be freed."""

    def setUp(self):
        super().setUp()
        self.known = self.env["qms.hold"].search([("is_expiry", "=", True)])
        # a real commit would end the test's transaction
        self.batches = []
        cron = type(self.env["ir.cron"])
        self.startPatcher(patch.object(cron, "_commit_progress", self._note_progress))

    def _note_progress(self, done=0, *, remaining=None, deactivate=False):
        self.env.flush_all()
        self.batches.append((done, remaining))
        return 60

    def _run(self, **options):
        self.batches.clear()
        self.env["stock.lot"]._cron_hold_expired(**options)

    def _shown(self):
        """Return the lots of this product that show that they have expired."""
        domain = [("product_id", "=", self.milk.id)]
        lots = self.env["stock.lot"].search(domain)
        return lots.filtered(
            lambda lot: lot.inspection_status_id == self.status_expired
        )

    # -- The hold that shows it --------------------------------------------------------

    def test_expired_lots_show_it(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        self._make_dated_lot("TODAY", 0, quantity=5)
        self._make_dated_lot("GONE", -1)
        self._run()
        self.assertEqual(self._shown(), old)
        hold = old.qms_hold_ids
        self.assertEqual(hold.reason, "Past its expiration date")
        self.assertFalse(hold.blocked_types, "the date refuses, not the hold")
        self._run()
        self.assertEqual(len(old.qms_hold_ids), 1)
        self.assertFalse(hold.with_user(self.manager).can_release)
        with self.assertRaisesRegex(UserError, "Correct the expiration date"):
            hold.with_user(self.manager).action_release()

    def test_corrected_date_ends_it(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        picking = self._due(0)
        self._run()
        self.assertEqual(self._shown(), old)
        later = old.expiration_date + timedelta(days=10)
        old.with_user(self.keeper).write(
            {"expiration_date": later, "removal_date": later}
        )
        self.assertFalse(self._shown())
        self.assertEqual(self._reserved(picking.move_ids), {"OLD": 4})

    def test_changed_rule_ends_it(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        self._run()
        self.assertEqual(self._shown(), old)
        self.company.qms_block_expired = False
        self._run()
        self.assertFalse(self._shown())
        self._run()
        self.assertFalse(self._shown())

    def test_the_hold_blocks_nothing_that_the_date_allows(self):
        """It is stale until the action runs again: the date alone decides."""
        old = self._make_dated_lot("OLD", -1, quantity=5)
        self._run()
        self.env.cr.execute(
            "UPDATE stock_lot SET expiration_date = now() + interval '9 days',"
            " removal_date = NULL WHERE id = %s",
            [old.id],
        )
        self.env.cr.execute(
            "UPDATE stock_quant SET expiration_date = now() + interval '9 days',"
            " removal_date = NULL WHERE lot_id = %s",
            [old.id],
        )
        self.env.invalidate_all(flush=False)
        self.assertEqual(self._shown(), old)
        picking = self._due(0)
        self.assertEqual(self._reserved(picking.move_ids), {"OLD": 4})
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(picking.state, "done")

    def test_the_date_blocks_without_the_hold(self):
        old = self._make_dated_lot("OLD", -1, quantity=5)
        self.assertFalse(self._shown())
        with self.refused("Expired on"):
            self._forced(lot=old).with_context(skip_expired=True).button_validate()

    def test_batches_are_resumed(self):
        lots = self.env["stock.lot"].browse()
        for number in range(5):
            lots |= self._make_dated_lot(f"OLD-{number}", -1, quantity=1)
        place = type(self.env["qms.hold"])._place
        calls = []

        def stop(holds, vals_list, exact=False):
            if vals_list:
                calls.append(vals_list)
            if len(calls) == 2:
                raise Stopped
            return place(holds, vals_list, exact)

        with patch.object(type(self.env["qms.hold"]), "_place", stop):
            try:  # assertRaises would undo what the first batch has done
                self._run(batch=2)
            except Stopped:
                calls.append("stopped")
        self.assertEqual(calls[-1], "stopped")
        before = len(self._all_shown())
        self.assertEqual(before, 2)
        done, left = self.batches[-1]
        self.assertEqual(left, self.batches[-2][1] - done)
        self._run(batch=2)
        self.assertEqual(self._shown(), lots)
        self.assertEqual(self.batches[-1][1], 0)
        self.assertEqual(lots.mapped(lambda lot: len(lot.qms_hold_ids)), [1] * 5)

    def _all_shown(self):
        """Return the holds by date that this test has placed, of any goods."""
        return self.env["qms.hold"].search([("is_expiry", "=", True)]) - self.known

    def test_time_is_over(self):
        # demo data may have lots of which the action has something to tell
        self._run()
        self.known |= self._all_shown()
        for number in range(3):
            self._make_dated_lot(f"OLD-{number}", -1, quantity=1)
        with patch.object(
            type(self.env["ir.cron"]),
            "_commit_progress",
            # lots that only may have expired are looked at and left first
            lambda *args, **named: 0 if self._all_shown() else 60,
        ):
            self.env["stock.lot"]._cron_hold_expired(batch=1)
        self.assertEqual(len(self._all_shown()), 1)

    # -- Reservations ------------------------------------------------------------------

    def test_reservations_are_dropped(self):
        soon = self._make_dated_lot("SOON", 2, quantity=5)
        self._make_dated_lot("LATE", 30, quantity=5)
        today = self._due(0, user_id=self.clerk.id)
        self.assertEqual(self._reserved(today.move_ids), {"SOON": 4})
        with freeze_time(fields.Datetime.now() + timedelta(days=4)):
            self._run()
        self.assertEqual(self._shown(), soon)
        self.assertEqual(self._reserved(today.move_ids), {"LATE": 4})
        activity = soon.activity_ids.filtered(lambda one: one.user_id == self.clerk)
        self.assertEqual(activity.summary, "Reserved goods became too old")
        self.assertIn(today.name, activity.note)
        self.assertIn("SOON", activity.note)

    def test_days_before_drop_what_goes_too_late(self):
        self._make_dated_lot("NEAR", 5, quantity=10)
        early, late = self._due(1, 3), self._due(4, 3)
        self.assertEqual(self._reserved((early | late).move_ids), {"NEAR": 3})
        self.company.qms_expiry_days = 3
        self._run()
        self.assertEqual(self._reserved(early.move_ids), {"NEAR": 3})
        self.assertEqual(self._reserved(late.move_ids), {})

    def test_change_of_day_by_zone(self):
        self._zone("Pacific/Kiritimati")
        with freeze_time("2026-11-12 09:59:59"):
            lot = self._make_dated_lot("EDGE", 1, quantity=5)
            lot.expiration_date = "2026-11-12 09:00:00"
            self._run()
            self.assertFalse(self._shown())
        with freeze_time("2026-11-12 10:00:00"):
            self._run()
            self.assertEqual(self._shown(), lot)

    # -- Letting near lots go ----------------------------------------------------------

    def _make_near(self):
        self.company.qms_expiry_days = 10
        return self._make_dated_lot("NEAR", 5, quantity=20)

    def test_release_for_a_transfer(self):
        near = self._make_near()
        picking, other = self._due(0), self._due(0)
        self.assertEqual(self._reserved((picking | other).move_ids), {})
        release = self._release_for(near, picking=picking)
        self.assertEqual(release.state, "granted")
        self.assertEqual(release.decided_by_id, self.keeper)
        self.assertEqual(self._reserved(picking.move_ids), {"NEAR": 4})
        self.assertEqual(self._reserved(other.move_ids), {})
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(picking.state, "done")
        with self.refused("not to be picked from"):
            self._forced(lot=near).button_validate()

    def test_release_for_a_sales_order(self):
        near = self._make_near()
        self.warehouse.delivery_steps = "pick_ship"
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (0, 0, {"product_id": self.milk.id, "product_uom_qty": 2})
                ],
            }
        )
        order.action_confirm()
        self.assertEqual(self._reserved(order.picking_ids.move_ids), {})
        self._release_for(near, sale_order=order)
        pick = order.picking_ids
        self.assertEqual(self._reserved(pick.move_ids), {"NEAR": 2})
        pick.move_ids.picked = True
        pick.button_validate()
        ship = order.picking_ids - pick
        ship.move_ids.picked = True
        ship.with_context(skip_expired=True).button_validate()
        self.assertEqual(ship.state, "done")

    def test_release_for_a_partner(self):
        near = self._make_near()
        shop = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.partner.id}
        )
        picking = self._due(0, partner_id=shop.id)
        release = self._release_for(near, kind="donate", partner=self.partner)
        self.assertEqual(self._reserved(picking.move_ids), {"NEAR": 4})
        release.with_user(self.keeper).action_revoke()
        self._run()
        self.assertEqual(self._reserved(picking.move_ids), {})

    def test_release_never_lifts_the_block_of_expired_goods(self):
        near = self._make_near()
        picking = self._due(0)
        self._release_for(near, picking=picking)
        picking.move_ids.picked = True
        with freeze_time(fields.Datetime.now() + timedelta(days=6)):
            with self.refused("Expired on"):
                picking.with_context(skip_expired=True).button_validate()
            with self.assertRaisesRegex(UserError, "These have expired"):
                self._release_for(near, partner=self.partner)

    def test_release_by_the_dialog(self):
        near = self._make_near()
        self.assertTrue(near.qms_is_near_blocked)
        self.assertIn("not to be picked from", near.qms_expiry_text)
        action = near.with_user(self.keeper).action_qms_release_expiry()
        dialog = Form(
            self.env["qms.expiry.release.wizard"]
            .with_user(self.keeper)
            .with_context(**action["context"])
        )
        dialog.partner_id = self.partner
        dialog.reason = "Market day"
        dialog.save().action_grant()
        self.assertEqual(near.qms_expiry_release_ids.state, "granted")
        self.assertEqual(near.qms_expiry_release_ids.reason, "Market day")
        self.assertEqual(near.qms_expiry_release_count, 1)

    def test_nobody_makes_a_release_by_hand(self):
        near = self._make_near()
        values = {"lot_id": near.id, "kind": "donate", "reason": "?"}
        values["partner_id"] = self.partner.id
        releases = self.env["qms.expiry.release"]
        for user in (self.clerk, self.manager, self.keeper):
            with self.assertRaises(AccessError):
                releases.with_user(user).create({**values, "state": "granted"})
        with self.assertRaisesRegex(AccessError, "Shelf-life manager"):
            releases.with_user(self.clerk)._grant([values])
        release = self._release_for(near, partner=self.partner)
        with self.assertRaises(AccessError):
            release.with_user(self.keeper).write({"lot_id": near.copy().id})
        with self.assertRaises(AccessError):
            release.with_user(self.keeper).unlink()
        with self.assertRaisesRegex(AccessError, "Shelf-life manager"):
            release.with_user(self.clerk).action_revoke()

    def test_release_that_needs_approval(self):
        near = self._make_near()
        self.env["qms.approval.rule"].create(
            {
                "name": "Special sales",
                "guarded": "qms.expiry.release:grant",
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Quality",
                            "approver": "group",
                            "group_id": self.env.ref(
                                "qms_quality.group_quality_manager"
                            ).id,
                        },
                    )
                ],
            }
        )
        picking = self._due(0)
        release = self._release_for(near, picking=picking)
        self.assertEqual(release.state, "waiting")
        self.assertEqual(self._reserved(picking.move_ids), {})
        approval = self.env["qms.approval"].search(
            [("res_model", "=", release._name), ("res_id", "=", release.id)]
        )
        approval.with_user(self.manager).action_approve()
        self.assertEqual(release.state, "granted")
        self.assertEqual(self._reserved(picking.move_ids), {"NEAR": 4})

    # -- What people see ---------------------------------------------------------------

    def test_shortage(self):
        self._make_dated_lot("OLD", -1, quantity=40)
        self._make_dated_lot("NEW", 30, quantity=12)
        picking = self._due(0, 50)
        self.assertEqual(
            picking.move_ids.qms_shortage, "12 Units available, 40 Units expired"
        )
        self.assertEqual(
            picking.qms_shortage, "Fresh Milk: 12 Units available, 40 Units expired"
        )
        why = picking.with_user(self.clerk).action_qms_why()
        why = self.env["qms.why"].browse(why["res_id"])
        self.assertEqual(
            why.summary,
            "Fresh Milk: 12 Units available, 40 Units expired (50 Units needed)",
        )
        self.assertEqual(why.line_ids.lot_id.name, "OLD")
        self.assertIn("Expired on", why.line_ids.reason)

    def test_shortage_of_goods_that_are_held_too(self):
        self.company.qms_expiry_days = 10
        self._make_dated_lot("OLD", -1, quantity=40)
        self._make_dated_lot("NEAR", 5, quantity=3)
        held = self._make_dated_lot("HELD-M", 30, quantity=7)
        self._hold(lot=held)
        picking = self._due(0, 50)
        self.assertEqual(
            picking.move_ids.qms_shortage,
            "0 Units available, 7 Units held, 40 Units expired, 3 Units too near their"
            " date",
        )

    def test_free_quantity(self):
        self.company.qms_expiry_days = 10
        self._make_dated_lot("OLD", -1, quantity=40)
        self._make_dated_lot("NEAR", 5, quantity=20)
        self._make_dated_lot("NEW", 30, quantity=12)
        milk = self.milk.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual(milk.qty_available, 72)
        self.assertEqual(milk.free_qty, 12)
        self.assertEqual(milk.virtual_available, 12)
        # components may still be near their date
        consumption = milk.with_context(qms_gate_type="consumption")
        self.assertEqual(consumption.free_qty, 32)
        later = milk.with_context(to_date=fields.Datetime.now() + timedelta(days=25))
        self.assertEqual(later.free_qty, 0)

    def test_available_in_spite_of_the_badge(self):
        """What a rule lets go is available, though its lot shows that it expired."""
        self._make_rule(product_id=self.milk.id, level_delivery="allow")
        old = self._make_dated_lot("OLD", -1, quantity=5)
        old.removal_date = fields.Datetime.now() + timedelta(days=1)
        old._qms_hold_expired()
        self.assertEqual(old.inspection_status_id, self.status_expired)
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=old)
        self.assertEqual(quant.available_quantity, 5)
        hold = self._hold(lot=old)
        self.env.invalidate_all()
        self.assertEqual(quant.available_quantity, 0)
        hold._qms_do_release("Test")
        self.company.qms_block_expired = True
        self.env["qms.expiry.rule"].search([]).active = False
        self.env.invalidate_all()
        self.assertEqual(quant.available_quantity, 0)

    def test_why_on_a_lot(self):
        old = self._make_dated_lot("OLD", -1, quantity=4)
        why = old.with_user(self.clerk).action_qms_why()
        lines = self.env["qms.why"].browse(why["res_id"]).line_ids
        self.assertIn("Expired on", lines.reason)
        self.assertIn("Expired on", old.with_user(self.clerk).qms_expiry_text)
        self.assertFalse(self._make_dated_lot("NEW", 1, quantity=1).qms_expiry_text)
