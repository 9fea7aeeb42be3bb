from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, freeze_time, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_case import NonconformanceCase


@tagged("post_install", "-at_install")
class TestNonconformanceOpening(NonconformanceCase):
    """A failed order opens one case, which holds its goods from then on."""

    def test_failed_order_opens_a_case_that_says_what_failed(self):
        order = self._fail_order()
        case = order.case_id
        self.assertRecordValues(
            case,
            [
                {
                    "state": "initiation",
                    "subject": "Weight",
                    "type": "supplier",
                    "product_id": self.product.id,
                    "lot_ids": order.lot_ids.ids,
                    "quantity": 10,
                    "partner_id": self.partner.id,
                    "picking_id": order.picking_id.id,
                    "quality_order_id": order.id,
                    "user_id": self.inspector.id,
                }
            ],
        )
        self.assertRegex(case.name, r"NC/\d{4}/\d{5}")
        self.assertRecordValues(
            case.failure_ids,
            [
                {
                    "name": "Weight",
                    "value": "3.90 kg",
                    "test_id": self.weight.id,
                    "lot_id": order.lot_ids.id,
                    "quality_order_id": order.id,
                }
            ],
        )
        self.assertIn(case.name, order.message_ids[:1].body)

    def test_hold_passes_to_the_case(self):
        order = self._fail_order()
        case, lot = order.case_id, order.lot_ids
        self.assertFalse(self._held(order))
        place = self.env["stock.location"]
        self.assertEqual(self._case_holds(case), [(self.on_hold, lot, place)])
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        released = self.env["qms.hold"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertEqual(set(released.mapped("state")), {"released"})
        self.assertIn(f"Passed to {case.name}", released.mapped("release_reason"))
        with self.assertRaises(UserError) as refused:
            self._delivery(2, lot)._action_done()
        self.assertIn(case.name, str(refused.exception))

    def test_passing_on_never_leaves_the_goods_free(self):
        """A delivery that waits for the goods doesn't get them in between."""
        order = self._receive_order()
        picking = self._picking("outgoing", 5)
        picking.action_confirm()
        self._fail(order)
        self.assertTrue(order.case_id)
        self.assertEqual(picking.move_ids.quantity, 0)

    def test_a_rule_about_releasing_does_not_stop_passing_on(self):
        """The goods stay held, so nobody has to approve anything."""
        step = {"name": "Agree", "approver": "user", "user_id": self.manager.id}
        self.env["qms.approval.rule"].create(
            {
                "name": "Four eyes",
                "guarded": "qms.hold:release",
                "step_ids": [(0, 0, step)],
            }
        )
        order = self._fail_order()
        self.assertFalse(self._held(order))
        self.assertFalse(
            self.env["qms.approval"]
            .search([("state", "=", "pending")])
            .filtered(lambda one: one.res_model == "qms.hold")
        )

    def test_validated_twice_is_one_case_with_both_failures(self):
        order = self._fail_order()
        case = order.case_id
        order.with_user(self.manager).action_reopen()
        weight = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weight.with_user(self.inspector).value = 3.5
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.case_ids, case)
        self.assertEqual(case.failure_ids.mapped("value"), ["3.90 kg", "3.50 kg"])
        self.assertEqual(len(self._case_holds(case)), 1)
        self.assertFalse(self._held(order))

    def test_reopened_and_passed_the_case_still_holds(self):
        order = self._fail_order()
        case, lot = order.case_id, order.lot_ids
        order.with_user(self.manager).action_reopen()
        self.assertEqual(len(self._held(order)), 1)
        self.assertEqual(len(self._case_holds(case)), 1)
        weight = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weight.with_user(self.inspector).value = 5
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertFalse(self._held(order))
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def test_failing_again_opens_a_closed_case_again(self):
        order = self._fail_order()
        case = order.case_id
        trusted(case).state = "closed"
        order.with_user(self.manager).action_reopen()
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.case_ids, case)
        self.assertEqual(case.state, "investigation")
        self.assertFalse(self._held(order))

    def test_company_opens_by_hand(self):
        self.company.qms_open_cases = False
        order = self._fail_order()
        self.assertFalse(order.case_id)
        self.assertEqual(len(self._held(order)), 1)
        with self.assertRaises(AccessError):
            order.with_user(self.clerk).action_open_case()
        action = order.with_user(self.inspector).action_open_case()
        case = self.Case.browse(action["res_id"])
        self.assertEqual(order.case_id, case)
        self.assertFalse(self._held(order))
        action = order.with_user(self.inspector).action_open_case()
        self.assertEqual(action["res_id"], case.id)

    def test_only_what_failed_gets_a_case(self):
        order = self._receive_order()
        with self.assertRaises(UserError) as refused:
            order.with_user(self.inspector).action_open_case()
        self.assertEqual(
            str(refused.exception),
            f"{order.name} has not failed. Report a nonconformance from its lot or its"
            " document.",
        )
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertFalse(order.case_id)

    def test_what_travelled_ends_with_its_root_under_the_case_too(self):
        """A known lot is held where it arrived; goods moved on stay held by the case,
        in both places, and one release frees both."""
        lot = self._make_lot("K1")
        self._stock_up(5, lot, self.shelf)
        order = self._receive_order(lots=[lot])
        [hold] = self.env["qms.hold"]._search_open(order._name, order.ids)
        self.assertEqual(hold.location_id, self.stock)
        far = self._make_location("Far", self.warehouse.view_location_id)
        self._stock_up(2, lot, far)
        trusted(self.env["qms.hold"].sudo()).create(
            {
                "name": "ext",
                "root_id": hold.id,
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": far.id,
                "status_id": hold.status_id.id,
                "res_model": order._name,
                "res_id": order.id,
                "company_id": self.company.id,
            }
        )
        self._fail(order)
        holds = order.case_id._get_open_holds()
        self.assertEqual(holds.location_id, self.stock | far)
        roots = holds.filtered(lambda one: not one.root_id)
        self.assertFalse(
            self.env["qms.hold"].search(
                [
                    ("res_model", "=", order._name),
                    ("res_id", "=", order.id),
                    ("state", "=", "open"),
                ]
            )
        )
        roots._qms_do_release("Test")
        self.assertFalse(order.case_id._get_open_holds())

    def test_more_of_a_failed_lot_is_held_by_its_case(self):
        order = self._fail_order()
        case = order.case_id
        self.env["qms.hold"]._place(
            [
                {
                    **order._prepare_hold_values(self.rejected, "More of it"),
                    "product_id": self.product.id,
                    "lot_id": order.lot_ids.id,
                    "location_id": self.shelf.id,
                }
            ]
        )
        self.assertFalse(self._held(order))
        self.assertIn(
            (self.rejected, order.lot_ids, self.shelf), self._case_holds(case)
        )

    def test_test_asked_for_by_a_case_fails_into_the_same_case(self):
        case = self._fail_order().case_id
        trusted(case).state = "follow_up"
        again = self.env["qms.quality.order"].create(
            {
                "product_id": self.product.id,
                "lot_ids": [(6, 0, case.lot_ids.ids)],
                "test_group_ids": [(6, 0, self.group.ids)],
                "quantity": 10,
            }
        )
        again.nonconformance_id = case
        self._fail(again)
        self.assertFalse(again.case_ids)
        self.assertEqual(
            case.failure_ids.quality_order_id, again | case.quality_order_id
        )
        self.assertEqual(case.state, "execution")
        self.assertFalse(self._held(again))

    def test_accepting_a_part_is_decided_on_the_case(self):
        order = self._fail_order()
        quant = self.env["stock.quant"].search([("lot_id", "=", order.lot_ids.id)])
        with self.assertRaises(UserError) as refused:
            order.with_user(self.manager).action_accept_part(
                quant[:1].id, 2, "Good enough for us"
            )
        self.assertEqual(
            str(refused.exception),
            f"{order.case_id.name} holds the goods of {order.name}. Decide there what"
            " becomes of them.",
        )

    def test_life_of_the_lot_tells_of_its_case(self):
        order = self._fail_order()
        self._bring_to_disposition(order.case_id)
        action = order.lot_ids.with_user(self.inspector).action_open_trail()
        self.env.cr.flush()
        lines = self.env[action["res_model"]].with_user(self.inspector)
        lines = lines.with_context(**action["context"]).search(
            [("kind", "=", "nonconformance")]
        )
        self.assertIn("Investigation begun", lines.mapped("event_label"))
        self.assertIn("Disposition begun", lines.mapped("event_label"))

    def test_kind_of_case_follows_the_goods(self):
        order = self._receive_order()
        values = order._prepare_case_values()
        self.assertEqual(values["type"], "supplier")
        order = self.env["qms.quality.order"].create(
            {"product_id": self.product.id, "lot_ids": [(6, 0, order.lot_ids.ids)]}
        )
        self.assertEqual(order._prepare_case_values()["type"], "internal")

    @freeze_time("2026-03-02 10:00:00")
    def test_deadline_comes_from_the_company(self):
        self.company.qms_case_days = 5
        case = self._make_case()
        self.assertEqual(str(case.date_deadline), "2026-03-07")
        self.assertFalse(case.is_late)
        with freeze_time("2026-03-08 10:00:00"):
            case.invalidate_recordset()
            self.assertTrue(case.is_late)
            self.assertIn(case, self.Case.search([("is_late", "=", True)]))
        self.company.qms_case_days = 0
        self.assertFalse(self._make_case().date_deadline)

    def test_responsible_is_told_unless_he_opened_it(self):
        order = self._receive_order()
        order.user_id = self.manager
        self._fail(order)
        self.assertEqual(order.case_id.activity_ids.user_id, self.manager)


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


@tagged("post_install", "-at_install")
class TestNonconformanceByHand(NonconformanceCase):
    """Cases that a person opens, and what he can't write."""

    def test_lots_of_a_case_are_held_unless_it_says_no(self):
        lot, other = self._make_lot("H1"), self._make_lot("H2")
        case = self._make_case(lot, hold_goods=False)
        self.assertEqual(lot.inspection_status_id, self.available)
        case.with_user(self.inspector).hold_goods = True
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        case.with_user(self.inspector).lot_ids = lot | other
        self.assertEqual(other.inspection_status_id, self.on_hold)
        self.assertEqual(len(self._case_holds(case)), 2)
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).lot_ids = lot
        self.assertEqual(
            str(refused.exception),
            f"{case.name} holds H2. Dispose of them before you take them off the case.",
        )

    def test_form_opens_a_case(self):
        lot = self._make_lot("F1")
        with Form(self.Case.with_user(self.inspector)) as form:
            form.subject = "Leaking"
            form.product_id = self.product
            form.lot_ids.add(lot)
            form.quantity = 2
        case = form.save()
        self.assertEqual(case.uom_id, self.product.uom_id)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(lot.qms_nonconformance_count, 1)
        self.assertEqual(lot.action_open_nonconformances()["res_id"], case.id)

    def test_lots_are_of_the_product(self):
        lot = self._make_lot("S1", self._make_product("Sugar"))
        with self.assertRaises(ValidationError) as refused:
            self._make_case(product_id=self.product.id, lot_ids=[(6, 0, lot.ids)])
        self.assertRegex(
            str(refused.exception),
            r"NC/\d+/\d+: S1: not of the product Milk. Open a case for each product.",
        )

    def test_product_stays_when_something_rests_on_it(self):
        case = self._fail_order().case_id
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).product_id = self.untracked
        self.assertEqual(
            str(refused.exception),
            f"{case.name} is about Milk of {self.company.name}, and holds, failures or"
            " dispositions rest on that. Cancel it and open another one.",
        )

    def test_cases_are_of_their_company(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        case = self.Case.create({"subject": "Theirs", "company_id": other.id})
        for user in (self.inspector, self.manager, self.plant, self.officer):
            self.assertFalse(self.Case.with_user(user).search([("id", "=", case.id)]))
            with self.assertRaises(AccessError):
                case.with_user(user).subject  # noqa: B018
