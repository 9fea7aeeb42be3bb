from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_case import NonconformanceCase


@tagged("post_install", "-at_install")
class TestNonconformanceCost(NonconformanceCase):
    """What a case costs is reckoned when it is carried out; the rest is entered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product.standard_price = 2.5
        cls.vat = cls.env["mrp.workcenter"].create({"name": "Vat", "costs_hour": 60})

    def _failed_case(self, **kwargs):
        order = self._fail_order(**kwargs)
        return self.Case.search([("quality_order_id", "=", order.id)])

    def _carry_out(self, case, **vals):
        """Decide on goods of a failed order, and carry that out; return the row."""
        self._bring_to_disposition(case)
        held = self.env["stock.quant"].search(
            [("lot_id", "in", case.lot_ids.ids), ("location_id.usage", "=", "internal")]
        )
        disposition = (
            self.env["qms.disposition"]
            .with_user(self.inspector)
            .create(
                {
                    "nonconformance_id": case.id,
                    "lot_id": held.lot_id.id,
                    "location_id": held.location_id.id,
                    "reason": "Too light",
                    **vals,
                }
            )
        )
        case.with_user(self.inspector).action_submit()
        disposition.with_user(self.manager).action_approve()
        disposition.action_execute()
        return disposition.with_user(self.env.user)

    def _enter(self, case, user=None, **vals):
        """Enter a cost in the list, as an inspector."""
        costs = self.env["qms.nonconformance.cost"].with_user(user or self.inspector)
        form = Form(costs.with_context(default_nonconformance_id=case.id))
        for name, value in vals.items():
            form[name] = value
        return form.save()

    # -- Reckoned ----------------------------------------------------------------------

    def test_scrap_costs_its_value(self):
        case = self._failed_case()
        disposition = self._carry_out(case, kind="scrap", quantity=4)
        self.assertEqual(disposition.state, "done")
        cost = case.cost_ids
        self.assertEqual(cost.kind, "scrap")
        self.assertEqual(cost.quantity, 4)
        self.assertEqual(cost.amount, 10)
        self.assertEqual(cost.amount, disposition.move_ids.value)
        self.assertTrue(cost.is_automatic)
        self.assertEqual(case.cost_total, 10)

    def test_use_as_is_costs_nothing(self):
        case = self._failed_case()
        disposition = self._carry_out(case, kind="use_as_is", quantity=10)
        self.assertEqual(disposition.state, "done")
        self.assertFalse(case.cost_ids)

    def test_downgrade_costs_what_it_lost(self):
        second = self._make_product("Milk, second choice", standard_price=1)
        case = self._failed_case()
        disposition = self._carry_out(
            case, kind="downgrade", quantity=4, product_dest_id=second.id
        )
        self.assertEqual(disposition.state, "done")
        self.assertEqual(case.cost_ids.kind, "material")
        self.assertEqual(case.cost_ids.amount, 6)

    def test_donation_costs_what_was_shipped(self):
        zoo = self.env["res.partner"].create({"name": "Zoo"})
        case = self._failed_case()
        disposition = self._carry_out(
            case, kind="donate", quantity=4, partner_id=zoo.id
        )
        self.assertFalse(case.cost_ids)
        picking = disposition.move_ids.picking_id
        picking.move_line_ids.quantity = 3
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(disposition.state, "done")
        self.assertEqual(case.cost_ids.kind, "material")
        self.assertEqual(case.cost_ids.quantity, 3)
        self.assertEqual(case.cost_ids.amount, 7.5)

    def test_worthless_goods_make_no_row(self):
        self.product.standard_price = 0
        case = self._failed_case()
        self._carry_out(case, kind="scrap", quantity=10)
        self.assertFalse(case.cost_ids)

    def test_reckoned_once(self):
        case = self._failed_case()
        disposition = self._carry_out(case, kind="scrap", quantity=4)
        disposition._record_costs()
        self.assertEqual(case.cost_ids.mapped("amount"), [10])

    def test_rework_costs_time_and_parts(self):
        salt = self.untracked
        salt.standard_price = 1.5
        self._stock_up(100, product=salt)
        heated = self._make_product("Milk, heated again")
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": heated.product_tmpl_id.id,
                "product_qty": 10,
                "bom_line_ids": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 10}),
                    (0, 0, {"product_id": salt.id, "product_qty": 2}),
                ],
                "operation_ids": [
                    (0, 0, {"name": "Heat again", "workcenter_id": self.vat.id})
                ],
            }
        )
        case = self._failed_case()
        disposition = self._carry_out(
            case, kind="rework", quantity=10, rework_way="production", bom_id=bom.id
        )
        order = disposition.production_ids
        order.workorder_ids.duration = 90
        order.move_raw_ids.picked = True
        order.qty_producing = 10
        order._set_qty_producing()
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        amounts = {cost.kind: cost.amount for cost in case.cost_ids}
        self.assertEqual(amounts, {"rework": 90, "material": 3})
        time = case.cost_ids.filtered(lambda cost: cost.kind == "rework")
        self.assertEqual(time.quantity, 1.5)
        self.assertEqual(time.workcenter_id, self.vat)
        self.assertEqual(case.cost_total, 93)

    # -- Entered -----------------------------------------------------------------------

    def test_enter(self):
        case = self._make_case()
        freight = self._enter(case, kind="freight", name="Back", amount=45)
        self.assertEqual(freight.amount, 45)
        work = self._enter(
            case, kind="rework", name="Sorting", workcenter_id=self.vat, quantity=0.5
        )
        self.assertEqual(work.unit_cost, 60)
        self.assertEqual(work.amount, 30)
        self._enter(case, kind="credit", name="From the farm", amount=-20)
        self.assertEqual(case.cost_total, 55)
        work.unlink()
        self.assertEqual(case.cost_total, 25)

    @mute_logger("odoo.sql_db")
    def test_signs(self):
        case = self._make_case()
        for kind, amount in (("credit", 5), ("freight", -5)):
            with self.subTest(kind), self.assertRaises(IntegrityError):
                self._enter(case, kind=kind, name="Wrong", amount=amount)

    def test_what_is_reckoned_stays(self):
        case = self._failed_case()
        self._carry_out(case, kind="scrap", quantity=4)
        for user in (self.inspector, self.manager):
            cost = case.cost_ids.with_user(user)
            for change in (
                lambda cost=cost: cost.write({"amount": 1}),
                lambda cost=cost: cost.write({"is_automatic": False}),
                lambda cost=cost: cost.unlink(),
            ):
                with self.assertRaises(AccessError) as refusal:
                    change()
                self.assertEqual(
                    str(refusal.exception),
                    "These costs were reckoned when a disposition was carried out, and"
                    " can't be changed. Add a row that corrects them.",
                )
        case.cost_ids.with_user(self.inspector).is_charged = True
        self.assertTrue(case.cost_ids.is_charged)

    def test_rows_of_the_system_are_not_forged(self):
        case = self._make_case()
        costs = self.env["qms.nonconformance.cost"].with_user(self.inspector)
        vals = {"nonconformance_id": case.id, "name": "Scrap", "is_automatic": True}
        with self.assertRaises(AccessError):
            costs.create(vals)
        with self.assertRaises(AccessError):
            costs.with_context(default_is_automatic=True, qms_sentinel=True).create(
                {"nonconformance_id": case.id, "name": "Scrap"}
            )

    def test_late_costs_are_the_managers(self):
        case = self._make_case()
        case.with_user(self.manager).action_cancel("Opened twice")
        with self.assertRaises(UserError) as refusal:
            self._enter(case, kind="freight", name="Late", amount=5)
        self.assertEqual(
            str(refusal.exception),
            f"Closed already: {case.name}. A quality manager can add what comes in"
            " late.",
        )
        self._enter(case, self.manager, kind="freight", name="Late", amount=5)
        with Form(case.with_user(self.manager)) as form:
            with form.cost_ids.new() as row:
                row.kind, row.name, row.amount = "freight", "Later", 7
        self.assertEqual(case.cost_total, 12)

    # -- Reading -----------------------------------------------------------------------

    def test_readers(self):
        case = self._make_case()
        cost = self._enter(case, kind="freight", name="Back", amount=45)
        for user in (self.officer, self.plant):
            self.assertEqual(cost.with_user(user).amount, 45)
            with self.assertRaises(AccessError):
                cost.with_user(user).amount = 1
        with self.assertRaises(AccessError):
            cost.with_user(self.clerk).read(["amount"])

    def test_whoever_reads_cases_opens_them(self):
        case = self._make_case()
        self._enter(case, kind="freight", name="Back", amount=45)
        for group in (
            "stock.group_stock_user",
            "mrp.group_mrp_user",
            "purchase.group_purchase_user",
            "sales_team.group_sale_salesman",
            "qms_quality.group_plant_manager",
            "qms_quality.group_compliance_officer",
        ):
            user = self._make_user(group.replace(".", "_"), group)
            with self.subTest(group):
                self.assertEqual(Form(case.with_user(user)).subject, "Dented")

    def test_other_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = self._make_user("qms_elsewhere", "qms_quality.group_quality_manager")
        other.sudo().write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        cost = self._enter(self._make_case(), kind="freight", name="Back", amount=45)
        costs = self.env["qms.nonconformance.cost"].with_user(other)
        self.assertNotIn(cost, costs.search([]))

    def test_sums(self):
        case = self._make_case(type="supplier", partner_id=self.partner.id)
        self._enter(case, kind="freight", name="Back", amount=45)
        self._enter(case, kind="charge", name="Laboratory", amount=15)
        costs = self.env["qms.nonconformance.cost"].with_user(self.inspector)
        [(partner, kinds)] = [
            (partner, amount)
            for partner, amount in costs._read_group(
                [("nonconformance_id", "=", case.id)], ["partner_id"], ["amount:sum"]
            )
        ]
        self.assertEqual((partner, kinds), (self.partner, 60))
        action = case.with_user(self.inspector).action_open_costs()
        self.assertEqual(len(costs.search(action["domain"])), 2)

    def test_totals_of_many_cases(self):
        cases = self.Case.union(*(self._make_case() for _number in range(20)))
        for case in cases:
            self._enter(case, kind="freight", name="Back", amount=45)
        counts = []
        for some in (cases[:2], cases):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some._compute_cost_total()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)
