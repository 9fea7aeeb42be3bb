from odoo.tests import tagged

from .common_disposition import DispositionCase


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

    def _hold_that_travelled(self):
        """Return a case that holds 30 of a lot on the shelf, and 20 that went on."""
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
        return case, lot

    def test_hold_that_travelled_is_freed_alone(self):
        case, lot = self._hold_that_travelled()
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
        case, lot = self._hold_that_travelled()
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
