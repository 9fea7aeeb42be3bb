from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestLotGuard(QmsCase):
    """A held lot keeps its identity, and nobody writes a status."""

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("L1").with_user(self.clerk)

    def test_free_lot_may_be_renamed_and_deleted(self):
        self.lot.name = "L2"
        self.assertEqual(self.lot.name, "L2")
        self.lot.unlink()
        self.assertFalse(self.lot.exists())

    def test_held_lot_keeps_number_and_product(self):
        self._hold(lot=self.lot)
        other = self._make_product("Cream")
        for vals in ({"name": "L2"}, {"product_id": other.id}):
            with self.subTest(vals), self.assertRaises(UserError) as refusal:
                self.lot.write(vals)
            self.assertEqual(
                str(refusal.exception),
                "These lots are held or have quality records, so they keep their number"
                " and product, and are not archived: L1.\n"
                "Split or scrap the lot instead, or release and correct it by an"
                " inventory count under a new number.",
            )
        self.lot.write({"name": "L1", "ref": "farm 7"})
        self.assertEqual(self.lot.ref, "farm 7")

    def test_lot_with_a_history_is_not_deleted(self):
        self._hold(lot=self.lot)._release("ok")
        with self.assertRaises(UserError) as refusal:
            self.lot.unlink()
        self.assertEqual(
            str(refusal.exception),
            "These lots are held or have quality records and can't be deleted: L1.",
        )

    def test_status_is_not_written_nor_created(self):
        for name, value in (
            ("inspection_status_id", self.available.id),
            ("qms_blocked_types", False),
            ("parent_lot_id", False),
        ):
            with self.subTest(name), self.assertRaises(AccessError):
                self.lot.with_user(self.manager).sudo().write({name: value})
        lot = (
            self.env["stock.lot"]
            .with_context(default_inspection_status_id=self.rejected.id)
            .create(
                {
                    "name": "L3",
                    "product_id": self.product.id,
                    "qms_blocked_types": ",delivery,",
                }
            )
        )
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertFalse(lot.qms_blocked_types)

    def test_ledger_is_closed_to_everybody(self):
        hold = self._hold(lot=self.lot)
        ledger = hold.with_user(self.manager)
        for forged in ({}, {"qms_sentinel": True}, {"qms_sentinel": "SENTINEL"}):
            with self.subTest(forged), self.assertRaises(AccessError):
                ledger.sudo().with_context(**forged).write({"state": "released"})
        with self.assertRaises(UserError):
            ledger.sudo().unlink()
        with self.assertRaises(UserError):
            ledger.sudo().copy()
        with self.assertRaises(AccessError):
            ledger.write({"state": "released"})

    def test_defaults_of_the_caller_do_not_open_a_hold(self):
        self.env["qms.status.rule"].create(
            {"product_id": self.product.id, "status_id": self.on_hold.id}
        )
        lots = self.env["stock.lot"].with_user(self.clerk)
        lot = lots.with_context(
            default_state="released", default_location_id=self.shelf.id
        ).create({"name": "L4", "product_id": self.product.id})
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(lot.sudo().qms_hold_ids.scope, "lot")

    def test_audit_trail_is_append_only(self):
        hold = self._hold(lot=self.lot)
        domain = [("res_model", "=", "qms.hold"), ("res_id", "=", hold.id)]
        entry = self.env["qms.audit.entry"].search(domain)
        self.assertEqual(entry.event, "place")
        self.assertIn("Status: On hold", entry.new_value.splitlines())
        for forge in (
            lambda: entry.sudo().write({"reason": "x"}),
            lambda: entry.sudo().unlink(),
            lambda: entry.sudo().copy(),
        ):
            with self.assertRaises(AccessError):
                forge()
