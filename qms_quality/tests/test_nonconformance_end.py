from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_case import NonconformanceCase


@tagged("post_install", "-at_install")
class TestNonconformanceEnd(NonconformanceCase):
    """Cancelling gives the holds back; opening again takes them."""

    def _cancel(self, case, reason="Wrong limits"):
        """Press the button, as the web client does."""
        action = case.with_user(self.manager).action_cancel()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        with Form(wizard.browse(action["res_id"])) as form:
            form.reason = reason
        form.save().action_confirm()

    def test_cancelling_gives_the_goods_back_to_the_order(self):
        order = self._fail_order()
        case, lot = order.case_id, order.lot_ids
        self._cancel(case)
        self.assertEqual(case.state, "cancelled")
        self.assertFalse(self._case_holds(case))
        place = self.env["stock.location"]
        self.assertEqual(self._held(order), [(self.on_hold, lot, place)])
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)], limit=1
        )
        self.assertFalse(order.case_id)
        self.assertTrue(entry)

    def test_opening_again_takes_them(self):
        order = self._fail_order()
        case = order.case_id
        self._cancel(case)
        case.with_user(self.manager).action_reopen("The limits were right")
        self.assertEqual(case.state, "investigation")
        self.assertFalse(self._held(order))
        self.assertEqual(len(self._case_holds(case)), 1)

    def test_not_two_cases_for_one_order(self):
        order = self._fail_order()
        case = order.case_id
        self._cancel(case)
        order.with_user(self.inspector).action_open_case()
        other = order.case_id
        self.assertNotEqual(other, case)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.manager).action_reopen("Once more")
        self.assertEqual(
            str(refused.exception),
            f"{case.name}: {order.name} has another case by now, {other.name}.",
        )

    def test_own_holds_are_disposed_of_not_cancelled(self):
        lot = self._make_lot("C1")
        self._stock_up(3, lot)
        case = self._make_case(lot)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.manager).action_cancel("By mistake")
        self.assertEqual(
            str(refused.exception),
            f"{case.name}: it holds goods. Dispose of them before you give it up; to"
            " free them, use them as they are.",
        )
        self._stock_up(-3, lot)
        case.with_user(self.manager).action_cancel("By mistake")
        self.assertFalse(self._case_holds(case))

    def test_what_was_begun_is_not_cancelled(self):
        case = self._fail_order().case_id
        row = trusted(self.env["qms.disposition"]).create(
            {"nonconformance_id": case.id, "kind": "scrap", "quantity": 1}
        )
        trusted(row).state = "done"
        with self.assertRaises(UserError) as refused:
            case.with_user(self.manager).action_cancel("By mistake")
        self.assertEqual(
            str(refused.exception),
            f"{case.name}: some of its goods were disposed of. See it through and close"
            " it.",
        )

    def test_reason_is_required(self):
        case = self._make_case()
        for reason in ("x", "   ", 5, ["because"]):
            with self.assertRaises(UserError) as refused:
                case.with_user(self.manager).action_cancel(reason)
        self.assertRegex(
            str(refused.exception), f"{case.name}: say why, in at least . characters."
        )
        for user in (self.inspector, self.officer, self.plant):
            with self.assertRaises(AccessError):
                case.with_user(user).action_cancel("Because I can")
