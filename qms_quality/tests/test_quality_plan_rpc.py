from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_plan import PlanCase
from .refusal_case import RefusalMixin
from .rpc_case import Refused, RpcCase

MODEL = "qms.quality.plan"
PROGRAM = "qms_quality.group_quality_plan_program"


@tagged("post_install", "-at_install")
class TestQualityPlanRpc(RefusalMixin, PlanCase, RpcCase):
    """Plans over both of Odoo's protocols, by a program that may do nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.default_code = "MILK-1"
        cls.program = cls._make_user("qms_program", PROGRAM)
        cls._set_passwords(cls.program | cls.clerk)

    def _clients(self, user=None):
        return super()._clients(user or self.program)

    def _cells(self):
        plans = self.env[MODEL]
        return {name: "on_hold" for name in plans._get_cell_fields()}

    # -- Good programs -----------------------------------------------------------------

    def test_the_life_of_a_plan(self):
        for call in self._clients():
            key = {"code": "MILK", "product": "MILK-1"}
            values = {**self._cells(), "basis": "last", "date_from": "2020-02-01"}
            answer = call(MODEL, "add_quality_plan", **key, values=values)
            self.assertEqual(answer["warnings"], [])
            plan = answer["plan"]
            self.assertEqual((plan["name"], plan["product"]), ("MILK", "MILK-1"))
            self.assertEqual((plan["basis"], plan["order_basis"]), ("last", "all"))
            self.assertEqual(plan["date_from"], "2020-02-01")
            self.assertIs(plan["max_uom_id"], False)
            self.assertEqual(call(MODEL, "get_quality_plan", **key)["plan"], plan)
            order = self._order_of(self.env["qms.test.group"], f"L{plan['id']}")
            answer = call(
                MODEL,
                "update_quality_plan",
                **key,
                values={"name": "Raw milk", "basis": "last", "order_auto": True},
            )
            self.assertEqual(
                answer["warnings"], ["1 quality orders keep the plan as it was."]
            )
            self.assertIs(answer["plan"]["order_auto"], True)
            self.assertFalse(order.plan_copy_id.order_auto)
            listed = call(MODEL, "list_quality_plans", product="MILK-1")
            self.assertEqual(listed["plans"], [answer["plan"]])
            self.assertEqual(listed["total"], 1)
            self._associate(plan_code="MILK", name=f"Rule {plan['id']}")
            gone = call(MODEL, "delete_quality_plan", **key)
            self.assertEqual(gone["plan"], answer["plan"])
            self.assertEqual(gone["warnings"][0], self._kept_text())
            self.assertIn("associations name the plan MILK", gone["warnings"][1])
            self.env.invalidate_all()
            self.env["qms.quality.association"].search([]).active = False
            listed = call(MODEL, "list_quality_plans", code="MILK")
            self.assertEqual((listed["plans"], listed["total"]), ([], 0))

    def _kept_text(self):
        return "1 quality orders keep a copy of the plan."

    def test_warnings_stop_nothing(self):
        call = self._clients()[1]
        answer = call(
            MODEL,
            "add_quality_plan",
            code="A",
            product="MILK-1",
            values={
                **dict.fromkeys(list(self._cells())[1:], "passed"),
                "max_quantity": 5,
                "max_uom_id": "Units",
                "date_to": "2020-01-01",
            },
        )
        self.assertEqual(
            answer["warnings"],
            [
                "These cells were not given, and stay as they come: cell_pass_pass.",
                "The plan is not in force today.",
                "max_quantity has no effect: it is for products that are managed in"
                " packages, with one order for each lot.",
            ],
        )
        self.assertEqual(answer["plan"]["max_uom_id"], "Units")
        key = {"code": "A", "product": "MILK-1"}
        answer = call(MODEL, "update_quality_plan", **key, values={"date_to": False})
        self.assertEqual(len(answer["warnings"]), 1)
        answer = call(MODEL, "update_quality_plan", **key, values={})
        self.assertEqual(answer["warnings"][0], "Nothing changed.")
        answer = call(
            MODEL, "add_quality_plan", code="B", product="MILK-1", values=self._cells()
        )
        self.assertEqual(
            answer["warnings"],
            ["The plan A is in force for these products, too, and counts instead."],
        )

    def test_plans_of_categories_and_of_all(self):
        category = self.env["product.category"].create({"name": "Dairy rpc"})
        for call in self._clients():
            for key in ({}, {"category": category.complete_name}):
                values = self._cells()
                call(MODEL, "add_quality_plan", code="ALL", values=values, **key)
                plan = call(MODEL, "get_quality_plan", code="ALL", **key)["plan"]
                self.assertEqual(plan["category"], key.get("category", False))
                call(MODEL, "delete_quality_plan", code="ALL", **key)

    # -- Bad programs ------------------------------------------------------------------

    def _refused(self, call, method, **named):
        with self.assertRaises(Refused) as error:
            call(MODEL, method, **named)
        return str(error.exception)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_is_impossible_is_named(self):
        twin = self._make_product("Twin")
        twin.default_code = "TWIN"
        self._make_product("Twin 2").default_code = "TWIN"
        for call in self._clients():
            for key, text in (
                ({}, "a text of 1 to 200 characters"),
                ({"code": ""}, "a text of 1 to 200 characters"),
                ({"code": 7}, "a text of 1 to 200 characters"),
                ({"code": ["x"]}, "a text of 1 to 200 characters"),
                ({"code": "x" * 201}, "a text of 1 to 200 characters"),
                ({"code": "A", "product": "NONE"}, "There is no product “NONE”."),
                ({"code": "A", "product": {"a": 1}}, "There is no product"),
                # nothing that is empty means all products, but nothing at all
                ({"code": "A", "product": 0}, "There is no product “0”."),
                ({"code": "A", "product": []}, "There is no product “[]”."),
                ({"code": "A", "product": {}}, "There is no product “{}”."),
                ({"code": "A", "category": 0}, "There is no product category “0”."),
                ({"code": "A", "product": "TWIN"}, "several of the product “TWIN”"),
                ({"code": "A", "category": "No"}, "no product category “No”"),
                (
                    {"code": "A", "category": "No", "product": "MILK-1"},
                    "about a product or a category, not both",
                ),
            ):
                for method in ("add_quality_plan", "get_quality_plan"):
                    self.assertIn(text, self._refused(call, method, **key))
            missing = "There is no quality plan A for MILK-1."
            key = {"code": "A", "product": "MILK-1"}
            for method in ("update", "delete", "get"):
                found = self._refused(call, f"{method}_quality_plan", **key)
                self.assertIn(missing, found)
            for page in (
                {"limit": 0},
                {"limit": 1001},
                {"offset": -1},
                {"limit": "9"},
                {"offset": 10**9 + 1},
            ):
                text = self._refused(call, "list_quality_plans", **page)
                self.assertIn("a number from 1 to 1000", text)
            text = self._refused(call, "list_quality_plans", code=0)
            self.assertIn("a text of 1 to 200 characters", text)
            text = self._refused(call, "list_quality_plans", product=[])
            self.assertIn("There is no product “[]”.", text)
        self.assertFalse(self.env[MODEL].search([]))

    def test_each_refusal_in_full(self):
        plans = self.env[MODEL].with_user(self.program)
        for name in ("Twin", "Twin 2"):
            self._make_product(name).default_code = "TWIN"
        self._plan(code="OLD")
        milk = {"code": "A", "product": "MILK-1"}
        self.assertRefusals(
            *(
                (text, lambda named=named: plans.add_quality_plan(**named))
                for text, named in (
                    (
                        "There is a quality plan OLD for MILK-1 already. Update it"
                        " instead.",
                        {**milk, "code": "OLD"},
                    ),
                    (
                        "There are several of the product “TWIN”. Give each a reference"
                        " of its own.",
                        {**milk, "product": "TWIN"},
                    ),
                    (
                        "A quality plan is about a product or a category, not both.",
                        {**milk, "category": "Dairy"},
                    ),
                    (
                        "The code of a quality plan is a text of 1 to 200 characters.",
                        {**milk, "code": ""},
                    ),
                    (
                        "The values of a quality plan come by the name of the field.",
                        {**milk, "values": "basis"},
                    ),
                    (
                        "Nothing was changed:\n- colour is no field of a quality plan"
                        " that can be set.",
                        {**milk, "values": {"colour": "red"}},
                    ),
                )
            ),
            (
                "The limit is a number from 1 to 1000, the offset one from 0 to"
                " 1000000000.",
                lambda: plans.list_quality_plans(limit=0),
            ),
        )

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_all_wrong_values_are_named_at_once(self):
        wrong = {
            "basis": "first",
            "order_auto": "yes",
            "max_quantity": "many",
            "max_uom_id": "furlong per fortnight",
            "date_from": "tomorrow",
            "name": "",
            "company_id": 1,
            "id": 3,
            "colour": "red",
            "cell_none_none": "passed",
            "spec_auto": 1,
            "date_to": 20261130,
            "active": [],
            "manual_state": ["pending"],
            "again_date": False,
        }
        for call in self._clients():
            key = {"code": "A", "product": "MILK-1"}
            text = self._refused(call, "add_quality_plan", **key, values=wrong)
            self.assertIn("basis takes one of: last, one, all, not “first”.", text)
            self.assertIn("order_auto takes true or false, not “yes”.", text)
            self.assertIn("company_id is no field of a quality plan", text)
            for name in wrong:
                self.assertIn(f"- {name} ", text)
            for values in ([1], [], "x", 5, 0):
                text = self._refused(call, "add_quality_plan", **key, values=values)
                self.assertIn("come by the name of the field", text)
            for values in (
                {"date_from": []},
                {"date_from": {}},
                {"date_from": "2026-02-30"},
                {"max_uom_id": 0},
                {"max_uom_id": [1]},
                {"max_quantity": True},
                {"name": []},
            ):
                [name] = values
                text = self._refused(call, "add_quality_plan", **key, values=values)
                self.assertIn(f"- {name} takes ", text)
            text = self._refused(
                call, "add_quality_plan", **key, values={"max_quantity": -1}
            )
            self.assertIn("the maximum quantity can't be negative", text)
            text = self._refused(
                call, "add_quality_plan", **key, values={"return_copy_new_lot": True}
            )
            self.assertIn("customer returns are inspected", text)
            dates = {"date_from": "2026-02-01", "date_to": "2026-01-01"}
            text = self._refused(call, "add_quality_plan", **key, values=dates)
            self.assertIn("A quality plan can't end before it begins.", text)
        self.assertFalse(self.env[MODEL].search([]))
        self._plan(code="A")
        for call in self._clients():
            text = self._refused(call, "add_quality_plan", **key)
            self.assertIn("There is a quality plan A for MILK-1 already.", text)

    @mute_logger("odoo.http", "odoo.sql_db")
    def test_what_no_database_keeps_is_refused(self):
        """Only JSON lets it through: characters and numbers that are none."""
        call = self._clients()[1]
        key = {"code": "A", "product": "MILK-1"}
        for text in ("a\0b", "a\ud800b"):
            found = self._refused(call, "add_quality_plan", code=text)
            self.assertIn("a text of 1 to 200 characters", found)
            found = self._refused(call, "get_quality_plan", code="A", product=text)
            self.assertIn("There is no product", found)
            values = {"name": text}
            found = self._refused(call, "add_quality_plan", **key, values=values)
            self.assertIn("name takes a text of 1 to 200 characters", found)
        values = {"a\ud800b": 1}
        found = self._refused(call, "add_quality_plan", **key, values=values)
        self.assertIn("a?b is no field of a quality plan", found)
        for number in (10**400, -(10**400), 1e15, float("nan"), float("inf")):
            values = {"max_quantity": number}
            found = self._refused(call, "add_quality_plan", **key, values=values)
            self.assertIn("max_quantity takes a number", found)
        found = self._refused(call, "list_quality_plans", offset=2**63)
        self.assertIn("the offset one from 0 to 1000000000", found)
        self.assertFalse(self.env[MODEL].search([]))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model")
    def test_the_program_may_do_nothing_else(self):
        order = self._order_of(self.env["qms.test.group"])
        for call in self._clients():
            for model in ("qms.quality.order", "qms.hold", "qms.test.group"):
                with self.assertRaises(Refused):
                    call(model, "read", [order.id], fields=["name"])
        for call in self._clients(self.clerk):
            for method in ("add", "update", "delete"):
                self._plan(code=f"A{method}{call.__class__.__name__}")
                key = {"code": f"A{method}{call.__class__.__name__}"}
                with self.assertRaises(Refused):
                    call(MODEL, f"{method}_quality_plan", product="MILK-1", **key)

    @mute_logger("odoo.http")
    def test_a_program_of_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._plan(code="A")
        self.program.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        for call in self._clients():
            self.assertEqual(call(MODEL, "list_quality_plans")["total"], 0)
            key = {"code": "A", "product": "MILK-1"}
            self.assertIn(
                "There is no quality plan A",
                self._refused(call, "delete_quality_plan", **key),
            )
