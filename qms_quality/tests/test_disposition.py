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


@tagged("post_install", "-at_install")
class TestDispositionScrap(DispositionCase):
    """Scrapped goods leave the stock at their value, wherever they are."""

    def test_part_is_scrapped_and_the_rest_stays_held(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 80})
        self.assertEqual(row.move_ids.scrap_id.state, "done")
        self.assertEqual(row.move_ids.scrap_id.origin, case.name)
        self.assertEqual((row.done_quantity, row.state), (20, "done"))
        self.assertEqual(self._free(self.stock, case.lot_ids), 0)

    def test_scrap_takes_its_value_along(self):
        self.product.categ_id = self.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        self.product.standard_price = 2
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        self.assertEqual(row.move_ids.value, 40)

    def test_permit_covers_exactly_what_was_decided(self):
        case = self._lot_case()
        row = self._add(case, "scrap", 20)
        self._carry_out(case)
        permits = self.env["qms.hold.permit"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self.assertRecordValues(
            permits,
            [
                {
                    "hold_id": case._get_open_holds().id,
                    "transaction_type": "scrap",
                    "quantity": 20,
                    "spent_quantity": 20,
                }
            ],
        )

    def test_several_lots_and_places_at_once(self):
        lot, other = self._make_lot("L-1"), self._make_lot("L-2")
        self._stock_up(60, lot)
        self._stock_up(40, lot, self.shelf)
        self._stock_up(5, other)
        case = self._make_case(lot | other)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        case.disposition_ids.with_user(self.inspector).kind = "scrap"
        self._carry_out(case)
        self.assertEqual(self._held(case), {})
        self.assertEqual(case.state, "follow_up")
        for place in (self.stock, self.shelf):
            self.assertEqual(self._quantity(place, lot), 0)

    def test_package_and_owner_are_kept_apart(self):
        lot = self._make_lot("L-1")
        package = self.env["stock.package"].create({"name": "PACK"})
        self._stock_up(10, lot)
        self._stock_up(20, lot, package=package)
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, 5, lot_id=lot, owner_id=self.partner
        )
        case = self._make_case(lot)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        rows = case.disposition_ids
        self.assertEqual(
            {(row.package_id, row.owner_id, row.quantity) for row in rows},
            {
                (package, self.partner.browse(), 20),
                (package.browse(), self.partner.browse(), 10),
                (package.browse(), self.partner, 5),
            },
        )
        packed = rows.filtered("package_id")
        packed.with_user(self.inspector).write({"kind": "scrap", "quantity": 15})
        owned = rows.filtered("owner_id")
        owned.with_user(self.inspector).kind = "scrap"
        (rows - packed - owned).with_user(self.inspector).unlink()
        self._carry_out(case)
        quants = lot.quant_ids.filtered(lambda q: q.location_id == self.stock)
        self.assertEqual(
            {(q.package_id, q.owner_id, q.quantity) for q in quants if q.quantity},
            {
                (package, self.partner.browse(), 5),
                (package.browse(), self.partner.browse(), 10),
            },
        )

    def test_serial_number(self):
        product = self._make_product("Pump", tracking="serial")
        lots = self._make_lot("S-1", product) | self._make_lot("S-2", product)
        for lot in lots:
            self._stock_up(1, lot)
        case = self._make_case(lots)
        self._bring_to_disposition(case)
        self._add(case, "scrap", 1, lot=lots[0])
        self._add(case, "use_as_is", 1, lot=lots[1])
        self._carry_out(case)
        self.assertEqual(self._quantity(self.stock, lots[0]), 0)
        self.assertEqual(self._free(self.stock, lots[1]), 1)
        self.assertEqual(case.state, "follow_up")

    def test_untracked_goods(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        self._add(case, "scrap", 20, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})
        self.assertEqual(self._free(self.shelf, product=self.untracked), 0)


@tagged("post_install", "-at_install")
class TestDispositionUseAsIs(DispositionCase):
    """A concession frees exactly the goods that it is about."""

    def test_whole_lot(self):
        case = self._lot_case()
        row = self._add(case, "use_as_is", 100)
        self._carry_out(case)
        self.assertFalse(row.child_lot_id)
        self.assertEqual(case.lot_ids.inspection_status_id, self.available)
        self.assertEqual((row.state, case.state), ("done", "follow_up"))

    def test_lot_in_several_places_stays_one_lot(self):
        lot = self._make_lot("L-1")
        self._stock_up(60, lot)
        self._stock_up(40, lot, self.shelf)
        case = self._make_case(lot)
        self._bring_to_disposition(case)
        case.with_user(self.inspector).action_list_goods()
        case.disposition_ids.with_user(self.inspector).write(
            {"kind": "use_as_is", "reason": "Harmless"}
        )
        self._carry_out(case)
        self.assertFalse(lot.child_lot_ids)
        self.assertEqual(self._free(self.stock, lot) + self._free(self.shelf, lot), 100)

    def test_part_becomes_a_child_lot(self):
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30)
        self._carry_out(case)
        child = row.child_lot_id
        self.assertEqual((child.parent_lot_id, child.name), (case.lot_ids, "L-1-1"))
        self.assertEqual(self._free(self.stock, child), 30)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 70})
        self.assertEqual(case.state, "execution")

    def test_scrap_return_and_use_of_one_lot(self):
        case = self._lot_case()
        self._add(case, "scrap", 20)
        used = self._add(case, "use_as_is", 80)
        self._carry_out(case)
        self.assertFalse(used.child_lot_id, "what is left is the lot")
        self.assertEqual(self._free(self.stock, case.lot_ids), 80)

    def test_separate_lot_on_request(self):
        case = self._lot_case()
        row = self._add(case, "use_as_is", 100, is_separate=True)
        self._carry_out(case)
        self.assertEqual(self._free(self.stock, row.child_lot_id), 100)
        self.assertEqual(case.state, "follow_up")

    def test_conditional_status_afterwards(self):
        status = self.env.ref("qms_quality.status_conditional")
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30, status_id=status.id)
        other = self._add(case, "use_as_is", 70)
        self._carry_out(case)
        self.assertEqual(row.child_lot_id.inspection_status_id, status)
        self.assertEqual(self._free(self.stock, row.child_lot_id), 0)
        self.assertFalse(other.child_lot_id)
        self.assertEqual(case.lot_ids.inspection_status_id, self.available)
        hold = row.child_lot_id.qms_hold_ids.filtered(lambda h: h.state == "open")
        self.assertRecordValues(
            hold, [{"res_model": row._name, "res_id": row.id, "reason": "Decided"}]
        )

    def test_goods_go_to_their_new_place(self):
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30, location_dest_id=self.dest.id)
        self._carry_out(case)
        self.assertEqual(self._free(self.dest, row.child_lot_id), 30)
        self.assertEqual(self._quantity(self.stock, case.lot_ids), 70)

    def test_reason_is_the_concession(self):
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30, reason=" ")
        self.assertEqual(
            row.problem, "say why the goods may be used: that is the concession."
        )

    def test_part_of_untracked_goods_needs_a_place(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        hold = case._get_open_holds()
        row = self._add(case, "use_as_is", 20, location=self.shelf)
        self.assertEqual(
            row.problem,
            f"they are only part of what {hold.name} holds, and can't be told from the"
            " rest. Choose a place to take them to, or carry out what is decided on the"
            " rest together with it.",
        )
        row.with_user(self.inspector).location_dest_id = self.shelf
        self.assertIn("is no other place in stock", row.problem)
        inner = self._make_location("Inner", self.shelf)
        row.with_user(self.inspector).location_dest_id = inner
        self.assertIn("these goods would still be held", row.problem)
        row.with_user(self.inspector).location_dest_id = self.dest
        self.assertFalse(row.problem)
        self._carry_out(case)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})
        self.assertEqual(self._free(self.dest, product=self.untracked), 20)
        self.assertEqual(self._free(self.shelf, product=self.untracked), 0)

    def test_free_goods_in_the_new_place_don_t_matter(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        self._stock_up(7, product=self.untracked, location=self.dest)
        case = self._place_case(location=self.shelf)
        self._add(
            case, "use_as_is", 20, location=self.shelf, location_dest_id=self.dest.id
        )
        self._carry_out(case)
        self.assertEqual(self._free(self.dest, product=self.untracked), 27)

    def test_all_untracked_goods_of_a_place(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        self._add(case, "scrap", 20, location=self.shelf)
        self._add(case, "use_as_is", 30, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._free(self.shelf, product=self.untracked), 30)
        self.assertEqual(case.state, "follow_up")

    def test_part_of_a_package(self):
        lot = self._make_lot("L-1")
        package = self.env["stock.package"].create({"name": "PACK"})
        self._stock_up(20, lot, package=package)
        self._stock_up(10, lot)
        case = self._place_case(self.product, lot=lot, package=package)
        row = self._add(case, "use_as_is", 5, lot=lot, package_id=package.id)
        self._carry_out(case)
        self.assertEqual(row.child_lot_id.quant_ids.package_id, package)
        self.assertEqual(self._free(self.stock, row.child_lot_id), 5)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 15})

    def test_hold_that_travelled_is_freed_alone(self):
        lot = self._make_lot("L-1")
        self._stock_up(50, lot, self.shelf)
        case = self._make_case(product_id=self.product.id)
        inspection = self.env.ref("qms_quality.status_under_inspection")
        self.env["qms.hold"]._place(
            [
                {
                    **case._prepare_hold_values(inspection),
                    "product_id": self.product.id,
                    "lot_id": lot.id,
                    "location_id": self.shelf.id,
                }
            ]
        )
        move = self._picking("internal", 20, source=self.shelf, dest=self.dest)
        move.action_confirm()
        move.move_ids.picked = True
        move._action_done()
        self._bring_to_disposition(case)
        self.assertEqual(
            self._held(case), {("L-1", "Shelf"): 30, ("L-1", "Accepted"): 20}
        )
        self._add(case, "use_as_is", 20, lot=lot, location=self.dest)
        self._carry_out(case)
        self.assertEqual(self._held(case), {("L-1", "Shelf"): 30})
        self.assertEqual(self._free(self.dest, lot), 20)
        case.with_user(self.inspector).action_dispose()
        self._add(case, "use_as_is", 30, lot=lot, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._held(case), {})

    def test_root_is_freed_and_what_travelled_stays_held(self):
        lot = self._make_lot("L-1")
        self._stock_up(50, lot, self.shelf)
        case = self._make_case(product_id=self.product.id)
        inspection = self.env.ref("qms_quality.status_under_inspection")
        self.env["qms.hold"]._place(
            [
                {
                    **case._prepare_hold_values(inspection),
                    "product_id": self.product.id,
                    "lot_id": lot.id,
                    "location_id": self.shelf.id,
                }
            ]
        )
        move = self._picking("internal", 20, source=self.shelf, dest=self.dest)
        move.action_confirm()
        move.move_ids.picked = True
        move._action_done()
        self._bring_to_disposition(case)
        self._add(case, "use_as_is", 30, lot=lot, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._held(case), {("L-1", "Accepted"): 20})
        self.assertEqual(self._free(self.shelf, lot), 30)
        self.assertEqual(self._free(self.dest, lot), 0)

    def test_release_that_waits_for_approval(self):
        """Who approves releases is asked, where nobody had to approve the row."""
        officer = self.officer
        self.env["qms.approval.rule"].create(
            {
                "name": "Releases",
                "guarded": "qms.hold:release",
                "company_id": False,
                "step_ids": [
                    (0, 0, {"name": "X", "approver": "user", "user_id": officer.id})
                ],
            }
        )
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30)
        self._carry_out(case)
        self.assertEqual(row.state, "in_progress")
        self.assertEqual(self._free(self.stock, row.child_lot_id), 0)
        request = self.env["qms.approval"].search(
            [("res_model", "=", "qms.hold"), ("state", "=", "pending")]
        )
        self.assertEqual(request.res_id, row.ending_hold_ids.id)
        request.with_user(officer).action_approve()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._free(self.stock, row.child_lot_id), 30)

    def test_release_is_not_asked_again_where_the_row_was_approved(self):
        for guarded in ("qms.hold:release", "qms.disposition:approve"):
            self.env["qms.approval.rule"].create(
                {
                    "name": guarded,
                    "guarded": guarded,
                    "company_id": False,
                    "step_ids": [
                        (
                            0,
                            0,
                            {
                                "name": "X",
                                "approver": "user",
                                "user_id": self.officer.id,
                            },
                        )
                    ],
                }
            )
        case = self._lot_case()
        row = self._add(case, "use_as_is", 30)
        case.with_user(self.inspector).action_submit()
        request = self.env["qms.approval"].search([("res_model", "=", row._name)])
        request.with_user(self.officer).action_approve()
        case.with_user(self.inspector).action_execute()
        self.assertEqual(row.state, "done")
        self.assertEqual(self._free(self.stock, row.child_lot_id), 30)
