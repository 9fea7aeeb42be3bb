from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

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
