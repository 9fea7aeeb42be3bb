from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingRights(SamplingCase):
    """Managers write plans; what is counted and drawn nobody writes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls._make_plan("z14", skip_lot=2)
        cls._sample_by(cls.plan)
        cls.ladder = cls.env["qms.sampling.ladder"].create(
            {
                "name": "Ladder",
                "level_ids": [(0, 0, {"name": "One", "sampling_plan_id": cls.plan.id})],
            }
        )
        picking = cls._receive(["A", "B"], quantity=100)
        cls.order = cls._orders(picking)
        cls.severity = cls.order.defect_ids.severity_id[:1]
        cls.position = cls.env["qms.sampling.ladder"]._get_positions(
            [(cls.ladder.id, cls.product.id, cls.partner.id, cls.company.id)]
        )

    def test_plans_are_the_managers(self):
        for record, vals in (
            (self.plan, {"note": "x"}),
            (self.ladder, {"name": "x"}),
            (self.ladder.level_ids, {"rounds": 7}),
        ):
            for user in (self.inspector, self.clerk):
                with self.assertRaises(AccessError):
                    record.with_user(user).write(vals)
                record.with_user(user).read(["display_name"])
            record.with_user(self.manager).write(vals)

    def test_kept_records_are_nobodys(self):
        """Written, created, deleted or imported by nobody, the superuser included."""
        records = [
            (self.severity, {"severity": "reduced"}),
            (self.severity, {"is_discontinued": False}),
            (self.severity, {"is_steady": True}),
            (self.severity, {"recent": []}),
            (
                self.env["qms.sampling.skip"].search([], limit=1),
                {"is_inspected": False},
            ),
            (self.env["qms.sampling.counter"].search([], limit=1), {"seed": "0"}),
            (self.env["qms.sampling.counter"].search([], limit=1), {"received": 0}),
            (self.order.unit_ids[0], {"number": 1}),
            (self.order.unit_ids[0], {"lot_id": False}),
            (self.order.defect_ids[0], {"accept1": 99}),
            (self.order.defect_ids[0], {"severity": "reduced"}),
            (self.order.defect_ids[0], {"verdict": "passed"}),
            (next(iter(self.position.values())), {"level_id": False}),
        ]
        for record, vals in records:
            self.assertTrue(record)
            for user in (self.clerk, self.inspector, self.manager, self.env.user):
                hostile = record.with_user(user).with_context(qms_sentinel=True)
                with self.subTest(model=record._name, vals=vals, user=user.login):
                    with self.assertRaises(AccessError):
                        hostile.write(vals)
                    with self.assertRaises(AccessError):
                        hostile.unlink()
                    with self.assertRaises(AccessError):
                        hostile.create({})
        for model in ("qms.sampling.severity.lot", "qms.sampling.severity.switch"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.manager).create(
                    {"severity_id": self.severity.id}
                )

    def test_the_message_names_what_is_kept(self):
        with self.assertRaises(AccessError) as error:
            self.severity.sudo().severity = "reduced"
        self.assertEqual(
            str(error.exception),
            "Inspection Severity: kept by the system, so that it can be trusted. It"
            " changes by receipts, verdicts and buttons only.",
        )
        with self.assertRaises(AccessError) as error:
            self.order.defect_ids[0].sudo().accept1 = 7
        self.assertEqual(
            str(error.exception),
            "Acceptance numbers come from the tables; only the defects found can be"
            " entered.",
        )

    def test_the_sample_of_an_order_is_not_written(self):
        for name, value in (
            ("draw_seed", "0"),
            ("draw_frame", [1]),
            ("sample_quantity", 1),
            ("sample_stage", 2),
            ("is_resubmission", True),
            ("is_judged", True),
            ("hold_scope", "sample"),
            ("reading_scope", "sample"),
            ("ladder_level_id", self.ladder.level_ids.id),
            ("unit_ids", [(5,)]),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                self.order.with_user(self.manager).write({name: value})
        other = self._make_plan("all")
        with self.assertRaises(UserError):
            self.order.with_user(self.manager).sampling_plan_id = other

    def test_nor_created(self):
        orders = self.env["qms.quality.order"].with_user(self.manager)
        values = {"product_id": self.product.id, "sampling_plan_id": self.plan.id}
        for name, value in (
            ("draw_seed", "0"),
            ("sample_quantity", 1),
            ("is_judged", 1),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                orders.create({**values, name: value})
        order = orders.with_context(
            default_draw_seed="0", default_is_judged=True, default_severity="reduced"
        ).create({**values, "quantity": 50})
        self.assertNotEqual(order.draw_seed, "0")
        self.assertFalse(order.is_judged)
        self.assertEqual(set(order.defect_ids.mapped("severity")), {"normal"})

    def test_clerks_count_no_defects(self):
        with self.assertRaises(AccessError):
            self.order.defect_ids[0].with_user(self.clerk).found1 = 0

    def test_private_methods_are_not_called_over_rpc(self):
        from odoo.service.model import get_public_method

        for model, name in (
            ("qms.sampling.severity", "_switch"),
            ("qms.sampling.counter", "_advance"),
            ("qms.quality.order", "_replan"),
        ):
            with self.assertRaises(AccessError):
                get_public_method(self.env[model], name)

    def test_other_companies(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self._make_user("qms_stranger", "qms_quality.group_quality_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in (
            self.plan,
            self.severity,
            self.order.unit_ids[0],
            self.order.defect_ids[0],
            self.env["qms.sampling.skip"].search([], limit=1),
            self.env["qms.sampling.counter"].search([], limit=1),
            next(iter(self.position.values())),
        ):
            with self.subTest(model=record._name), self.assertRaises(AccessError):
                record.with_user(stranger).read(["display_name"])
        with self.assertRaises(AccessError):
            self.severity.with_user(stranger).action_switch("tightened", "x")

    def test_changes_of_plans_are_in_the_trail(self):
        entries = self.env["qms.audit.entry"].search_count([])
        self.severity.with_user(self.manager).action_switch("tightened", "Why not")
        self.assertGreater(self.env["qms.audit.entry"].search_count([]), entries)
