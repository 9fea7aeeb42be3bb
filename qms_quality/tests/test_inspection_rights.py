from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestInspectionRights(InspectionCase):
    """Nobody moves an order but by its actions, and only who may."""

    def setUp(self):
        super().setUp()
        self.order = self._receive_order()

    def test_states_are_not_written(self):
        for user in (self.inspector, self.manager):
            for name, value in (
                ("state", "validated"),
                ("verdict", "passed"),
                ("validated_by_id", user.id),
                ("date_validated", "2020-01-01"),
                ("event", "manual"),
                ("res_model", "res.partner"),
                ("name", "QO/1"),
            ):
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaises(AccessError),
                ):
                    self.order.with_user(user).write({name: value})
        with self.assertRaises(AccessError) as error:
            self.order.sudo().state = "validated"
        self.assertEqual(
            str(error.exception),
            "These fields of a quality order are set by its buttons only: State.",
        )

    def test_states_are_not_created_imported_or_copied(self):
        orders = self.env["qms.quality.order"].with_user(self.manager)
        values = {"product_id": self.product.id}
        with self.assertRaises(AccessError):
            orders.create({**values, "state": "validated"})
        with self.assertRaises(AccessError):
            orders.create({**values, "verdict": "passed"})
        order = orders.with_context(
            default_state="validated", default_verdict="passed"
        ).create(values)
        self.assertEqual((order.state, order.verdict), ("draft", False))
        loaded = orders.load(
            ["product_id/.id", "state"], [[str(self.product.id), "Validated"]]
        )
        self.assertFalse(loaded["ids"])
        with self.assertRaises(AccessError):
            order.copy({"state": "validated"})

    def test_a_context_is_no_right(self):
        order = self.order.with_user(self.manager).with_context(
            qms_sentinel=True, install_mode=True, force=True
        )
        with self.assertRaises(AccessError):
            order.write({"state": "validated"})

    def test_only_inspectors_act(self):
        self._fill(self.order)
        order = self.order.with_user(self.clerk)
        with self.assertRaises(AccessError) as error:
            order.action_validate()
        self.assertEqual(
            str(error.exception),
            "Only members of the group Quality / Inspector can do this.",
        )
        with self.assertRaises(AccessError):
            order.sudo().action_validate()
        with self.assertRaises(AccessError):
            order.action_start()
        with self.assertRaises(AccessError):
            order.result_ids[0].value = 1
        with self.assertRaises(AccessError):
            order.copy()
        self.assertEqual(order.read(["state"])[0]["state"], "open")

    def test_only_managers_cancel_and_reopen(self):
        order = self.order.with_user(self.inspector)
        with self.assertRaises(AccessError) as error:
            order.action_cancel()
        self.assertEqual(
            str(error.exception),
            "Only members of the group Quality / Quality manager can do this.",
        )
        with self.assertRaises(AccessError):
            order.sudo().action_cancel()
        self._fill(order)
        order.action_validate()
        with self.assertRaises(AccessError):
            order.action_reopen()
        with self.assertRaises(AccessError):
            order.unlink()

    def test_actions_ask_for_the_state(self):
        order = self.order.with_user(self.manager)
        order.action_start()
        with self.assertRaises(UserError) as error:
            order.action_start()
        self.assertEqual(
            str(error.exception),
            f"Start isn't possible for: {order.name} (In Progress).",
        )
        with self.assertRaises(UserError):
            order.action_reopen()
        order.action_cancel()
        for action in ("action_start", "action_validate", "action_cancel"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(order, action)()

    def test_readers_read(self):
        for group in (
            "stock.group_stock_user",
            "purchase.group_purchase_user",
            "sales_team.group_sale_salesman",
            "mrp.group_mrp_user",
        ):
            user = self._make_user(f"qms_{group}", group)
            with self.subTest(group=group):
                order = self.order.with_user(user)
                order.invalidate_recordset()
                self.assertTrue(order.result_ids.mapped("limits"))
                order.web_read(
                    {"name": {}, "lot_ids": {"fields": {"display_name": {}}}}
                )
                with self.assertRaises(AccessError):
                    order.user_id = user
                with self.assertRaises(AccessError):
                    order.create({"product_id": self.product.id})

    def test_an_inspector_reads_the_whole_form(self):
        order = self.order.with_user(self.inspector)
        view = order.get_view(
            self.env.ref("qms_quality.qms_quality_order_view_form").id, "form"
        )
        names = view["models"]["qms.quality.order"]
        order.read(names)

    def test_masters_belong_to_managers(self):
        for record in (self.group, self.weight, self.group.line_ids):
            with self.assertRaises(AccessError):
                record.with_user(self.inspector).write({"sequence": 1, "name": "x"})
        self.group.copy().with_user(self.manager).name = "Other"

    def test_other_companies_see_nothing(self):
        company = self.env["res.company"].create({"name": "Other dairy"})
        stranger = self._make_user("qms_stranger", "qms_quality.group_quality_manager")
        stranger.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        order = self.order
        for records in (order, order.result_ids, order.test_ids, order.spec_ids):
            foreign = records.with_user(stranger)
            foreign.invalidate_model()
            with self.subTest(model=records._name):
                self.assertFalse(foreign.search([("id", "in", foreign.ids)]))
                with self.assertRaises(AccessError):
                    foreign.read(["company_id"])
        with self.assertRaises(AccessError):
            order.with_user(stranger).action_cancel()

    def test_a_rule_of_another_company_makes_no_order(self):
        company = self.env["res.company"].create({"name": "Other dairy"})
        self._associate(self._make_weight_group(), company_id=company.id)
        orders = self._orders(self._receive(["L2"]))
        self.assertEqual(orders.test_group_ids, self.group)
