from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestCapaChange(CapaCase):
    """Rules that a CAPA changes, each proposed, applied with one click, and kept."""

    def _apply(self, change):
        change.with_user(self.manager).action_apply()
        self.assertEqual(change.state, "applied")
        self.assertEqual(change.applied_by_id, self.manager)
        return change._get_changed()

    # -- More tests --------------------------------------------------------------------

    def test_all_goods_of_a_supplier_are_tested_immediately(self):
        """Require microbiological testing of all ingredients from supplier X."""
        group = self._make_weight_group("Microbiology")
        ingredients = self.env["product.category"].create({"name": "Ingredients"})
        self.product.categ_id = ingredients
        change = self._make_change(
            kind="inspect", test_group_id=group.id, categ_ids=[(6, 0, ingredients.ids)]
        )
        self.assertEqual(change.partner_id, self.partner)
        self.assertFalse(self._orders(self._receive(["BEFORE"])))
        rule = self._apply(change)
        self.assertEqual(rule._name, "qms.quality.association")
        self.assertEqual(
            change.proof,
            f"Made the association “{rule.name}”: Microbiology, Receipt done",
        )
        order = self._orders(self._receive(["AFTER"]))
        self.assertEqual(order.test_group_ids, group)
        self.assertFalse(self._orders(self._receive(product=self.untracked)))
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertFalse(self._orders(self._receive(["OTHER"], partner_id=stranger.id)))
        opened = change.with_user(self.inspector).action_open_changed()
        self.assertEqual(opened["res_id"], rule.id)

    def test_a_change_that_begins_later(self):
        group = self._make_weight_group("Microbiology")
        change = self._make_change(
            kind="inspect", test_group_id=group.id, date_from="2999-01-01"
        )
        self._apply(change)
        self.assertFalse(self._orders(self._receive(["SOON"])))

    def test_a_test_more_is_a_new_version(self):
        self._associate(product_ids=self.product.ids)
        spores = self._make_test("Spores")
        change = self._make_change(
            kind="add_test",
            test_group_id=self.group.id,
            test_id=spores.id,
            upper_limit=100,
        )
        version = self._apply(change)
        self.assertEqual((version.state, version.version), ("active", 2))
        self.assertEqual(self.group.state, "retired")
        line = version.line_ids.filtered(lambda line: line.test_id == spores)
        self.assertEqual(line.upper_limit, 100)
        self.assertIs(line.lower_limit, False)
        order = self._receive_order(lots=["A-1"])
        self.assertIn(spores, order.test_ids.test_id)
        again = self._make_change(
            kind="add_test", test_group_id=version.id, test_id=spores.id
        )
        with self.assertRaisesRegex(UserError, "the test is part of .* already"):
            again.with_user(self.manager).action_apply()

    def test_a_draft_of_others_is_left_alone(self):
        self.group.with_user(self.manager)._get_draft()
        change = self._make_change(
            kind="add_test",
            test_group_id=self.group.id,
            test_id=self._make_test("Spores").id,
        )
        with self.assertRaisesRegex(UserError, "there is a draft with other changes"):
            change.with_user(self.manager).action_apply()

    def test_a_version_that_waits_for_approval_keeps_the_check_waiting(self):
        self._make_rule({}, guarded="qms.test.group:activate")
        change = self._make_change(
            kind="add_test",
            test_group_id=self.group.id,
            test_id=self._make_test("Spores").id,
        )
        version = self._apply(change)
        self.assertEqual(version.state, "draft")
        self._begin().with_user(self.manager).action_give_up("Not needed")
        with self.assertRaisesRegex(UserError, "version 2 isn't in force yet"):
            self.capa.action_check()
        self._approve(self._get_request(version), self.second)
        self.assertEqual(version.state, "active")
        self.capa.action_check()

    # -- Sampling ----------------------------------------------------------------------

    def test_another_sampling_plan_for_the_supplier(self):
        few = self._plan("Few", 1)
        many = self._plan("Many", 5)
        rule = self._associate(product_ids=self.product.ids, sampling_plan_id=few.id)
        change = self._make_change(
            kind="sampling", association_id=rule.id, sampling_plan_id=many.id
        )
        own = self._apply(change)
        self.assertEqual(change.proof, f"{own.name}: Many instead of Few")
        order = self._orders(self._receive(["OWN"]))
        self.assertEqual(order.sampling_plan_id, many)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        order = self._orders(self._receive(["OTHER"], partner_id=stranger.id))
        self.assertEqual(order.sampling_plan_id, few)
        back = self._make_change(
            kind="sampling", association_id=own.id, sampling_plan_id=few.id
        )
        self.assertEqual(self._apply(back), own)
        self.assertEqual(own.sampling_plan_id, few)

    def _plan(self, name, quantity):
        return self.env["qms.sampling.plan"].create(
            {"name": name, "method": "fixed", "quantity": quantity}
        )

    def test_tightened_inspection(self):
        plan = self.env["qms.sampling.plan"].create(
            {
                "name": "AQL",
                "method": "z14",
                "aql_major": "1.0",
                "aql_minor": "2.5",
            }
        )
        change = self._make_change(
            kind="sampling", sampling_way="severity", sampling_plan_id=plan.id
        )
        with self.assertRaisesRegex(UserError, "none was inspected by it yet"):
            change.with_user(self.manager).action_apply()
        change.product_ids = self.product
        self._apply(change)
        severities = self.env["qms.sampling.severity"].search(
            [("plan_id", "=", plan.id)]
        )
        self.assertEqual(set(severities.mapped("severity")), {"tightened"})
        self.assertEqual(severities.partner_id, self.partner)
        self.assertEqual(
            set(severities.switch_ids.mapped("comment")), {self.capa.display_name}
        )

    def test_from_the_first_level_again(self):
        plan = self._plan("Few", 1)
        ladder = self.env["qms.sampling.ladder"].create(
            {
                "name": "Trust",
                "level_ids": [
                    (
                        0,
                        0,
                        {
                            "sequence": number,
                            "name": f"Level {number}",
                            "sampling_plan_id": plan.id,
                            "rounds": 2 - number,
                        },
                    )
                    for number in (1, 2)
                ],
            }
        )
        ladder.with_user(self.manager).action_approve()
        change = self._make_change(
            kind="sampling", sampling_way="ladder", sampling_ladder_id=ladder.id
        )
        with self.assertRaisesRegex(UserError, "no level above the first one"):
            change.with_user(self.manager).action_apply()
        self._associate(product_ids=self.product.ids, sampling_ladder_id=ladder.id)
        order = self._receive_order(lots=["UP"])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        position = ladder.position_ids
        self.assertEqual(position.level_id.name, "Level 2")
        self._apply(change)
        self.assertEqual(position.level_id.name, "Level 1")

    # -- Duties ------------------------------------------------------------------------

    def test_a_calibration_every_so_many_days(self):
        change = self._make_change(
            kind="duty",
            duty_name="Scale W-3 was calibrated",
            duty_days=30,
            duty_user_id=self.owner.id,
            date_from="2030-01-20",
        )
        with freeze_time("2030-01-01 08:00:00"):
            duty = self._apply(change)
            self.assertFalse(self._activities(duty))
        with freeze_time("2030-01-13 08:00:00"):
            self._run("cron_duty_ask")
            self._run("cron_duty_ask")
            self.assertEqual(
                self._activities(duty, self.owner), ["Scale W-3 was calibrated"]
            )
        with freeze_time("2030-01-15 08:00:00"):
            mine = duty.with_user(self.owner)
            context = mine.action_prove()["context"]
            proofs = self.env["qms.duty.proof"].with_user(self.owner)
            with self.assertRaisesRegex(UserError, "say what shows it"):
                proofs.with_context(**context).create({})
            with Form(proofs.with_context(**context)) as form:
                form.text = "Certificate 4711"
            proof = form.record
            self.assertEqual(proof.user_id, self.owner)
            self.assertEqual(proof.date_due, date(2030, 1, 20))
            self.assertEqual(duty.date_next, date(2030, 2, 14))
            self.assertFalse(self._activities(duty))
            for act in (lambda: proof.write({"text": "Else"}), proof.sudo().unlink):
                with self.assertRaisesRegex(UserError, "stays as it was given"):
                    act()
        with freeze_time("2030-02-08 08:00:00"):
            self._run("cron_duty_ask")
            self.assertEqual(len(self._activities(duty, self.owner)), 1)
        with freeze_time("2030-02-21 08:00:00"):
            self._run("cron_duty_ask")
            self.assertFalse(self._activities(duty, self.manager))
        with freeze_time("2030-02-22 08:00:00"):
            self._run("cron_duty_ask")
            self._run("cron_duty_ask")
            others = self.env["mail.activity"].search(
                [
                    ("res_model", "=", "qms.duty"),
                    ("res_id", "=", duty.id),
                    ("user_id", "!=", self.owner.id),
                ]
            )
            self.assertEqual(
                others.mapped("summary"),
                ["Not proved in time: Scale W-3 was calibrated"],
            )
            self.assertLessEqual(others.user_id, self.manager | self.second)

    def test_nobody_proves_for_another_one(self):
        change = self._make_change(
            kind="duty", duty_name="Calibrated", duty_user_id=self.owner.id
        )
        duty = self._apply(change)
        proofs = self.env["qms.duty.proof"]
        with self.assertRaises(AccessError):
            proofs.with_user(self.buyer).create({"duty_id": duty.id, "text": "x"})
        proof = proofs.with_user(self.inspector).create(
            {"duty_id": duty.id, "text": "x", "user_id": self.owner.id}
        )
        self.assertEqual(proof.user_id, self.inspector)

    # -- Blocks ------------------------------------------------------------------------

    def _purchase(self, product=None, partner=None):
        return (
            self.env["purchase.order"]
            .with_user(self.buyer)
            .create(
                {
                    "partner_id": (partner or self.partner).id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": (product or self.product).id,
                                "product_qty": 5,
                            },
                        )
                    ],
                }
            )
        )

    def _block(self, **vals):
        change = self._make_change(kind="block", reason="Stones", **vals)
        return self._apply(change)

    def test_a_blocked_supplier_gets_no_order(self):
        before = self._purchase()
        before.button_confirm()
        address = self.env["res.partner"].create(
            {"name": "Barn", "parent_id": self.partner.id}
        )
        block = self._block(product_ids=[(6, 0, self.product.ids)])
        text = (
            "Quality has blocked the supplier. A quality manager can lift that."
            "\n- {}, Milk: Green Farm is blocked: Stones ({})"
        )
        for partner in (self.partner, address):
            order = self._purchase(partner=partner)
            self.assertIn("Green Farm is blocked: Stones", order.qms_block_text)
            for confirm in (
                order.button_confirm,
                order.sudo().button_approve,
                lambda order=order: order.write({"state": "purchase"}),
            ):
                with self.assertRaises(ValidationError) as error:
                    confirm()
                self.assertEqual(
                    str(error.exception), text.format(order.name, self.capa.name)
                )
        with self.assertRaises(ValidationError):
            before.order_line.product_qty = 6
        before.order_line.product_qty = 4
        other = self._purchase(self.untracked)
        other.button_confirm()
        with self.assertRaises(ValidationError):
            other.write(
                {
                    "order_line": [
                        (0, 0, {"product_id": self.product.id, "product_qty": 1})
                    ]
                }
            )
        self.assertEqual(other.state, "purchase")
        with self.assertRaisesRegex(AccessError, "Only members of the group"):
            block.with_user(self.inspector).action_lift()
        block.with_user(self.manager).action_lift()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a_category_or_everything(self):
        parent = self.env["product.category"].create({"name": "Food"})
        child = parent.create({"name": "Fruit", "parent_id": parent.id})
        self.product.categ_id = child
        self._block(categ_ids=[(6, 0, parent.ids)])
        with self.assertRaises(ValidationError):
            self._purchase().button_confirm()
        self._purchase(self.untracked).button_confirm()
        self._block()
        with self.assertRaises(ValidationError):
            self._purchase(self.untracked).button_confirm()

    def test_a_block_for_a_time(self):
        self._block(date_from="2030-02-01", date_to="2030-02-28")
        for day, refused in (("01-31", False), ("02-01", True), ("03-01", False)):
            with freeze_time(f"2030-{day} 12:00:00"):
                order = self._purchase()
                self.assertEqual(bool(order.qms_block_text), refused)
                if refused:
                    with self.assertRaises(ValidationError):
                        order.button_confirm()
                else:
                    order.button_confirm()

    def test_blocks_cost_one_query(self):
        self._block()
        order = self._purchase(partner=self.env["res.partner"].create({"name": "S"}))
        lines = order.order_line
        blocks = self.env["qms.supplier.block"]
        blocks._get_refusals(lines)
        self.env.flush_all()
        with self.assertQueryCount(1):
            blocks._get_refusals(lines)

    # -- Rights and proof --------------------------------------------------------------

    def test_a_quality_manager_applies(self):
        change = self._make_change(kind="block")
        with self.assertRaisesRegex(AccessError, "Only members of the group"):
            change.action_apply()
        with self.assertRaisesRegex(AccessError, "Only members of the group"):
            change.action_refuse("No")

    def test_or_those_whom_a_rule_names(self):
        self._make_rule(self.boss, guarded="qms.capa.change:apply")
        change = self._make_change(kind="block")
        change.action_apply()
        self.assertEqual(change.state, "proposed")
        request = self._get_request(change)
        self._approve(request, self.boss)
        self.assertEqual(change.state, "applied")
        self.assertTrue(change._get_changed())

    def test_what_is_applied_stays(self):
        change = self._make_change(kind="block")
        self._apply(change)
        for act in (
            lambda: change.write({"reason": "Else"}),
            lambda: change.with_user(self.manager).action_apply(),
            lambda: change.with_user(self.manager).action_refuse("No"),
            change.unlink,
        ):
            with self.assertRaisesRegex(UserError, "isn't possible for: Block a"):
                act()
        with self.assertRaisesRegex(AccessError, "set by its buttons only"):
            change.write({"state": "proposed"})
        self.assertEqual(
            self.env["qms.supplier.block"].search_count(
                [("capa_id", "=", self.capa.id)]
            ),
            1,
        )

    def test_what_is_missing_is_said(self):
        for vals, gap in (
            ({"kind": "inspect"}, "choose the test group"),
            ({"kind": "add_test"}, "choose the test group and the test"),
            ({"kind": "block", "partner_id": False}, "choose the supplier"),
            ({"kind": "sampling"}, "choose the rule, and the sampling plan instead"),
            ({"kind": "duty"}, "say what is to be proved"),
            (
                {"kind": "sampling", "sampling_way": "ladder"},
                "choose the flexible sampling plan",
            ),
            (
                {"kind": "sampling", "sampling_way": "severity"},
                "choose a sampling plan by ANSI/ASQ Z1.4",
            ),
        ):
            change = self._make_change(self._make_capa(partner_id=False), **vals)
            if vals["kind"] == "sampling":
                change.partner_id = self.partner
            with self.subTest(vals), self.assertRaisesRegex(UserError, gap):
                change.with_user(self.manager).action_apply()
