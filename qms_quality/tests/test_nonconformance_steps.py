from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_case import NonconformanceCase


@tagged("post_install", "-at_install")
class TestNonconformanceSteps(NonconformanceCase):
    """Initiation to closing, each step by its action and by whom may."""

    def _row(self, case, state="draft", **vals):
        """Return a disposition in a state, as its own actions would leave it."""
        row = trusted(self.env["qms.disposition"]).create(
            {
                "nonconformance_id": case.id,
                "kind": "scrap",
                "lot_id": case.lot_ids[:1].id,
                "location_id": self.stock.id,
                "quantity": 10,
                **vals,
            }
        )
        trusted(row).state = state
        return row

    def test_cause_is_required_before_disposition(self):
        case = self._make_case()
        case.with_user(self.inspector).action_investigate()
        self.assertEqual(case.user_id, self.inspector)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).action_dispose()
        self.assertEqual(
            str(refused.exception),
            f"{case.name}: choose the root cause and describe it before you decide"
            " about the goods.",
        )
        case.root_cause_id = self.cause
        with self.assertRaises(UserError):
            case.with_user(self.inspector).action_dispose()
        self._explain(case)
        case.with_user(self.inspector).action_dispose()
        self.assertEqual(case.state, "disposition")

    def test_steps_keep_their_order(self):
        case = self._make_case().with_user(self.manager)
        for action, label in (
            ("action_dispose", "Dispose"),
            ("action_submit", "Submit"),
            ("action_execute", "Execute"),
            ("action_follow_up", "Follow Up"),
            ("action_close", "Close"),
        ):
            with self.assertRaises(UserError) as refused:
                getattr(case, action)()
            self.assertEqual(
                str(refused.exception),
                f"{label} isn't possible for: {case.name} (Initiation).",
            )

    def test_without_goods_it_goes_on_to_follow_up(self):
        case = self._make_case(type="internal")
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_submit()
        self.assertEqual(case.state, "follow_up")
        with self.assertRaises(AccessError) as refused:
            case.with_user(self.inspector).action_close()
        self.assertEqual(
            str(refused.exception),
            "Only members of the group Quality / Quality manager can do this.",
        )
        case.with_user(self.manager).action_close()
        self.assertEqual(case.state, "closed")
        self.assertEqual(case.closed_by_id, self.manager)
        self.assertTrue(case.date_closed)

    def test_held_goods_need_a_disposition(self):
        case = self._fail_order().case_id
        self._bring_to_disposition(case)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(refused.exception),
            f"{case.name}: it holds goods. Add a disposition that says what becomes of"
            " them.",
        )

    def test_case_follows_its_dispositions(self):
        case = self._fail_order().case_id
        self._bring_to_disposition(case)
        row = self._row(case)
        trusted(case).state = "approval"
        case._advance()
        self.assertEqual(case.state, "approval")
        trusted(row).state = "approved"
        case._advance()
        self.assertEqual(case.state, "execution")
        self.assertTrue(case.has_approved)
        trusted(row).state = "done"
        case._advance()
        # the goods are there yet, so somebody decides about the rest
        self.assertEqual(case.state, "execution")
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).action_follow_up()
        self.assertIn(f"{case.name}: it still holds goods: ", str(refused.exception))
        case.with_user(self.inspector).action_dispose()
        self.assertEqual(case.state, "disposition")

    def test_hold_without_goods_ends_with_the_follow_up(self):
        case = self._fail_order().case_id
        self._bring_to_disposition(case)
        row = self._row(case, "done")
        trusted(case).state = "execution"
        self._stock_up(-10, case.lot_ids)
        case._advance()
        self.assertEqual(case.state, "follow_up")
        self.assertFalse(self._case_holds(case))
        self.assertEqual(row.state, "done")

    def test_closing_can_need_approval(self):
        self.env["qms.approval.rule"].create(
            {
                "name": "Officer closes",
                "guarded": "qms.nonconformance:close",
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Compliance",
                            "approver": "user",
                            "user_id": self.officer.id,
                        },
                    )
                ],
            }
        )
        case = self._make_case()
        trusted(case).state = "follow_up"
        action = case.with_user(self.manager).action_close()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(case.state, "follow_up")
        request = self.env["qms.approval"].search([("res_id", "=", case.id)])
        request.with_user(self.officer).action_approve()
        self.assertEqual(case.state, "closed")

    def test_a_closed_case_stays_as_it_is(self):
        case = self._make_case()
        self.env["qms.nonconformance.why"].create(
            {"nonconformance_id": case.id, "name": "Why?"}
        )
        trusted(case).state = "closed"
        for change in (
            {"subject": "Another"},
            {"root_cause_id": self.cause.id},
            {"why_ids": [(0, 0, {"name": "Why else?"})]},
            {"why_ids": [(1, case.why_ids.id, {"answer": "x"})]},
            {"why_ids": [(2, case.why_ids.id)]},
        ):
            with self.assertRaises(UserError) as refused:
                case.with_user(self.manager).write(change)
        self.assertEqual(
            str(refused.exception),
            f"These cases can't be changed any more: {case.name} (Closed). A quality"
            " manager can reopen them.",
        )
        tag = self.env["qms.nonconformance.tag"].create({"name": "Audit 2026"})
        case.with_user(self.inspector).tag_ids = tag

    def test_nobody_deletes_a_case(self):
        case = self._make_case()
        with self.assertRaises(UserError) as refused:
            case.with_user(self.manager).unlink()
        self.assertEqual(
            str(refused.exception),
            f"A case is never deleted: {case.name}. Cancel it and say why, and its"
            " history stays.",
        )
