from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase
from .searching import get_start_domain


@tagged("post_install", "-at_install")
class TestLaboratory(InspectionCase):
    """Laboratories need their time, and the board says what they owe."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laboratory = (
            cls.env["qms.laboratory"]
            .with_user(cls.manager)
            .create({"name": "Institute", "lead_days": 4})
        )
        cls.germs = cls._make_test("Germs", test_type="pass_fail")
        cls.slow = cls._make_group(
            "Germ count",
            {"test_id": cls.weight.id, "lower_limit": 4, "upper_limit": 6},
            {"test_id": cls.germs.id, "laboratory_id": cls.laboratory.id},
        )

    @classmethod
    def _in_days(cls, days):
        today = fields.Date.context_today(cls.env.user)
        return fields.Date.add(today, days=days)

    def _orders_of(self, action):
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        return orders.search(get_start_domain(orders, action))

    # -- Test groups -------------------------------------------------------------------

    def test_a_laboratory_says_whether_it_is_outside(self):
        self.assertEqual(
            self.slow.line_ids.mapped("laboratory"), ["internal", "external"]
        )
        group = self._draft_group("Draft", {"test_id": self.germs.id})
        line = group.line_ids.with_user(self.manager)
        self.assertEqual(line.laboratory, "internal")
        line.laboratory_id = self.laboratory
        self.assertEqual(line.laboratory, "external")
        with Form(line) as form:
            form.laboratory = "internal"
        self.assertFalse(line.laboratory_id)

    def test_kinds_agree(self):
        group = self._draft_group("Draft", {"test_id": self.germs.id})
        line = group.line_ids.with_user(self.manager)
        line.laboratory_id = self.laboratory
        with self.assertRaises(ValidationError) as error:
            line.laboratory = "internal"
        self.assertEqual(
            str(error.exception),
            "Draft, Germs: this test is done by a laboratory of the kind “Internal”,"
            " and Institute is another kind.",
        )
        with self.assertRaises(ValidationError):
            self.laboratory.kind = "internal"
        room = self.laboratory.create({"name": "Room 3", "kind": "internal"})
        with self.assertRaises(ValidationError) as error:
            room.partner_id = self.partner
        self.assertEqual(
            str(error.exception),
            "Room 3 is a laboratory of your own, so nothing is sent to a contact. Take"
            " the contact away, or make it external.",
        )

    def test_a_version_in_force_keeps_its_laboratory(self):
        order = self._receive_order_of(self.slow)
        self.assertEqual(order.test_ids[1].laboratory_id, self.laboratory)
        other = self.laboratory.create({"name": "Other", "kind": "external"})
        draft = self.slow.with_user(self.manager)._get_draft()
        draft.line_ids[1].laboratory_id = other
        draft.action_activate()
        self.assertEqual(order.test_ids[1].laboratory_id, self.laboratory)
        self.assertEqual(self.slow.line_ids[1].laboratory_id, self.laboratory)

    # -- Due dates ---------------------------------------------------------------------

    def _receive_order_of(self, group, lot="L1", **vals):
        rule = self._associate(group, product_ids=self.product.ids, **vals)
        order = self._orders(self._receive(lots=[lot])).filtered(
            lambda one: one.association_id == rule
        )
        self.assertEqual(len(order), 1)
        return order

    def test_an_order_is_due_when_the_laboratory_can_have_answered(self):
        quick = self._receive_order_of(self.group, lot="L1", due_days=2)
        self.assertEqual(quick.date_due, self._in_days(2))
        slow = self._receive_order_of(self.slow, lot="L2", due_days=2)
        self.assertEqual(slow.date_due, self._in_days(4))
        slow.association_id.due_days = 9
        later = self._orders(self._receive(lots=["L3"]))
        self.assertEqual(
            set(later.mapped("date_due")), {self._in_days(2), self._in_days(9)}
        )

    # -- The board ---------------------------------------------------------------------

    def test_an_order_waits_when_only_the_laboratory_is_missing(self):
        order = self._receive_order_of(self.slow).with_user(self.inspector)
        other = self._receive_order_of(self.group, lot="L2")
        orders = (order + other).with_user(self.inspector)
        self.assertFalse(order.is_at_laboratory)
        order.result_ids[0].value = 5
        order.invalidate_recordset()
        self.assertTrue(order.is_at_laboratory)
        waiting = orders.search([("is_at_laboratory", "=", True)])
        self.assertEqual(waiting & orders, order)
        self.assertNotIn(order, orders.search([("is_at_laboratory", "=", False)]))
        team = order.team_id
        self.assertIn(order, self._orders_of(team.action_open_at_laboratory()))
        order.result_ids[1].outcome = "pass"
        order.invalidate_recordset()
        self.assertFalse(order.is_at_laboratory)

    def test_what_a_laboratory_owes(self):
        order = self._receive_order_of(self.slow).with_user(self.inspector)
        laboratory = self.laboratory.with_user(self.inspector)
        names = ["todo_count", "today_count", "late_count"]

        def counts():
            laboratory.invalidate_recordset(names)
            return [laboratory[name] for name in names]

        self.assertEqual(counts(), [1, 0, 0])
        order.date_due = self._in_days(0)
        self.assertEqual(counts(), [1, 1, 0])
        self.assertEqual(self._orders_of(laboratory.action_open_today()), order)
        order.date_due = self._in_days(-1)
        self.assertEqual(counts(), [1, 0, 1])
        self.assertEqual(self._orders_of(laboratory.action_open_late()), order)
        self.assertEqual(self._orders_of(laboratory.action_open_todo()), order)
        order.result_ids[1].outcome = "pass"
        self.assertEqual(counts(), [0, 0, 0])
        self.assertFalse(self._orders_of(laboratory.action_open_todo()))

    def test_the_board_costs_the_same_for_all_laboratories(self):
        laboratories = self.laboratory
        for number in range(20):
            laboratories += laboratories[0].copy({"name": f"Laboratory {number}"})
        laboratories = laboratories.with_user(self.inspector)
        laboratories[0].read(["todo_count"])
        laboratories.invalidate_recordset()
        laboratories.read(["name"])
        with self.assertQueryCount(3):
            laboratories.read(["todo_count", "today_count", "late_count"])

    def test_rights(self):
        laboratory = self.laboratory.with_user(self.inspector)
        with self.assertRaises(AccessError):
            laboratory.lead_days = 0
        other = self.env["res.company"].create({"name": "Other dairy"})
        foreign = self.env["qms.laboratory"].create(
            {"name": "Theirs", "company_id": other.id}
        )
        self.assertNotIn(foreign, laboratory.search([]))
