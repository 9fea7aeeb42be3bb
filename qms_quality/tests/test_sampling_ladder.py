from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingLadder(SamplingCase):
    """A supplier climbs a flexible sampling plan by passing, and falls by failing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.full = cls._make_plan("all", reading_scope="sample")
        cls.few = cls._make_plan("fixed", name="few", quantity=2)
        cls.rare = cls._make_plan("fixed", name="rare", quantity=1, skip_lot=3)
        cls.ladder = cls.env["qms.sampling.ladder"].create(
            {
                "name": "Trust",
                "user_id": cls.manager.id,
                "level_ids": [
                    (0, 0, cls._level("New", cls.full, rounds=3)),
                    (0, 0, cls._level("Known", cls.few, rounds=2, fails=2)),
                    (0, 0, cls._level("Trusted", cls.rare, rounds=0, fall_by=2)),
                ],
            }
        )
        cls.ladder.with_user(cls.manager).action_approve()
        cls._associate(
            cls.weights,
            product_ids=cls.product.ids,
            sampling_ladder_id=cls.ladder.id,
        )
        cls.count = 0

    @classmethod
    def _level(cls, name, plan, **vals):
        cls.sequence = getattr(cls, "sequence", 0) + 10
        return {
            "name": name,
            "sequence": cls.sequence,
            "sampling_plan_id": plan.id,
            **vals,
        }

    def _change_level(self, number, **vals):
        ladder = self.ladder.with_user(self.manager)
        ladder.action_withdraw()
        ladder.level_ids[number].write(vals)
        ladder.action_approve()

    def _receive_lot(self, **kwargs):
        type(self).count += 1
        return self._orders(self._receive([f"LOT{self.count}"], **kwargs))

    def _judge(self, order, passed):
        self._fill(order, fail=not passed)
        order.with_user(self.inspector).action_validate()

    def _run(self, script, **kwargs):
        for sign in script:
            order = self._receive_lot(**kwargs)
            while not order:
                order = self._receive_lot(**kwargs)
            self._judge(order, sign == "+")

    @property
    def position(self):
        return self.env["qms.sampling.ladder.position"].search(
            [("ladder_id", "=", self.ladder.id), ("partner_id", "=", self.partner.id)]
        )

    def _level_name(self):
        return self.position._get_level().name

    def test_climbing_and_falling(self):
        self._run("++")
        self.assertEqual(self._level_name(), "New")
        self._run("-")
        self.assertEqual(self._level_name(), "New", "there is none below the first")
        self._run("+")
        self.assertEqual(self._level_name(), "Known", "a fail doesn't count")
        self.assertEqual(self._receive_lot().sample_quantity, 2)
        self._run("-")
        self.assertEqual(self._level_name(), "Known")
        self._run("+")
        self._run("-")
        self.assertEqual(self._level_name(), "New")
        self._run("+++++")
        self.assertEqual(self._level_name(), "Trusted")
        self._run("++++")
        self.assertEqual(self._level_name(), "Trusted")
        self._run("-")
        self.assertEqual(self._level_name(), "New")
        self.assertEqual(
            self.position.message_ids.sorted("id").mapped("preview"),
            [
                "New → Known",
                "Known → New",
                "New → Known",
                "Known → Trusted",
                "Trusted → New",
            ],
        )
        self.assertEqual(
            self.position.activity_ids.mapped("summary"), ["Fell to New"] * 2
        )
        self.assertEqual(self.position.activity_ids.user_id, self.manager)

    def test_fails_in_a_row(self):
        self._change_level(1, is_consecutive=True, rounds=9)
        self._run("+++" + "-+-")
        self.assertEqual(self._level_name(), "Known")
        self._run("-")
        self.assertEqual(self._level_name(), "New")

    def test_passes_within_days(self):
        self._change_level(0, days=10)
        now = fields.Datetime.now()
        with freeze_time(now - timedelta(days=20)):
            self._run("++")
        self._run("++")
        self.assertEqual(self._level_name(), "New")
        self.assertEqual(self.position.pass_count, 2)
        self._run("+")
        self.assertEqual(self._level_name(), "Known")

    def test_verdicts_on_another_level_do_not_count(self):
        late = self._receive_lot()
        self._run("+++")
        self.assertEqual(self._level_name(), "Known")
        self._judge(late, False)
        self.assertEqual(self.position.fail_count, 0)
        self.assertEqual(
            self.position.entry_ids.sorted("id").mapped("is_counted"),
            [True, True, True, False],
        )

    def test_every_partner_begins_on_the_first_level(self):
        self._run("+++")
        other = self.env["res.partner"].create({"name": "Other"})
        order = self._receive_lot(partner_id=other.id)
        self.assertEqual(order.ladder_level_id.name, "New")

    def test_inspecting_again_counts_once(self):
        order = self._receive_lot()
        self._judge(order, True)
        order.with_user(self.manager).action_reopen()
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self.position.pass_count, 1)

    def test_levels_that_lead_nowhere(self):
        with self.assertRaises(ValidationError) as error:
            self._change_level(0, rounds=0)
        self.assertEqual(
            str(error.exception),
            "Trust: nobody would climb from New to the next level. Say how many lots"
            " must pass.",
        )

    def test_a_ladder_without_levels(self):
        with self.assertRaises(ValidationError) as error:
            self.env["qms.sampling.ladder"].create({"name": "Empty"})
        self.assertEqual(str(error.exception), "Empty: it needs at least one level.")

    def test_a_manager_makes_one(self):
        form = Form(self.env["qms.sampling.ladder"].with_user(self.manager))
        form.name = "Mine"
        with form.level_ids.new() as line:
            line.name = "One"
            line.sampling_plan_id = self.few
        ladder = form.save()
        self.assertEqual(ladder.level_ids.sampling_plan_id, self.few)
        self.assertEqual(ladder.copy().name, "Mine (copy)")

    def test_either_a_plan_or_a_ladder(self):
        rule = self.env["qms.quality.association"].search([])
        with self.assertRaises(ValidationError) as error:
            rule.sampling_plan_id = self.few
        self.assertEqual(
            str(error.exception),
            "Weight only: either a sampling plan, or a flexible one that chooses it.",
        )

    # -- Approval ----------------------------------------------------------------------

    def test_counts_from_its_approval_only(self):
        self.ladder.with_user(self.manager).action_withdraw()
        order = self._receive_lot()
        self.assertFalse(order.sampling_plan_id or order.ladder_level_id)
        self.assertEqual(order.test_group_ids, self.weights)
        self.ladder.with_user(self.manager).action_approve()
        self.assertEqual(self._receive_lot().sampling_plan_id, self.full)

    def test_approved_levels_stay(self):
        ladder = self.ladder.with_user(self.manager)
        level = {"name": "Four", "sampling_plan_id": self.few.id}
        text = (
            "These flexible sampling plans are approved, so their levels stay as they"
            " are: Trust. Withdraw the approval first."
        )
        for call in (
            lambda: ladder.level_ids[0].write({"rounds": 1}),
            lambda: ladder.write({"level_ids": [(0, 0, level)]}),
            lambda: ladder.level_ids[0].unlink(),
        ):
            with self.assertRaises(UserError) as error, self.env.cr.savepoint():
                call()
            self.assertEqual(str(error.exception), text)
        self.assertFalse(ladder.copy().is_approved)

    def test_approved_by_its_button_only(self):
        for user in (self.inspector, self.clerk):
            for name in ("action_approve", "action_withdraw"):
                with self.assertRaises(AccessError):
                    getattr(self.ladder.with_user(user), name)()
        with self.assertRaises(AccessError):
            self.ladder.with_user(self.manager).is_approved = False
        values = {
            "name": "Forged",
            "level_ids": [(0, 0, self._level("One", self.few))],
        }
        ladders = self.env["qms.sampling.ladder"].with_user(self.manager)
        with self.assertRaises(AccessError):
            ladders.create({**values, "is_approved": True})
        forged = ladders.with_context(default_is_approved=True).create(values)
        self.assertFalse(forged.is_approved)

    def test_a_level_with_tests_of_its_own(self):
        short = self._make_weight_group("Short")
        self._change_level(1, test_group_id=short.id)
        self._run("+++")
        order = self._receive_lot()
        self.assertEqual(order.test_group_ids, short)
        self._judge(order, True)
        second = self._replace(short)
        self.assertEqual(self.ladder.level_ids[1].test_group_id, second)
        self.assertEqual(self._receive_lot().test_group_ids, second)
