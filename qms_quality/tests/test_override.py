from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestOverride(StepCase):
    """A quality manager decides against the readings; all of it is kept."""

    # a field of each dialog that is typed
    _typed = {
        "qms.override.wizard": "reason",
        "qms.accept.part": "reason",
        "qms.lot.split": "name",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.rule = cls._rule("receipt")

    def _failed(self):
        order = self._orders(self._receive(["L1"]))
        self._fill(order, fail=True)
        return order

    def _decide(self, subject, verdict, reason="Concession 17", user=None):
        """Decide as the button on a line and its dialog do."""
        subject = subject.with_user(user or self.manager)
        action = subject.action_override()
        wizard = subject.env[action["res_model"]].browse(action["res_id"])
        with Form(wizard) as form:
            name = "spec_verdict" if wizard.kind == "spec" else "test_verdict"
            form[name] = verdict
            form.reason = reason
        return wizard.action_confirm()

    def test_result_of_a_test(self):
        order = self._failed()
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        self._decide(order.test_ids, "passed")
        self.assertEqual(
            (order.test_ids.verdict, order.spec_ids.verdict), ("passed",) * 2
        )
        kept = order.override_ids
        self.assertEqual(
            (kept.old_verdict, kept.new_verdict, kept.reason, kept.user_id),
            ("failed", "passed", "Concession 17", self.manager),
        )
        # the reading itself stays as it was taken
        self.assertEqual(order.result_ids.verdict, "failed")
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_status_of_a_specification(self):
        order = self._orders(self._receive(["L1"]))
        self._fill(order)
        self._decide(order.spec_ids, "failed", "Smells")
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "failed")
        self.assertEqual(
            order.hold_ids.sorted("id")[-1].reason, "Inspection failed: Weight (Smells)"
        )

    def test_on_hold_never_passes(self):
        order = self._orders(self._receive(["L1"]))
        self._fill(order)
        self._decide(order.spec_ids, "on_hold")
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "failed")

    def test_taken_back(self):
        order = self._failed()
        self._decide(order.test_ids, "passed")
        self._decide(order.test_ids, "not_tested", "Was a mistake")
        self.assertEqual(order.test_ids.verdict, "failed")
        self.assertEqual(
            order.override_ids.mapped("reason"), ["Was a mistake", "Concession 17"]
        )

    def test_another_reading_takes_it_back(self):
        order = self._failed()
        self._decide(order.test_ids, "passed")
        self._decide(order.spec_ids, "passed")
        order.result_ids.with_user(self.inspector).value = 3
        self.assertEqual(order.test_ids.verdict, "failed")
        self.assertEqual(order.spec_ids.verdict, "failed")

    def test_a_reading_does_not_take_a_failure_back(self):
        order = self._failed()
        order.result_ids.with_user(self.inspector).value = 5
        self._decide(order.test_ids, "failed")
        self._decide(order.spec_ids, "on_hold")
        order.result_ids.with_user(self.inspector).value = 5.1
        self.assertEqual(order.test_ids.verdict, "failed")
        self.assertEqual(order.spec_ids.decided_verdict, "on_hold")

    def test_other_programs_send_anything(self):
        order = self._failed().with_user(self.manager)
        spec, why = order.spec_ids.id, "Because it is so"
        for args in (
            (["spec"], spec, "passed", why),
            ("spec", spec, ["passed"], why),
            ("spec", [spec], "passed", why),
            ("spec", spec, "passed", 5),
        ):
            with self.subTest(args), self.assertRaises(UserError):
                order.action_override(*args)
        for quantity, reason in (("x", why), (None, why), (1, 5)):
            with self.subTest((quantity, reason)), self.assertRaises(UserError):
                order.action_accept_part(0, quantity, reason)

    def test_refusals(self):
        order = self._failed()
        group = "Quality / Quality Manager"
        with self.assertRaises(AccessError):
            order.with_user(self.inspector).action_override(
                "test", order.test_ids.id, "passed", "Because"
            )
        mine = order.with_user(self.manager)
        for args, message in (
            (
                ("test", order.test_ids.id, "passed", "  no "),
                f"{order.name}: say why, in at least 5 characters.",
            ),
            (
                ("test", 0, "passed", "Because"),
                f"{order.name} has no such specification or test. Choose one of its"
                " own.",
            ),
            (
                ("lot", 1, "passed", "Because"),
                f"{order.name} has no such specification or test. Choose one of its"
                " own.",
            ),
            (
                ("test", order.test_ids.id, "on_hold", "Because"),
                "Weight can't be overridden with “on_hold”. Possible are: Passed,"
                " Failed.",
            ),
        ):
            with self.subTest(group=group, args=args):
                with self.assertRaises(UserError) as error:
                    mine.action_override(*args)
                self.assertEqual(str(error.exception), message)
        order.with_user(self.inspector).action_validate()
        with self.assertRaises(UserError) as error:
            mine.action_override("test", order.test_ids.id, "passed", "Because")
        self.assertEqual(
            str(error.exception),
            f"Override isn't possible for: {order.name} (Validated).",
        )

    def test_a_dialog_is_ones_own(self):
        """What one person is about to decide, another neither sees nor confirms."""
        order = self._failed()
        action = order.test_ids.with_user(self.manager).action_override()
        other = self._make_user(
            "qms_other_manager", "qms_quality.group_quality_manager"
        )
        part = self.env["qms.accept.part"].with_user(self.manager)
        part = part.with_context(active_id=order.id).create(
            {"quantity": 1, "reason": "Fine by me"}
        )
        lot = self.env["qms.lot.split"].with_user(self.manager)
        lot = lot.with_context(
            active_model="stock.lot", active_ids=order.lot_ids.ids
        ).create({"quantity": 1})
        for model, res_id in (
            (action["res_model"], action["res_id"]),
            (part._name, part.id),
            (lot._name, lot.id),
        ):
            theirs = self.env[model].with_user(other).browse(res_id)
            for attempt in (
                lambda one=theirs: one.read(["create_uid"]),
                lambda one=theirs: one.write({self._typed[one._name]: "2"}),
            ):
                with self.subTest(model), self.assertRaises(AccessError):
                    attempt()
            self.assertTrue(theirs.with_user(self.manager).read(["create_uid"]))

    def test_nobody_writes_overrides(self):
        order = self._failed()
        self._decide(order.test_ids, "passed")
        with self.assertRaises(AccessError):
            order.override_ids.with_user(self.manager).reason = "Other"
        with self.assertRaises(AccessError):
            order.test_ids.with_user(self.manager).decided_verdict = "failed"

    def test_approval_where_a_rule_says_so(self):
        other = self._make_user(
            "qms_other_manager", "qms_quality.group_quality_manager"
        )
        self.env["qms.approval.rule"].create(
            {
                "name": "Overrides",
                "guarded": "qms.quality.order:override",
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Another manager",
                            "approver": "group",
                            "group_id": self.env.ref(
                                "qms_quality.group_quality_manager"
                            ).id,
                        },
                    )
                ],
            }
        )
        order = self._failed()
        self._decide(order.test_ids, "passed")
        self.assertEqual(order.test_ids.verdict, "failed")
        approval = self.env["qms.approval"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        self.assertEqual(approval.state, "pending")
        self.assertIn(
            "Weight · passed · Concession 17",
            [line.text for line in order._qms_content("override", approval.arguments)],
        )
        approval.with_user(other).action_approve()
        self.assertEqual(order.test_ids.verdict, "passed")
        self.assertEqual(order.override_ids.new_verdict, "passed")

    # -- A part ------------------------------------------------------------------------

    def _accept(self, order, quantity, **vals):
        wizard = (
            self.env["qms.accept.part"]
            .with_user(self.manager)
            .with_context(active_id=order.id)
        )
        with Form(wizard) as form:
            form.quantity = quantity
            form.reason = "Upper layers are fine"
        form.record.action_confirm()

    def test_part_of_a_rejected_lot(self):
        order = self._failed()
        order.with_user(self.inspector).action_validate()
        lot = order.lot_ids
        self._accept(order, 4)
        child = lot.child_lot_ids
        self.assertEqual((child.name, child.product_qty), ("L1-1", 4))
        self.assertEqual(child.inspection_status_id, self.available)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(lot.product_qty, 6)
        kept = order.override_ids
        self.assertEqual(
            (kept.kind, kept.old_verdict, kept.lot_id), ("part", "failed", child)
        )
        delivery = self._picking("outgoing", 4).with_user(self.clerk)
        delivery.action_confirm()
        delivery.action_assign()
        self.assertEqual(delivery.move_line_ids.lot_id, child)

    def test_part_stays_held_by_others(self):
        order = self._failed()
        lot = order.lot_ids
        self._hold(self.on_hold, lot=lot)
        self._accept(order, 4)
        self.assertEqual(lot.child_lot_ids.inspection_status_id, self.on_hold)

    def test_no_part_that_is_all(self):
        order = self._failed()
        with self.assertRaises(UserError) as error:
            self._accept(order, 10)
        self.assertEqual(
            str(error.exception),
            f"{order.name}: that is all of L1 in this place. To accept all of a lot,"
            " override its results.",
        )
        other = self._stock_up(5, self._make_lot("L9"))
        with self.assertRaises(UserError) as error:
            order.with_user(self.manager).action_accept_part(other.id, 1, "Because")
        self.assertEqual(
            str(error.exception),
            f"{order.name} does not hold these goods. Choose goods that it holds.",
        )
