from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingPlan(SamplingCase):
    """A manager writes plans, reads what they do, and tries lot sizes."""

    def _form(self, **vals):
        form = Form(self.env["qms.sampling.plan"].with_user(self.manager))
        form.name = "Mine"
        for name, value in vals.items():
            setattr(form, name, value)
        return form

    def test_preview_of_the_tables(self):
        form = self._form(
            method="z14", aql_major="2.5", aql_minor=False, allow_reduced=True
        )
        form.preview_quantity = 200
        self.assertEqual(
            form.preview,
            "For a lot of 200:\n"
            "Normal – Critical: take 32, accept up to 0, reject at 1"
            " · Major: take 32, accept up to 2, reject at 3\n"
            "Tightened – Critical: take 32, accept up to 0, reject at 1"
            " · Major: take 32, accept up to 1, reject at 2\n"
            "Reduced – Critical: take 13, accept up to 0, reject at 1"
            " · Major: take 13, accept up to 1, reject at 3",
        )
        form.preview_quantity = 0
        self.assertEqual(form.preview, "Type a lot size above 0.")

    def test_preview_of_quantities(self):
        for vals, lot, text in (
            ({"method": "percent", "percent": 10}, 25, "For a lot of 25: take 3."),
            ({"method": "fixed", "quantity": 5}, 3, "For a lot of 3: take 3."),
            ({"method": "all"}, 12, "For a lot of 12: take 12."),
            ({"method": "package"}, 12, "For a lot of 12: whole packages."),
            (
                {"method": "every_n", "quantity": 20, "per_quantity": 500},
                1200,
                "For a lot of 1,200: take 60.",
            ),
        ):
            form = self._form(**vals)
            form.preview_quantity = lot
            self.assertEqual(form.preview, text)

    def test_explanations(self):
        lab = self._make_location("Lab")
        for vals, text in (
            (
                {"method": "percent", "percent": 2.5},
                "Takes 2.5 % of what is received. An order for each lot."
                " All of the goods are held until the verdict.",
            ),
            (
                {"method": "fixed", "quantity": 3, "basis": "ordered", "skip_lot": 5},
                "Takes 3 of what arrives first, and as much of the rest of what was"
                " ordered. An order for each lot. Of every 5 lots one is inspected,"
                " drawn at random. All of the goods are held until the verdict.",
            ),
            (
                {"method": "every_n", "quantity": 20, "per_quantity": 500},
                "Takes the first 20 of every 500 units, counted across the receipts of"
                " a product and partner. An order for each lot. All of the goods are"
                " held until the verdict.",
            ),
            (
                {"method": "package", "package_nth": 3},
                "Takes the first package, then every 3., whole. Each one stands for the"
                " packages up to the next. All of the goods are held until the"
                " verdict.",
            ),
            (
                {"method": "z14", "double_sampling": True, "split_serial": True},
                "Double sampling by ANSI/ASQ Z1.4, level II, AQL: Major 1.0, Minor 2.5."
                " An order for each lot, serial number. All of the goods are held until"
                " the verdict.",
            ),
            (
                {
                    "method": "all",
                    "split_lot": False,
                    "hold_scope": "sample",
                    "sample_location_id": lab,
                },
                "Every unit is inspected. One order for all lots of a receipt line."
                " Only the sample is held; if it fails, the rest too.",
            ),
        ):
            form = self._form(**vals)
            self.assertEqual(form.explanation, text)
            form.save()

    def test_wrong_plans(self):
        for vals, message in (
            (
                {"method": "z14", "aql_major": False, "aql_minor": False},
                "X: ANSI/ASQ Z1.4 needs an inspection level, and an AQL for at least"
                " one class of defects.",
            ),
            (
                {"method": "z14", "aql_major": "40"},
                "X: an AQL of 40 is in defects per 100 units. Count defects, or choose"
                " an AQL up to 10.",
            ),
            (
                {"method": "all", "basis": "ordered"},
                "X: only a fixed quantity or a percentage can be taken of what was"
                " ordered.",
            ),
            (
                {"method": "package", "split_package": False},
                "X: full packages are inspected apart.",
            ),
        ):
            with self.subTest(vals=vals), self.assertRaises(ValidationError) as error:
                self._make_plan(vals.pop("method"), name="X", **vals)
            self.assertEqual(str(error.exception), message)

    @mute_logger("odoo.sql_db")
    def test_wrong_figures(self):
        for vals in (
            {"quantity": 0},
            {"percent": 0},
            {"percent": 101},
            {"package_nth": 0},
            {"skip_lot": 0},
            {"method": "every_n", "quantity": 20, "per_quantity": 10},
        ):
            method = vals.pop("method", "fixed")
            with (
                self.subTest(vals=vals),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._make_plan(method, **vals)

    def test_a_history_fixes_the_aql(self):
        plan = self._make_plan("z14")
        self._sample_by(plan, group=self._make_group("Visual"))
        order = self._orders(self._receive(["A"], quantity=50))
        plan.aql_minor = "4.0"
        self._count_defects(order)
        order.with_user(self.inspector).action_validate()
        with self.assertRaises(UserError) as error:
            plan.with_user(self.manager).aql_major = "4.0"
        self.assertEqual(
            str(error.exception),
            "Lots were accepted or rejected by: z14. Their history is about its level"
            " and AQLs: copy the plan, and archive this one.",
        )
        plan.with_user(self.manager).write({"aql_major": "1.0", "note": "same"})
        self.assertEqual(plan.copy().name, "z14 (copy)")

    def test_a_change_leaves_made_orders_alone(self):
        plan = self._make_plan("fixed", quantity=3)
        self._sample_by(plan)
        order = self._orders(self._receive(["A"], quantity=50))
        plan.write({"quantity": 9, "hold_scope": "all", "reading_scope": "sample"})
        self.assertEqual(order.sample_quantity, 3)
        self.assertTrue(order._is_repeatable())
        order.with_user(self.inspector).test_group_ids += self.group
        self.assertEqual(
            len(order.result_ids.filtered(lambda r: r.test_id == self.taste)), 3
        )

    def test_a_plan_that_was_used_stays(self):
        plan = self._make_plan("fixed")
        rule = self._sample_by(plan)
        self._receive(["A"])
        rule.sampling_plan_id = False
        with self.assertRaises(UserError) as error:
            plan.with_user(self.manager).unlink()
        self.assertEqual(
            str(error.exception),
            "Quality orders were made by: fixed. Archive the plan instead.",
        )
        self.assertEqual(plan.order_count, 1)

    def test_an_association_takes_a_plan(self):
        plan = self._make_plan("fixed", quantity=2)
        form = Form(self.env["qms.quality.association"].with_user(self.manager))
        form.name = "Milk"
        form.test_group_id = self.weights
        form.sampling_plan_id = plan
        form.save()
        self.assertEqual(self._receive_samples(["A"], quantity=9), [2])
