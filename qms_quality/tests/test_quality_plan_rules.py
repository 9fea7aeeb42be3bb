from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.sql_db import Cursor
from odoo.tests import tagged

from .common_plan import PlanCase
from .signing_case import VALIDATE, SigningCase


@tagged("post_install", "-at_install")
class TestQualityPlanRules(PlanCase, SigningCase):
    """What happens by itself never passes a rule about signatures or approvals."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.one = cls._judged_group("One", 1, 0)

    def _read_all(self, order, outcome="pass"):
        order.result_ids.with_user(self.inspector).outcome = outcome

    def test_a_signature_is_asked_for(self):
        self._rule()
        self._plan(order_auto=True)
        order = self._order_of(self.one)
        self._read_all(order)
        self.assertEqual(order.state, "open")
        self.assertTrue(self._held(order))
        self.assertIn("to be signed by 1 of Inspector", order.qms_signing_text)
        self._sign(order, self.inspector)
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))

    def test_nothing_is_added_to_what_was_signed(self):
        self._rule()
        self._plan(basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self._sign(order, self.inspector)
        self.assertEqual(order.verdict, "passed")
        with self.assertRaises(UserError) as error:
            self._read(order, self.judged, None, False)
        self.assertIn("A quality manager can reopen them", str(error.exception))

    def _count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        start = self.env.cr.sql_log_count
        call()
        return self.env.cr.sql_log_count - start

    def test_what_was_signed_is_asked_once_for_many(self):
        self._plan(basis="one")
        passed = self.env["qms.quality.order"]
        for number in range(6):
            order = self._order_of(self.one, f"M{number}")
            self._read(order, self.judged, True)
            order.with_user(self.inspector).action_validate()
            passed |= order
        # of one, none the less
        rule = self._rule()
        signed = self._order_of(self.one, "M9")
        self._read(signed, self.judged, True)
        self._sign(signed, self.inspector)
        rule.active = False
        orders = (passed | signed).with_user(self.inspector)
        self.assertEqual(
            orders.mapped("takes_readings"), [*[True] * len(passed), False]
        )
        for ask in (
            lambda some: some.mapped("takes_readings"),
            # a check of many readings asks nothing for each of its orders either
            lambda some: some.result_ids._filter_enterable(),
        ):
            # the first time fills the server's caches
            costs = [
                self._count_queries(lambda some=some, ask=ask: ask(some))
                for some in (orders, orders[:2], orders)
            ]
            self.assertEqual(*costs[1:])

    def test_rows_of_readings_ask_once_what_was_signed(self):
        self._plan(basis="one")
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        for number in range(6):
            order = self._order_of(self.one, f"M{number}")
            self._read(order, self.judged, True)
            orders |= order.with_user(self.inspector)
        orders.action_validate()
        asked = []
        with patch.object(Cursor, "execute", _note_asked(asked)):
            orders.record_readings(
                [
                    {"order": order.id, "test": "ODOU", "value": "pass"}
                    for order in orders
                ]
            )
        self.assertEqual(orders.mapped("recorded_count"), [2] * 6)
        # signatures and approvals of all orders, by one query each
        self.assertEqual(len(asked), 2, asked)

    def test_an_approval_is_asked_for(self):
        step = {"name": "Agree", "approver": "user", "user_id": self.second.id}
        self.env["qms.approval.rule"].create(
            {
                "name": "Release",
                "guarded": VALIDATE,
                "company_id": False,
                "step_ids": [(0, 0, {"group_id": self._managers().id, **step})],
            }
        )
        self._plan(order_auto=True)
        order = self._order_of(self.one)
        self._read_all(order)
        self.assertEqual(order.state, "open")
        approval = self.env["qms.approval"].search([("res_id", "=", order.id)])
        self.assertEqual(approval.state, "pending")
        self.assertEqual(approval.activity_ids.user_id, self.second)
        approval.with_user(self.second).action_approve()
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))

    def _managers(self):
        return self.env.ref("qms_quality.group_quality_manager")

    def test_a_reason_for_change_is_given_by_the_plan(self):
        rules = self.env["qms.reason.rule"].with_user(self.officer)
        model = self.env["ir.model"]._get("qms.quality.order")
        for event in ("validate", "reopen"):
            rules.create({"model_id": model.id, "kind": "action", "event": event})
        self._plan(order_auto=True, basis="one")
        order = self._order_of(self.one)
        self._read(order, self.judged, True)
        self.assertEqual(order.verdict, "passed")
        self._read(order, self.judged, None, False, None)
        self.assertEqual(order.verdict, "failed")
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        reasons = set(entries.mapped("reason"))
        self.assertIn("By the quality plan", reasons)
        self.assertIn("What came after the verdict says otherwise", reasons)


def _note_asked(asked):
    """Return ``Cursor.execute`` that notes who asks for what orders rest on."""
    execute = Cursor.execute

    def noting(cursor, query, *args, **kwargs):
        text = str(query)
        if any(
            f'FROM "{table}"' in text for table in ("qms_signature", "qms_approval")
        ):
            asked.append(text)
        return execute(cursor, query, *args, **kwargs)

    return noting
