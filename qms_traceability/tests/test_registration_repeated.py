from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationRepeated(TrackedCase):
    """What comes again, several at once, and what was cancelled meanwhile."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(2)

    def _register(self, *scans):
        api = self.env["qms.tracked.component"].with_user(self.worker)
        return api.register(self.order.name, scans)

    def test_call_is_answered_as_before(self):
        """Whatever became meanwhile of what it names."""
        self.motor.default_code = "MOTOR"
        scans = [
            {"id": "a-1", "mode": "product", "code": "P-1"},
            {"id": "a-2", "finished": "P-1", "item": "MOTOR", "code": "MOT-0"},
            {"id": "a-3", "finished": "P-1", "item": "MOTOR", "code": "MOT-1"},
        ]
        first = self._register(*scans)
        self.assertEqual(
            [answer["outcome"] for answer in first], ["accepted", "accepted", "refused"]
        )
        self._move(self.order, self.motor)._action_cancel()
        self.assertEqual(self._register(*scans), first)
        self.order.qms_remove_products([first[0]["product"]])
        self.assertEqual(self._register(*scans), first)
        self.order.action_cancel()
        self.assertEqual(self._register(*scans), first)
        # only what is new is looked up
        with self.assertRaisesRegex(UserError, "has no component MOTOR"):
            self._register({**scans[1], "id": "a-4"})

    def test_all_warnings_at_once(self):
        """Two lots took more oil than planned: one dialog asks about both."""
        sauce = self._make_product("Sauce")
        order = self._order(100, self._make_bom(sauce, {self.oil: 0.5}))
        rows = [
            self._accept(order, f"S-{n}", quantity=50)["product"]["id"]
            for n in range(2)
        ]
        for row in rows:
            self._accept(order, "OIL-0", row, quantity=20)
        action = order.qms_report_finished(rows)
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        form = Form.from_action(self.env(user=self.worker), action)
        wizard = form.save()
        parts = order.production_group_id.production_ids
        lines = wizard.mrp_consumption_warning_line_ids
        self.assertEqual(lines.mrp_production_id, parts)
        self.assertEqual(lines.mapped("product_consumed_qty_uom"), [20, 20])
        wizard.action_confirm()
        self.assertEqual(parts.mapped("state"), ["done", "done"])
        self.assertEqual(
            [self._consumed(part) for part in parts], [{"OIL-0": 20}, {"OIL-0": 20}]
        )

    def _make_sauce(self, consumption, *quantities):
        """Register a lot of sauce for each quantity of oil; return order and rows."""
        bom = self._make_bom(self._make_product("Sauce"), {self.oil: 0.5})
        bom.consumption = consumption
        order = self._order(50 * len(quantities), bom)
        rows = []
        for n, quantity in enumerate(quantities):
            rows.append(self._accept(order, f"S-{n}", quantity=50)["product"]["id"])
            if quantity:
                self._accept(order, "OIL-0", rows[-1], quantity=quantity)
        return order, rows

    def test_blocked_consumption(self):
        """The dialog names what keeps all of them; nothing is posted before."""
        order, rows = self._make_sauce("strict", 20, 25, 15)
        action = order.qms_report_finished(rows)
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        parts = order.production_group_id.production_ids
        made = {part.lot_producing_ids.name: part for part in parts}
        lines = wizard.mrp_consumption_warning_line_ids
        self.assertEqual(wizard.consumption, "strict")
        self.assertEqual(lines.mrp_production_id, made["S-0"] | made["S-2"])
        self.assertFalse(parts.filtered(lambda part: part.state == "done"))
        self.assertFalse(any(self._consumed(part) for part in parts))
        # what is registered is neither set to what is planned nor posted unconfirmed
        with self.assertRaises(UserError) as caught:
            wizard.action_set_qty()
        self.assertEqual(
            str(caught.exception),
            f"Oil: {made['S-0'].name}, {made['S-2'].name} consumes what is registered."
            " Correct it with Adjust Consumption in View Associations, or have the"
            " difference confirmed.",
        )
        # the one that is as planned needs nobody
        self.assertIs(order.qms_report_finished(rows[1:2]), True)
        self.assertEqual(made["S-1"].state, "done")
        self.assertEqual(self._consumed(made["S-1"]), {"OIL-0": 25})
        manager = self._make_user("qms_factory", "mrp.group_mrp_manager")
        order = order.with_user(manager)
        action = order.qms_report_finished([rows[0], rows[2]])
        wizard = Form.from_action(self.env(user=manager), action).save()
        wizard.action_confirm()
        self.assertEqual(set(parts.mapped("state")), {"done"})
        self.assertEqual(self._consumed(made["S-0"]), {"OIL-0": 20})
        self.assertEqual(self._consumed(made["S-2"]), {"OIL-0": 15})

    def test_missing_of_each_order(self):
        """One message says what is missing of all that are reported."""
        self.company.qms_tracked_required = True
        order, rows = self._make_sauce("flexible", 20, 25, 0)
        with self.assertRaises(UserError) as caught:
            order.qms_report_finished(rows)
        text = str(caught.exception)
        self.assertIn("S-0: 5 Units of Oil", text)
        self.assertIn("S-2: 25 Units of Oil", text)
        self.assertNotIn("S-1", text)
        self.assertEqual(text.count("can't be closed before"), 2)

    def test_cancelled_order(self):
        """Its moves were cancelled, which left what is registered open."""
        row = self._accept(self.order, "P-0")["product"]["id"]
        (self.order.move_finished_ids | self.order.move_raw_ids)._action_cancel()
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(
            self._refuse(self.order, "MOT-0", row),
            f"{self.order.name} is cancelled: P-0 isn't made by it any more.",
        )
        self.assertEqual(
            self._refuse(self.order, "P-1"),
            f"{self.order.name} is cancelled: nothing more is made.",
        )

    def test_open_row_of_a_cancelled_order(self):
        row = self._build(self.order, "P-0", self.motors[0], self.oils[0])
        self.order.sudo().state = "cancel"
        text = f"{self.order.name} is cancelled: P-0 isn't made by it any more."
        self.assertEqual(self._refuse(self.order, "MOT-1", row), text)
        with self.assertRaises(UserError) as caught:
            self.order.qms_report_finished([row])
        self.assertEqual(str(caught.exception), text)
        self.order.qms_remove_products([row])
