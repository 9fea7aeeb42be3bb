from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingSeverity(SamplingCase):
    """Switching follows from the verdicts of lots, received and inspected in turn."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan(
            "z14", aql_major="1.0", aql_minor=False, allow_reduced=True
        )
        cls.visual = cls._make_group("Visual")
        cls._sample_by(cls.plan, group=cls.visual)
        cls.count = 0

    def _receive_lot(self, lot=None, **kwargs):
        type(self).count += 1
        lots = [lot or f"LOT{self.count}"]
        return self._orders(self._receive(lots, quantity=500, **kwargs))

    def _judge(self, order, found):
        self._count_defects(order, major=found)
        order.with_user(self.inspector).action_validate()

    def _run(self, script, **kwargs):
        """Receive and judge lots: ``+`` none, ``-`` many defects, ``~`` two."""
        for sign in script:
            self._judge(self._receive_lot(**kwargs), {"+": 0, "-": 9, "~": 2}[sign])

    @property
    def severity(self):
        return self.env["qms.sampling.severity"].search(
            [("plan_id", "=", self.plan.id), ("product_id", "=", self.product.id)]
        )

    def _state(self):
        return (
            "discontinued" if self.severity.is_discontinued else self.severity.severity
        )

    def test_script(self):
        """Every switch that verdicts alone make, in one long story."""
        self._run("+-++++")
        self.assertEqual(self._state(), "normal")
        self._run("-")
        self.assertEqual(self._state(), "normal", "2 of 6 in a row are not 2 of 5")
        self._run("+-")
        self.assertEqual(self._state(), "tightened")
        self._run("++++")
        self.assertEqual(self._state(), "tightened")
        self._run("+")
        self.assertEqual(self._state(), "normal")
        self._run("--")
        self.assertEqual(self._state(), "tightened")
        self._run("-+-+-+-+")
        self.assertEqual(self._state(), "tightened")
        self._run("-")
        self.assertEqual(self._state(), "discontinued")
        self.assertEqual(
            self.severity.switch_ids.sorted("id").mapped("display_name"),
            [
                "Normal → Tightened: Two of five or fewer lots in a row rejected",
                "Tightened → Normal: Five lots in a row accepted",
                "Normal → Tightened: Two of five or fewer lots in a row rejected",
                "Tightened → Discontinued: Five lots rejected on tightened inspection",
            ],
        )
        self.assertEqual(len(self.severity.lot_ids), 25)
        self.assertTrue(all(self.severity.lot_ids.mapped("is_counted")))

    def test_the_next_lot_is_inspected_more_severely(self):
        self._run("--")
        order = self._receive_lot()
        line = order.defect_ids.filtered("severity_id")
        # letter H: normal 50/1/2, tightened 80/1/2
        self.assertEqual(
            (line.severity, line.size1, line.accept1), ("tightened", 80, 1)
        )
        self.assertEqual(len(order.unit_ids), 80)

    def test_orders_that_nobody_started_follow(self):
        waiting = self._receive_lot()
        started = self._receive_lot()
        started.with_user(self.inspector).action_start()
        numbers = waiting.unit_ids.mapped("number")
        self._run("--")
        self.assertEqual(len(waiting.unit_ids), 80)
        self.assertEqual(waiting.unit_ids.mapped("number")[:50], numbers)
        self.assertTrue(waiting._is_repeatable())
        self.assertEqual(len(started.unit_ids), 50)
        self._judge(started, 0)
        last = self.severity.lot_ids.filtered(lambda one: one.order_id == started)
        self.assertEqual((last.inspected_as, last.is_counted), ("normal", False))

    def test_discontinued(self):
        self._run("--" + "-----")
        self.assertEqual(self._state(), "discontinued")
        activity = self.severity.activity_ids
        self.assertEqual(activity.summary, "Inspection is discontinued")
        self.assertTrue(activity.user_id.has_group("qms_quality.group_quality_manager"))
        order = self._receive_lot()
        self._count_defects(order)
        with self.assertRaises(UserError) as error:
            order.with_user(self.inspector).action_validate()
        self.assertEqual(
            str(error.exception),
            f"The inspection isn't complete:\n- {order.name}: Major: the inspection is"
            " discontinued. A quality manager has to resume it.",
        )
        with self.assertRaises(UserError) as error:
            self._switch("normal")
        self.assertEqual(
            str(error.exception),
            f"{self.severity.display_name} was discontinued: it is resumed on tightened"
            " inspection.",
        )
        self._switch("tightened", "Mould replaced")
        self.assertEqual(self._state(), "tightened")
        self.assertFalse(self.severity.activity_ids)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(
            self.severity.switch_ids[0].display_name,
            "Discontinued → Tightened: Resumed after corrective action: Mould replaced",
        )

    def test_reduced(self):
        self._run("+" * 10)
        self.assertEqual(self._state(), "normal", "production isn't known to be steady")
        self.severity.with_user(self.manager).action_set_steady()
        self._run("+")
        self.assertEqual(self._state(), "reduced")
        line = self._receive_lot().defect_ids.filtered("severity_id")
        # letter H: 20 units, accept 0, reject 2
        self.assertEqual((line.size1, line.accept1, line.reject1), (20, 0, 2))
        order = line.order_id
        self._judge(order, 1)
        self.assertEqual((order.verdict, line.is_gap), ("passed", True))
        self.assertEqual(self._state(), "normal")
        self.assertEqual(self.severity.switch_ids[0].reason, "between")

    def test_reduced_ends_with_a_rejected_lot(self):
        self._run("+")
        self.severity.with_user(self.manager).action_set_steady()
        self._run("+" * 9)
        self.assertEqual(self._state(), "reduced")
        self._run("-")
        self.assertEqual(self._state(), "normal")
        self._run("-")
        self.assertEqual(
            self._state(), "normal", "a lot on reduced is no lot on normal"
        )

    def test_reduced_ends_with_irregular_production(self):
        self._run("+")
        self.severity.with_user(self.manager).action_set_steady()
        self._run("+" * 9)
        waiting = self._receive_lot()
        self.severity.with_user(self.manager).action_set_unsteady()
        self.assertEqual(self._state(), "normal")
        self.assertEqual(len(waiting.unit_ids), 50)
        self.assertEqual(self.severity.switch_ids[0].reason, "irregular")

    def test_limit_numbers_keep_from_reduced(self):
        """500 units, AQL 1.0: the limit is 2 defects in all ten lots."""
        self._run("+")
        self.severity.with_user(self.manager).action_set_steady()
        for _i in range(9):
            self._judge(self._receive_lot(), 1)
        self.assertEqual(self._state(), "normal")
        self._run("+" * 8)
        self.assertEqual(self._state(), "reduced", "the last ten lots had 2 defects")

    def test_without_limit_numbers(self):
        self.plan.use_limit_numbers = False
        self._run("+")
        self.severity.with_user(self.manager).action_set_steady()
        for _i in range(9):
            self._judge(self._receive_lot(), 1)
        self.assertEqual(self._state(), "reduced")

    def test_lots_that_are_submitted_again_do_not_count(self):
        self._run("-")
        rejected = self.env["stock.lot"].search([("name", "=", f"LOT{self.count}")])
        order = self._receive_lot(rejected)
        self.assertTrue(order.is_resubmission)
        self._judge(order, 9)
        self.assertEqual(self._state(), "normal")
        last = self.severity.lot_ids[0]
        self.assertEqual((last.is_resubmission, last.is_counted), (True, False))
        self._run("-")
        self.assertEqual(self._state(), "tightened")

    def test_a_new_delivery_of_a_good_lot_counts(self):
        self._run("+")
        known = self.env["stock.lot"].search([("name", "=", f"LOT{self.count}")])
        self.assertFalse(self._receive_lot(known).is_resubmission)

    def test_a_manager_says_that_a_lot_was_submitted_again(self):
        order = self._receive_lot()
        with self.assertRaises(AccessError):
            order.with_user(self.inspector).action_toggle_resubmission()
        order.with_user(self.manager).action_toggle_resubmission()
        self._judge(order, 9)
        self.assertFalse(self.severity.lot_ids.is_counted)
        with self.assertRaises(UserError):
            order.with_user(self.manager).action_toggle_resubmission()

    def test_inspecting_again_is_no_new_lot(self):
        order = self._receive_lot()
        self._judge(order, 9)
        order.with_user(self.manager).action_reopen()
        order.defect_ids.with_user(self.inspector).found1 = 0
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertEqual(self.severity.lot_ids.mapped("is_accepted"), [False])

    def test_each_product_partner_and_class_has_its_own(self):
        self.plan.aql_minor = "4.0"
        other = self.env["res.partner"].create({"name": "Other"})
        self._run("--")
        self._run("+", partner_id=other.id)
        found = {
            (one.partner_id.name, one.defect_class): one.severity
            for one in self.severity
        }
        self.assertEqual(
            found,
            {
                ("Green Farm", "major"): "tightened",
                ("Green Farm", "minor"): "normal",
                ("Other", "major"): "normal",
                ("Other", "minor"): "normal",
            },
        )
        line = self._receive_lot().defect_ids
        self.assertEqual(
            {d.defect_class: d.severity for d in line},
            {"critical": "normal", "major": "tightened", "minor": "normal"},
        )

    def test_several_orders_at_once_count_in_their_order(self):
        orders = self.env["qms.quality.order"]
        for _i in range(4):
            orders |= self._receive_lot()
        for order, found in zip(orders, (9, 0, 9, 0), strict=True):
            self._count_defects(order, major=found)
        orders.with_user(self.inspector).action_validate()
        lots = self.severity.lot_ids.sorted("id")
        self.assertEqual(lots.order_id.ids, orders.ids)
        self.assertEqual(lots.mapped("is_accepted"), [False, True, False, True])
        self.assertEqual(lots.mapped("is_counted"), [True, True, True, False])
        self.assertEqual(self._state(), "tightened")

    def test_without_switching(self):
        self.plan.switching = False
        self._run("---")
        self.assertEqual(self._state(), "normal")

    # -- By hand -----------------------------------------------------------------------

    def _switch(self, new, reason="Because", user=None):
        action = self.severity.with_user(user or self.manager).action_open_switch()
        model = self.env[action["res_model"]].with_user(user or self.manager)
        form = Form(model.with_context(**action["context"]))
        form.new_severity = new
        form.reason = reason
        form.save().action_confirm()

    def test_a_manager_switches_with_a_reason(self):
        waiting = self._receive_lot()
        self._switch("tightened", "New mould")
        self.assertEqual(self._state(), "tightened")
        switch = self.severity.switch_ids
        self.assertEqual(switch.display_name, "Normal → Tightened: By hand: New mould")
        self.assertEqual(switch.user_id, self.manager)
        self.assertEqual(len(waiting.unit_ids), 80)
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", self.severity._name), ("event", "=", "switch")]
        )
        self.assertIn("By hand: New mould", entry.mapped("reason"))

    def test_switches_that_are_refused(self):
        self._receive_lot()
        one = self.severity.with_user(self.manager)
        for new, reason, message in (
            ("tightened", " ", "Say why the severity is switched by hand."),
            ("normal", "x", f"{one.display_name} is inspected so already."),
            ("loose", "x", "There is no severity loose."),
        ):
            with self.subTest(new=new), self.assertRaises(UserError) as error:
                one.action_switch(new, reason)
            self.assertEqual(str(error.exception), message)
        self.plan.allow_reduced = False
        with self.assertRaises(UserError) as error:
            one.action_switch("reduced", "x")
        self.assertEqual(
            str(error.exception),
            f"{one.display_name}: its plan doesn't want reduced inspection.",
        )

    def test_switching_is_for_managers(self):
        self._receive_lot()
        for call in (
            lambda one: one.action_open_switch(),
            lambda one: one.action_switch("tightened", "x"),
            lambda one: one.action_set_steady(),
            lambda one: one.action_set_unsteady(),
        ):
            with self.assertRaises(AccessError) as error:
                call(self.severity.with_user(self.inspector))
        self.assertEqual(
            str(error.exception),
            "Only members of the group Quality / Quality manager can do this.",
        )
