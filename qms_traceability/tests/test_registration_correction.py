from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationCorrection(TrackedCase):
    """Consumption is adjusted before closing, and corrected after it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(1)

    def _adjust(self, row, quantities, reason=None):
        """Fill in the dialog as the worker does; ``{lot: (other lot, quantity)}``."""
        action = self.order.qms_adjust_consumption(row)
        with Form.from_action(self.env(user=self.worker), action) as form:
            for number, line in enumerate(form.line_ids._records):
                lot = self.env["stock.lot"].browse(line["lot_id"])
                other, quantity = quantities.get(lot, (lot, line["quantity"]))
                with form.line_ids.edit(number) as edited:
                    edited.lot_id = other
                    edited.quantity = quantity
            if reason:
                form.reason = reason
        return form.record.action_confirm()

    def test_before_closing(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self._adjust(
            row,
            {self.motors[0]: (self.motors[1], 1), self.oils[0]: (self.oils[0], 3.5)},
        )
        # more than the bill of materials says is asked about, as in any order
        action = self.order.qms_report_finished([row])
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        Form.from_action(self.env, action).save().action_confirm()
        self.assertEqual(self._consumed(self.order), {"MOT-1": 1, "OIL-0": 3.5})
        with self.assertRaisesRegex(UserError, "Nothing is changed"):
            self._adjust(row, {}, "Mine")

    def test_after_closing(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self.order.qms_report_finished([row])
        changes = {
            self.motors[0]: (self.motors[1], 1),
            self.oils[0]: (self.oils[0], 1.5),
        }
        with self.assertRaisesRegex(UserError, "Say why the consumption is corrected"):
            self._adjust(row, changes, " ")
        self._adjust(row, changes, "Wrong label")
        self.assertEqual(self._consumed(self.order), {"MOT-1": 1, "OIL-0": 1.5})
        self.assertEqual(
            [self._quantity(self.stock, lot) for lot in self.motors[:2]], [1, 0]
        )
        self.assertEqual(self._quantity(self.stock, self.oils[0]), 98.5)
        ones = self.env["qms.tracked.product"].browse(row).component_ids
        self.assertEqual(
            [(one.lot_id.name, one.quantity, one.state) for one in ones],
            [
                ("MOT-0", 1, "replaced"),
                ("OIL-0", 2, "replaced"),
                ("MOT-1", 1, "done"),
                ("OIL-0", 1.5, "done"),
            ],
        )
        self.assertEqual(ones[2:].replaces_id, ones[:2])
        self.assertEqual(set(ones.mapped("reason")), {"Wrong label"})
        links = self.env["qms.lot.link"].search(
            [("production_id", "=", self.order.id)], order="id"
        )
        held = links.filtered(lambda one: not (one.reverses_id or one.undone_by_ids))
        self.assertEqual(
            {(one.from_lot_id.name, one.quantity, one.origin) for one in held},
            {("MOT-1", 1, "registered"), ("OIL-0", 1.5, "registered")},
        )
        # the earlier links are kept
        self.assertEqual(
            {(one.from_lot_id.name, one.quantity) for one in links[:2]},
            {("MOT-0", 1), ("OIL-0", 2)},
        )
        with self.assertRaisesRegex(UserError, "Correct it with Adjust Consumption"):
            self.order.qms_remove_products([row])

    def test_signature(self):
        rules = self.env["qms.signature.rule"]
        rules.create(
            {
                "guarded": "qms.tracked.product:correct",
                "group_id": self.env.ref("mrp.group_mrp_user").id,
                "company_id": self.company.id,
                "meaning_ids": [(4, self.env.ref("qms_quality.meaning_reviewed").id)],
            }
        )
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self.order.qms_report_finished([row])
        changes = {self.motors[0]: (self.motors[1], 1)}
        action = self._adjust(row, changes, "Wrong label")
        self.assertEqual(action["res_model"], "qms.signature.wizard")
        self.assertEqual(self._consumed(self.order), {"MOT-0": 1, "OIL-0": 2})

    def test_held_goods_are_no_correction(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self.order.qms_report_finished([row])
        self._hold(lot=self.motors[1])
        with self.assertRaisesRegex(UserError, "MOT-1"):
            self._adjust(row, {self.motors[0]: (self.motors[1], 1)}, "Wrong label")

    def test_serial_is_one(self):
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        for quantity in (0.5, 2):
            with self.assertRaisesRegex(UserError, "MOT-0: this quantity can't be"):
                self._adjust(row, {self.motors[0]: (self.motors[0], quantity)})
        with self.assertRaisesRegex(UserError, "OIL-0: this quantity can't be"):
            self._adjust(row, {self.oils[0]: (self.oils[0], -1)})

    def test_used_serial_is_no_correction(self):
        """A motor that another pump has isn't consumed a second time."""
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self.order.qms_report_finished([row])
        other = self._order(1)
        used = self._build(other, "P-2", self.motors[1], self.oils[0])
        changes = {self.motors[0]: (self.motors[1], 1)}
        text = f"MOT-1 is already used, in P-2 of {other.name}"
        with self.assertRaisesRegex(UserError, text):
            self._adjust(row, changes, "Wrong label")
        other.qms_report_finished([used])
        with self.assertRaisesRegex(UserError, text):
            self._adjust(row, changes, "Wrong label")
        with self.assertRaisesRegex(UserError, "OIL-1 isn't in stock"):
            self._adjust(row, {self.oils[0]: (self.oils[1], 101)}, "Wrong label")
        self.assertEqual(self._quantity(self.stock, self.motors[1]), 0)

    # -- Machines ----------------------------------------------------------------------

    def test_api(self):
        api = self.env["qms.tracked.component"].with_user(self.worker)
        self.motor.default_code = "MOTOR"
        order = self._order(2)
        scans = [
            {"id": "m-1", "mode": "product", "code": "P-1"},
            {"id": "m-2", "finished": "P-1", "item": "MOTOR", "code": "MOT-0"},
            {"id": "m-3", "finished": "P-1", "code": "OIL-0", "quantity": 0.5},
            {"id": "m-4", "finished": "P-1", "code": "OIL-1"},
            {"id": "m-5", "finished": "P-1", "code": "MOT-1"},
        ]
        for _time in range(2):
            answers = api.register(order.name, scans)
            self.assertEqual(
                [answer["outcome"] for answer in answers],
                ["accepted"] * 4 + ["refused"],
            )
        listed = api.list_registrations(order.id)
        self.assertEqual(
            [(one["finished"], one["lot"], one["quantity"]) for one in listed],
            [("P-1", "MOT-0", 1), ("P-1", "OIL-0", 0.5), ("P-1", "OIL-1", 1.5)],
        )
        api.remove(order.name, [listed[0]["id"]])
        self.assertEqual(
            [one["state"] for one in api.list_registrations(order.name)],
            ["removed", "open", "open"],
        )
        with self.assertRaisesRegex(UserError, "There is no manufacturing order NOPE"):
            api.register("NOPE", scans)
        with self.assertRaisesRegex(UserError, "has no component WHEEL"):
            api.register(order.name, [{**scans[1], "id": "m-6", "item": "WHEEL"}])
        odd = {"id": "m-7", "product": "x", "item": "MOTOR", "code": "MOT-1"}
        with self.assertRaisesRegex(UserError, "This is no scan"):
            api.register(order.name, [odd])
        for user in (self.clerk, self.inspector):
            with self.assertRaises(AccessError):
                api.with_user(user).register(order.name, scans)
