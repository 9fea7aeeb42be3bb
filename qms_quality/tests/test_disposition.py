from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_disposition import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionSteps(DispositionCase):
    """Proposed, approved and carried out: each once, by who may."""

    def test_goods_are_listed_where_they_are(self):
        lot, other = self._make_lot("L-1"), self._make_lot("L-2")
        self._stock_up(60, lot)
        self._stock_up(40, lot, self.shelf)
        self._stock_up(5, other)
        case = self._make_case(lot | other)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        rows = case.disposition_ids
        self.assertEqual(
            {(row.lot_id, row.location_id, row.quantity) for row in rows},
            {(lot, self.stock, 60), (lot, self.shelf, 40), (other, self.stock, 5)},
        )
        self.assertEqual((case.held_quantity, case.undisposed_quantity), (105, 0))
        rows.with_user(self.inspector)[0].quantity -= 10
        case.invalidate_recordset(["undisposed_quantity"])
        self.assertEqual(case.undisposed_quantity, 10)
        case.with_user(self.inspector).action_list_goods()
        self.assertEqual(
            (case.disposition_ids - rows).mapped("quantity"), [10], "only what is left"
        )

    def test_goods_delivered_already_are_not_listed(self):
        lot = self._make_lot("L-1")
        self._stock_up(60, lot)
        self._stock_up(7, lot, self.customer)
        case = self._make_case(lot)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        self.assertEqual(case.disposition_ids.mapped("quantity"), [60])

    def test_what_is_chosen_is_said_before_it_is_submitted(self):
        case = self._lot_case()
        case.with_user(self.inspector).action_list_goods()
        with self.assertRaises(UserError) as refused:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(refused.exception),
            f"This can't be done:\n- {case.name} · 100 Units · L-1: choose what is done"
            " with the goods.",
        )

    def test_quantity_can_not_exceed_what_is_there(self):
        case = self._lot_case(quantity=30)
        row = self._add(case, "scrap", 31)
        self.assertEqual(
            row.problem, f"only 30 Units are in {self.stock.display_name}."
        )
        with self.assertRaisesRegex(UserError, "only 30 Units are in"):
            case.with_user(self.inspector).action_submit()
        row.with_user(self.inspector).quantity = 20
        self._add(case, "scrap", 11)
        with self.assertRaisesRegex(UserError, "other dispositions are about 11"):
            case.with_user(self.inspector).action_submit()

    def test_goods_in_another_place_are_not_there(self):
        case = self._lot_case(quantity=30)
        row = self._add(case, "scrap", 1, location=self.shelf)
        self.assertIn("only 0 Units are in", row.problem)

    def test_goods_that_the_case_does_not_hold(self):
        case = self._lot_case()
        other = self._make_lot("L-2")
        self._stock_up(5, other)
        row = self._add(case, "scrap", 5, lot=other)
        self.assertEqual(row.problem, f"{case.name} doesn't hold these goods.")

    def test_only_managers_approve_where_no_rule_says_who(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 100)
        case.with_user(self.inspector).action_submit()
        with self.assertRaisesRegex(AccessError, "Quality manager"):
            row.with_user(self.inspector).action_approve()
        row.with_user(self.manager).action_approve()
        self.assertRecordValues(
            row, [{"state": "approved", "approved_by_id": self.manager.id}]
        )
        self.assertEqual(case.state, "execution")

    def test_rule_says_who_approves(self):
        self.env["qms.approval.rule"].create(
            {
                "name": "Plant",
                "guarded": "qms.disposition:approve",
                "filter_domain": "[('kind', 'in', ('scrap', 'rework'))]",
                "company_id": False,
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Plant manager",
                            "group_id": self.env.ref(
                                "qms_quality.group_plant_manager"
                            ).id,
                        },
                    )
                ],
            }
        )
        case = self._lot_case()
        row = self._add(case, "scrap", 60)
        other = self._add(case, "use_as_is", 40)
        case.with_user(self.inspector).action_submit()
        request = self.env["qms.approval"].search(
            [("res_model", "=", row._name), ("res_id", "in", (row | other).ids)]
        )
        self.assertEqual(request.res_id, row.id)
        self.assertEqual((row.state, case.state), ("draft", "approval"))
        other.with_user(self.manager).action_approve()
        request.with_user(self.plant).action_approve()
        self.assertRecordValues(
            row, [{"state": "approved", "approved_by_id": self.plant.id}]
        )
        self.assertEqual(case.state, "execution")

    def test_changed_proposal_is_asked_for_again(self):
        self.env["qms.approval.rule"].create(
            {
                "name": "All",
                "guarded": "qms.disposition:approve",
                "company_id": False,
                "step_ids": [
                    (
                        0,
                        0,
                        {"name": "Plant", "approver": "user", "user_id": self.plant.id},
                    )
                ],
            }
        )
        case = self._lot_case()
        row = self._add(case, "scrap", 60)
        case.with_user(self.inspector).action_submit()
        request = self.env["qms.approval"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self._save()
        self.assertEqual(request.state, "pending")
        row.with_user(self.inspector).quantity = 99
        self._save()
        self.assertEqual(request.state, "void")

    def test_nothing_is_carried_out_before_it_is_approved(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 100)
        with self.assertRaisesRegex(UserError, "Carry Out isn't possible for"):
            row.with_user(self.inspector).action_execute()
        case.with_user(self.inspector).action_submit()
        with self.assertRaisesRegex(UserError, "Carry Out isn't possible for"):
            row.with_user(self.inspector).action_execute()
        self.assertEqual(self._quantity(self.stock, case.lot_ids), 100)

    def test_nothing_is_carried_out_twice(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 40)
        self._carry_out(case)
        self.assertEqual(row.state, "done")
        with self.assertRaisesRegex(UserError, "Carry Out isn't possible for"):
            row.with_user(self.inspector).action_execute()
        self.assertEqual(self._quantity(self.stock, case.lot_ids), 60)

    def test_nothing_is_half_done(self):
        case = self._lot_case()
        self._add(case, "scrap", 40)
        row = self._add(case, "use_as_is", 60)
        self._approve(case)
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, -10, lot_id=case.lot_ids
        )
        with self.assertRaisesRegex(UserError, "90 Units are in"):
            case.with_user(self.inspector).action_execute()
        self.assertEqual(self._quantity(self.stock, case.lot_ids), 90)
        self.assertEqual(case.disposition_ids.mapped("state"), ["approved"] * 2)
        row.with_user(self.manager).action_cancel()
        case.with_user(self.inspector).action_execute()
        self.assertEqual(self._quantity(self.stock, case.lot_ids), 50)

    def test_decided_rows_keep_what_was_decided(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 40)
        self._approve(case)
        with self.assertRaisesRegex(UserError, "are decided and can't be changed"):
            row.with_user(self.manager).quantity = 41
        with self.assertRaisesRegex(UserError, "are decided and can't be changed"):
            row.with_user(self.manager).unlink()
        with self.assertRaisesRegex(AccessError, "set by its buttons only"):
            row.with_user(self.manager).state = "draft"

    def test_cancelled_rows_leave_their_goods_undecided(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 100)
        self._approve(case)
        with self.assertRaises(AccessError):
            row.with_user(self.inspector).action_cancel()
        row.with_user(self.manager).action_cancel("A better idea")
        self.assertEqual((row.state, case.undisposed_quantity), ("cancelled", 100))
        case.with_user(self.inspector).action_dispose()
        self.assertEqual(case.state, "disposition")

    def test_case_follows_up_when_all_is_done(self):
        case = self._lot_case()
        self._add(case, "scrap", 40)
        self._carry_out(case)
        self.assertEqual((case.state, case.undisposed_quantity), ("execution", 60))
        case.with_user(self.inspector).action_dispose()
        self._add(case, "use_as_is", 60)
        self._carry_out(case)
        self.assertEqual((case.state, self._held(case)), ("follow_up", {}))

    def test_holds_of_the_case_are_not_released_by_hand(self):
        case = self._lot_case()
        hold = case._get_open_holds()
        with self.assertRaises(UserError) as refused:
            hold.with_user(self.manager).action_release()
        self.assertEqual(
            str(refused.exception),
            "The goods of these holds are disposed of in their nonconformance, which"
            f" frees them: {hold.name} ({case.display_name}).",
        )

    def test_other_holds_are_in_the_way(self):
        case = self._lot_case()
        other = self._hold(lot=case.lot_ids, reason="Fire")
        row = self._add(case, "scrap", 100)
        self.assertIn("other holds are in the way: On hold · Fire", row.problem)
        self.assertIn(other.name, row.problem)
        with self.assertRaisesRegex(UserError, "other holds are in the way"):
            case.with_user(self.inspector).action_submit()
        other._release("Extinguished")
        self._carry_out(case)
        self.assertEqual(row.state, "done")

    def test_what_else_holds_goods_stays(self):
        case = self._lot_case()
        other = self._hold(lot=case.lot_ids, reason="Fire")
        row = self._add(case, "use_as_is", 30)
        self._carry_out(case)
        child = row.child_lot_id
        self.assertEqual(other.state, "open")
        self.assertEqual(child.inspection_status_id, self.on_hold)
        self.assertEqual(
            child.qms_hold_ids.filtered(lambda h: h.state == "open").reason, "Fire"
        )
