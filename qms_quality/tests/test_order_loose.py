from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestOrderLoose(InspectionCase):
    """An order about a sample that nobody knows becomes one about goods, once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["qms.quality.order"].with_user(cls.inspector)
        cls.small = cls._make_weight_group()
        cls.lot = cls._make_lot("L-1")
        cls._stock_up(10, cls.lot)

    def _make(self, **vals):
        return self.orders.create(
            {"subject": "A cup", "test_group_ids": self.small.ids, **vals}
        )

    def _name(self, order):
        with Form(order) as form:
            form.product_id = self.product
            form.lot_ids.add(self.lot)

    def test_by_hand_in_the_form(self):
        form = Form(self.orders)
        form.subject = "A cup that a customer sent back"
        form.test_group_ids.add(self.small)
        order = form.save()
        self.assertFalse(order.product_id or self._held(order))
        self.assertTrue(order.is_loose)

    def test_named_goods_are_held(self):
        order = self._make()
        self._name(order)
        self.assertEqual(order.uom_id, self.product.uom_id)
        self.assertEqual(order.result_ids.lot_id, self.lot)
        self.assertEqual(
            self._held(order), [(self.under_inspection, self.lot, self.stock[:0])]
        )
        with self.assertRaises(UserError) as error:
            order.product_id = self.untracked
        self.assertEqual(
            str(error.exception),
            f"{order.name} holds its goods, so its Product can't be changed. Cancel it"
            " and make another one.",
        )

    def test_named_goods_that_can_not_be_held(self):
        order = self._make()
        with self.assertRaises(UserError) as error:
            order.write({"product_id": self.product.id, "location_id": self.stock.id})
        self.assertEqual(
            str(error.exception),
            "Milk can't be held: give its lot (its place, if it isn't tracked), or"
            " don't hold it.",
        )
        order.write({"product_id": self.product.id, "hold_goods": False})
        self.assertFalse(self._held(order))

    def test_goods_that_failed_before_they_were_named(self):
        order = self._make()
        order.result_ids.value = 3
        self.assertFalse(self._held(order))
        self._name(order)
        self.assertEqual(
            [status for status, *_goods in self._held(order)], [self.on_hold]
        )
        order.action_validate()
        self.assertEqual(order.verdict, "failed")
        self.assertEqual(self.lot.inspection_status_id, self.small.failed_status_id)

    def test_several_serial_numbers(self):
        serial = self._make_product("Tank", tracking="serial")
        lots = self._make_lot("S1", serial) + self._make_lot("S2", serial)
        order = self._make()
        order.write({"product_id": serial.id, "lot_ids": lots.ids})
        self.assertEqual(order.result_ids.lot_id, lots)
        order = self._make()
        order.result_ids.value = 5
        with self.assertRaises(UserError) as error:
            order.write({"product_id": serial.id, "lot_ids": lots.ids})
        self.assertEqual(
            str(error.exception),
            f"{order.name} has readings already, so it can be about one serial number"
            " only. Make another order for the others.",
        )

    def test_only_goods_are_named(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        order = self._make()
        for vals in ({"company_id": other.id}, {"block_next": True}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                order.write(vals)
        with self.assertRaises(ValidationError) as error:
            order.write({"lot_ids": self.lot.ids})
        self.assertEqual(
            str(error.exception), "Give the product of the lots, too: L-1."
        )

    def test_a_verdict_is_about_what_it_was(self):
        order = self._make()
        self._fill(order)
        order.action_validate()
        with self.assertRaises(UserError):
            order.product_id = self.product

    def test_a_sampling_plan_needs_a_product(self):
        plan = self.env["qms.sampling.plan"].search([], limit=1)
        if not plan:
            plan = self.env["qms.sampling.plan"].create({"name": "All"})
        with self.assertRaises(ValidationError) as error:
            self._make(sampling_plan_id=plan.id)
        self.assertEqual(
            str(error.exception), "A sampling plan needs a product to take samples of."
        )

    def test_the_report_and_the_chart_do_without(self):
        order = self._make()
        self._fill(order)
        order.action_validate()
        report = "qms_quality.action_report_quality_order"
        self.assertTrue(self.env.ref(report, raise_if_not_found=False))
        html, _type = self.env["ir.actions.report"]._render_qweb_html(report, order.ids)
        self.assertIn(order.name, html.decode())
