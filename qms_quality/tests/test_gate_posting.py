from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import format_datetime

from ..models.sentinel import trusted
from .common import QmsCase


@tagged("post_install", "-at_install", "qms_native")
class TestGatePosting(QmsCase):
    """No held goods are posted, whatever the hold covers."""

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("L1")
        self._stock_up(10, self.lot)

    def test_delivery_of_held_lot_is_refused_in_full_words(self):
        hold = self._hold(lot=self.lot)
        delivery = self._delivery(4, self.lot).with_user(self.clerk)
        with self.assertRaises(UserError) as refusal:
            delivery.button_validate()
        since = format_datetime(delivery.env, hold.date_placed)
        self.assertEqual(
            str(refusal.exception),
            "These goods are held and can't be used for this (delivery):\n"
            f"Milk · L1 · {self.stock.display_name}\n"
            f"    On hold · Test, since {since} ({hold.name})."
            " Released by: Quality manager\n"
            "Take other goods, or ask for the release.",
        )

    def test_two_holds_release_of_one_leaves_the_other(self):
        first = self._hold(lot=self.lot)
        second = self._hold(self.under_inspection, lot=self.lot)
        self.assertEqual(self.lot.inspection_status_id, self.on_hold)
        first._release("ok")
        self.assertEqual(self.lot.inspection_status_id, self.under_inspection)
        with self.assertRaises(UserError):
            self._delivery(1, self.lot).button_validate()
        second._release("ok")
        self.assertEqual(self.lot.inspection_status_id, self.available)
        delivery = self._delivery(1, self.lot)
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")

    def test_lot_in_a_place_is_held_there_only(self):
        self._stock_up(5, self.lot, self.shelf)
        self._hold(lot=self.lot, location=self.shelf)
        free = self._delivery(3, self.lot)
        free.button_validate()
        self.assertEqual(free.state, "done")
        held = self._delivery(3, self.lot)
        held.move_line_ids.with_context(
            qms_picked_by_system=True
        ).location_id = self.shelf
        with self.assertRaises(UserError):
            held.button_validate()

    def test_narrow_hold_travels_with_permitted_move(self):
        self._stock_up(5, self.lot, self.shelf)
        zone = self._make_location("Quarantine", qms_zone="quarantine")
        hold = self._hold(lot=self.lot, location=self.shelf)
        picking = self._picking("internal", 2, source=self.shelf, dest=zone)
        picking.action_confirm()
        picking.move_ids.quantity = 2
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(hold.child_ids.location_id, zone)
        self.assertEqual(hold.child_ids.state, "open")
        self.assertEqual(self._quantity(zone, self.lot), 2)
        hold._release("ok")
        self.assertEqual(hold.child_ids.state, "released")

    def test_done_line_changed_to_held_lot_is_refused(self):
        other = self._make_lot("L2")
        self._stock_up(5, other)
        self._hold(lot=other)
        delivery = self._delivery(4, self.lot)
        delivery.button_validate()
        with self.assertRaises(UserError):
            delivery.move_line_ids.lot_id = other

    def test_correction_downwards_stays_possible(self):
        delivery = self._delivery(4, self.lot)
        delivery.button_validate()
        self._hold(lot=self.lot)
        delivery.move_line_ids.quantity = 3
        self.assertEqual(self._quantity(self.stock, self.lot), 7)
        with self.assertRaises(UserError):
            delivery.move_line_ids.quantity = 4

    def test_receipt_by_name_of_known_lot(self):
        self._hold(lot=self.lot)
        receipt = self._picking("incoming", 3)
        receipt.action_confirm()
        receipt.move_ids.move_line_ids.write({"lot_name": "L1", "quantity": 3})
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")

    # -- Decided exceptions ------------------------------------------------------------

    def _permit(self, hold, move, partner=None):
        permits = trusted(self.env["qms.hold.permit"].sudo())
        return permits.create(
            {
                "hold_id": hold.id,
                "transaction_type": "delivery",
                "move_id": move.id,
                "quantity": 4,
                "reason": "Customer agreed",
                "partner_id": partner and partner.id,
            }
        )

    def _validate(self, delivery):
        delivery.with_user(self.clerk).with_context(skip_sms=True).button_validate()

    def test_permit_for_another_partner_is_not_honoured(self):
        hold = self._hold(lot=self.lot)
        delivery = self._delivery(4, self.lot)
        stranger = self.env["res.partner"].create({"name": "Other Shop"})
        permit = self._permit(hold, delivery.move_ids, stranger)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            self._validate(delivery)
        self.assertFalse(permit.spent_quantity)
        self.assertNotEqual(delivery.state, "done")

    def test_permit_for_the_partner_is_spent(self):
        hold = self._hold(lot=self.lot)
        delivery = self._delivery(4, self.lot)
        permit = self._permit(hold, delivery.move_ids, self.partner)
        self._validate(delivery)
        self.assertEqual(delivery.state, "done")
        self.assertEqual(permit.spent_quantity, 4)

    def test_permit_for_a_company_counts_for_its_addresses(self):
        hold = self._hold(lot=self.lot)
        dock = self.env["res.partner"].create(
            {"name": "Dock", "parent_id": self.partner.id, "type": "delivery"}
        )
        delivery = self._delivery(4, self.lot, partner_id=dock.id)
        permit = self._permit(hold, delivery.move_ids, self.partner)
        self._validate(delivery)
        self.assertEqual(permit.spent_quantity, 4)
