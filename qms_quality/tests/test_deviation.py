from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_deviation import DeviationCase


@tagged("post_install", "-at_install")
class TestDeviation(DeviationCase):
    """What departs is recorded when goods are posted, and decided afterwards."""

    # -- Inbound -----------------------------------------------------------------------

    def test_a_receipt_that_departs_is_received_on_hold(self):
        card = self._make_purchase_card(self._fat(">=", 3.5))
        receipt = self._buy(10)
        lot = self._receive_lots(receipt, {"A": 10})
        self.assertEqual(receipt.state, "done")
        deviation = self._deviations(lot_id=lot.id)
        self.assertRecordValues(
            deviation,
            [
                {
                    "state": "open",
                    "direction": "in",
                    "departure": "blocked",
                    "expected": "Fat content is at least 3.5 %",
                    "found": "not recorded",
                    "quantity": 10,
                    "partner_id": self.fresh.id,
                    "picking_id": receipt.id,
                    "qrs_id": card.id,
                    "user_id": self.clerk.id,
                    "is_intentional": False,
                    "is_by_hand": False,
                }
            ],
        )
        self.assertEqual(deviation.move_line_id, receipt.move_line_ids.sudo())
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        hold = self.env["qms.hold"]._search_open("qms.deviation", deviation.ids)
        self.assertEqual(hold.lot_id, lot)
        self.assertEqual(
            hold.reason,
            "Departs from requirements: Fat content is at least 3.5 %."
            " Found: not recorded",
        )
        for text in ("Recorded as deviations:", "Milk · A: Fresh Foods demands: Fat"):
            self.assertIn(text, receipt.message_ids[0].body)

    def test_of_a_known_lot_only_what_arrived_is_held(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._make_lot("A")
        self._stock_up(3, lot, self.shelf)
        receipt = self._buy(10)
        self._enter(receipt, [{"lot_id": lot.id, "quantity": 10}])
        receipt.button_validate()
        hold = self.env["qms.hold"]._search_open(
            "qms.deviation", self._deviations(lot_id=lot.id).ids
        )
        self.assertEqual((hold.lot_id, hold.location_id), (lot, self.stock))

    def test_accepting_releases_the_goods(self):
        self._make_purchase_card(self._fat(">=", 3.5), self._no_origin(self.chile))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        first, second = self._deviations(lot_id=lot.id)
        self._accept(first)
        self.assertEqual(first.state, "accepted")
        # the other one still holds it
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self._accept(second)
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_rejecting_leaves_them_held(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        deviation = self._deviations(lot_id=lot.id)
        self._assess(deviation)
        own = deviation.with_user(self.manager)
        own.decision_reason = "Too thin"
        own.action_reject()
        self.assertEqual((own.state, own.decision), ("rejected", "rejected"))
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        own.action_close()
        self.assertEqual((own.state, own.decision), ("closed", "rejected"))

    def test_a_company_can_refuse_the_receipt(self):
        self.company.qms_receipt_departure = "refuse"
        self._make_purchase_card(self._fat(">=", 3.5))
        receipt = self._buy(10)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            self._receive_lots(receipt, {"A": 5, "B": 5})
        self.assertEqual(
            caught.exception.args[0],
            "These goods don't meet what was ordered, and are not accepted:\n"
            "- Milk · A: Fresh Foods demands: Fat content is at least 3.5 %."
            f" Found: not recorded ({self._source(receipt)})\n"
            "- Milk · B: Fresh Foods demands: Fat content is at least 3.5 %."
            f" Found: not recorded ({self._source(receipt)})\n"
            "Take them out of the receipt, or record what was measured.",
        )
        self.assertFalse(self._deviations(picking_id=receipt.id))

    def _source(self, picking):
        return self._copy_of(picking)._qms_get_source()

    def test_recorded_departures_hold_nothing(self):
        self._make_purchase_card(self._fat(">=", 3.5, "recorded"))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        self.assertEqual(self._deviations(lot_id=lot.id).departure, "recorded")
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_an_operation_type_that_only_records_holds_nothing(self):
        self.warehouse.in_type_id.qms_requirement_moment = "record"
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        self.assertEqual(len(self._deviations(lot_id=lot.id)), 1)
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_each_lot_and_criterion_has_one(self):
        self._make_purchase_card(self._fat(">=", 3.5), self._no_origin(self.chile))
        receipt = self._buy(10)
        lots = self._receive_lots(receipt, {"A": 4, "B": 6})
        found = self._deviations(picking_id=receipt.id)
        self.assertEqual(len(found), 4)
        self.assertEqual(found.lot_id, lots)
        # all of them are said at once, and nothing else
        source = self._source(receipt)
        rows = [
            f"- Milk · {lot}: Fresh Foods demands: {what}. Found: not recorded"
            f" ({source})"
            for lot in ("A", "B")
            for what in (
                "Fat content is at least 3.5 %",
                "Country of Origin is none of: Chile",
            )
        ]
        said = receipt.message_ids.filtered(lambda one: "Recorded as" in one.body)
        self.assertEqual(
            said.body, f"<p>Recorded as deviations:<br>{'<br>'.join(rows)}</p>"
        )
        # posting them again by correcting the quantity makes none
        receipt.move_line_ids[0].sudo().quantity = 5
        self.assertEqual(len(self._deviations(picking_id=receipt.id)), 4)

    def test_goods_that_meet_leave_no_trace(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._make_lot("A")
        self._record(lot, {self.fat: 4.0})
        receipt = self._buy(10)
        self._enter(receipt, [{"lot_id": lot.id, "quantity": 10}])
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        self.assertFalse(self._deviations(lot_id=lot.id))

    # -- By hand -----------------------------------------------------------------------

    def test_recorded_by_hand_as_a_clerk(self):
        picking = self._delivery(3)
        lot = self._make_lot("X")
        action = picking.with_user(self.clerk).action_record_deviation()
        wizard = self.env["qms.deviation.record"].with_user(self.clerk)
        form = Form(wizard.with_context(**action["context"]))
        form.lot_id = lot
        form.expected = "Two labels"
        form.found = "One label"
        record = form.save()
        found = self.env["qms.deviation"].browse(record.action_record()["res_id"])
        self.assertRecordValues(
            found,
            [
                {
                    "state": "open",
                    "is_by_hand": True,
                    "product_id": self.product.id,
                    "lot_id": lot.id,
                    "picking_id": picking.id,
                    "direction": "out",
                    "expected": "Two labels",
                    "user_id": self.clerk.id,
                }
            ],
        )

    def test_a_buyer_records_one_too(self):
        wizard = (
            self.env["qms.deviation.record"]
            .with_user(self.buyer)
            .create({"product_id": self.product.id, "expected": "a", "found": "b"})
        )
        action = wizard.action_record()
        found = self.env["qms.deviation"].browse(action["res_id"])
        self.assertEqual(found.user_id, self.buyer)

    def test_by_hand_all_problems_at_once(self):
        wizard = (
            self.env["qms.deviation.record"]
            .with_user(self.clerk)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_id": self._make_lot("Y", self._make_product("Jam")).id,
                    "expected": "a",
                    "found": "b",
                    "is_intentional": True,
                }
            )
        )
        with self.assertRaises(UserError) as caught:
            wizard.action_record()
        self.assertEqual(
            caught.exception.args[0],
            "Y is not a lot of Milk.\nSay why it was intended.",
        )

    # -- Steps and rights --------------------------------------------------------------

    def _one(self):
        self._make_card(self._fat(">=", 3.5, "recorded"))
        lot = self._stock_lot("A", values={self.fat: 3.0})
        picking = self._sell(4)
        picking.button_validate()
        return self._deviations(lot_id=lot.id)

    def test_assessing_needs_every_answer(self):
        deviation = self._one().with_user(self.inspector)
        deviation.impact_quality = "none"
        with self.assertRaises(UserError) as caught:
            deviation.action_assess()
        self.assertEqual(
            caught.exception.args[0],
            "Fill these in first:\n"
            f"- {deviation.name}: Regulated System, Regulatory Filing, Assessment",
        )

    def test_what_was_recorded_stays(self):
        deviation = self._one()
        for user in (self.manager, self.inspector, self.administrator, self.clerk):
            own = deviation.with_user(user)
            for vals in (
                {"found": "4 %"},
                {"state": "accepted"},
                {"decision": "accepted"},
                {"lot_id": False},
            ):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    own.write(vals)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.unlink()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.create(
                    {
                        "product_id": self.product.id,
                        "company_id": self.company.id,
                        "direction": "in",
                    }
                )
        self._assess(deviation)
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            deviation.with_user(self.inspector).assessment = "Nothing"
        self.assertEqual(
            caught.exception.args[0],
            f"This can't be changed now: Assessment, of {deviation.name} (Assessed).",
        )

    def test_who_decides(self):
        deviation = self._one()
        for user in (self.clerk, self.seller, self.buyer):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                deviation.with_user(user).action_assess()
        self._assess(deviation)
        for user in (self.clerk, self.inspector, self.administrator):
            for action in ("action_accept", "action_reject", "action_close"):
                with self.assertRaises(AccessError), self.env.cr.savepoint():
                    getattr(deviation.with_user(user), action)()
        with self.assertRaises(UserError) as caught:
            deviation.with_user(self.manager).action_accept()
        self.assertEqual(
            caught.exception.args[0],
            f"Fill these in first:\n- {deviation.name}: Reason for the Decision",
        )

    def test_a_rule_can_ask_for_approval(self):
        deviation = self._one()
        self._assess(deviation)
        other = self._make_user("qms_other", "qms_quality.group_quality_manager")
        self.env["qms.approval.rule"].create(
            {
                "name": "Deviations",
                "guarded": "qms.deviation:accept",
                "step_ids": [
                    (0, 0, {"name": "QA", "approver": "user", "user_id": other.id})
                ],
            }
        )
        own = deviation.with_user(self.manager)
        own.decision_reason = "Fine"
        own.action_accept()
        self.assertEqual(deviation.state, "assessed")
        approval = self.env["qms.approval"].search(
            [("res_model", "=", "qms.deviation"), ("res_id", "=", deviation.id)]
        )
        self.assertEqual(approval.state, "pending")

    def test_it_can_become_a_nonconformance(self):
        self._make_purchase_card(self._fat(">=", 3.5))
        lot = self._receive_lots(self._buy(10), {"A": 10})
        deviation = self._deviations(lot_id=lot.id).with_user(self.inspector)
        deviation.action_open_case()
        case = deviation.nonconformance_id
        self.assertEqual((case.type, case.lot_ids), ("supplier", lot))
        self.assertEqual(case.partner_id, self.fresh)
        holds = self.env["qms.hold"]._search_open("qms.nonconformance", case.ids)
        self.assertEqual((len(holds), holds.lot_id), (1, lot))
        self.assertFalse(
            self.env["qms.hold"]._search_open("qms.deviation", deviation.ids)
        )
        with self.assertRaises(UserError) as caught:
            deviation.action_open_case()
        self.assertEqual(
            caught.exception.args[0],
            "These deviations have a nonconformance already:"
            f" {deviation.name} ({case.name}).",
        )
