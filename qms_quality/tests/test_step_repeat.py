from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..models.sentinel import trusted
from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestStepRepeat(StepCase):
    """Goods in quarantine are inspected again, and lots after a term."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.zone = cls._make_location("Zone", qms_zone="quarantine")
        cls.zone.location_id = cls.warehouse.view_location_id
        cls.lot = cls._receive(["L1"]).move_line_ids.lot_id

    def _enter(self, lot=None, quantity=10):
        picking = self._transfer(lot or self.lot, self.stock, self.zone, quantity)
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def _run(self, hours=0):
        now = fields.Datetime.now() + timedelta(hours=hours)
        with freeze_time(now), self.enter_registry_test_mode():
            self.env.ref("qms_quality.cron_ask_again").method_direct_trigger()

    def test_leaving_waits(self):
        rule = self._rule("quarantine", "next")
        self._enter()
        order = self._orders_of(rule)
        self.assertEqual((order.lot_ids, order.location_id), (self.lot, self.zone))
        self.assertEqual(
            self._held(order), [(self.under_inspection, self.lot, self.zone)]
        )
        bin_in_zone = self._make_location("Bin", self.zone)
        inside = self._transfer(self.lot, self.zone, bin_in_zone, 2)
        inside.button_validate()
        self.assertEqual(inside.state, "done")
        self.assertEqual(self._orders_of(rule), order)

    def test_inspected_again(self):
        rule = self._rule("quarantine", repeat_hours=48)
        self._enter()
        first = self._orders_of(rule)
        self._run()
        self.assertEqual(self._orders_of(rule), first)
        # not finished: not asked twice
        self._run(hours=49)
        self.assertEqual(self._orders_of(rule), first)
        self._inspect(first)
        self.env["stock.picking"].search(
            [("location_id", "=", self.zone.id), ("state", "!=", "done")]
        ).action_cancel()
        self._run(hours=98)
        second = self._orders_of(rule) - first
        self.assertEqual((second.lot_ids, second.quantity), (self.lot, 10))
        self.assertEqual(
            self._held(second), [(self.under_inspection, self.lot, self.zone)]
        )
        self._run(hours=98)
        self.assertEqual(self._orders_of(rule), first | second)

    def test_not_again_when_gone(self):
        rule = self._rule("quarantine", repeat_hours=48)
        self.warehouse.qms_zone_done = True
        self._enter()
        first = self._orders_of(rule)
        self._inspect(first)
        self.assertEqual(self._quantity(self.stock, self.lot), 10)
        self._run(hours=49)
        self.assertEqual(self._orders_of(rule), first)
        self.assertFalse(first.date_repeat)

    def test_batches(self):
        rule = self._rule("quarantine", repeat_hours=48)
        lots = self._receive([f"B{n}" for n in range(5)]).move_line_ids.lot_id
        for lot in lots:
            self._enter(lot)
        orders = self._orders_of(rule)
        trusted(orders)._cancel()
        trusted(orders).date_repeat = fields.Datetime.now()
        rules = self.env["qms.quality.association"]
        for count, answer in ((7, (2, 3)), (9, (2, 1)), (10, (1, 0))):
            self.assertEqual(rules._ask_again(limit=2), answer)
            self.assertEqual(len(self._orders_of(rule)), count)

    def test_lots_of_an_age(self):
        rule = self._rule("lot_term", term_days=30)
        other = self._associate(
            self._make_weight_group("Later"), event="lot_term", term_days=60
        )
        self._run()
        self.assertFalse(self._orders_of(rule))
        self._run(hours=24 * 31)
        order = self._orders_of(rule)
        self.assertEqual(order.lot_ids, self.lot)
        self.assertEqual(self.lot.inspection_status_id, self.under_inspection)
        self.assertFalse(
            self._orders_of(other).filtered(lambda o: self.lot in o.lot_ids)
        )
        self._run(hours=24 * 31)
        self.assertEqual(self._orders_of(rule), order)

    def test_settings_go_with_their_event(self):
        for vals, message in (
            (
                {"event": "receipt", "repeat_hours": 48},
                "Weight: only goods in quarantine are inspected again.",
            ),
            ({"event": "lot_term"}, "Weight: give the term in days."),
        ):
            with self.assertRaises(ValidationError) as error:
                self._rule(**vals)
            self.assertEqual(str(error.exception), message)
