from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_case import OFFICER, PLANT
from .common_inspection import InspectionCase
from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestProductionForm(QmsMrpCase):
    """Who judges goods opens the order that made them, and changes nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = [
            cls.inspector,
            cls.manager,
            cls._make_user("qms_officer", OFFICER),
            cls._make_user("qms_plant", PLANT),
        ]
        cls.workcenter.capacity_ids = [
            (0, 0, {"product_id": cls.yoghurt.id, "capacity": 2})
        ]
        cls.lot = cls._make_lot("M1")
        cls._stock_up(10, cls.lot)
        bom = cls._make_bom([(cls.product, 2)], operations=1)
        cls.order = cls._make_order(bom)
        cls.order.workorder_ids.with_user(cls.operator).button_start()
        scrap = cls.env["stock.scrap"].create(
            {
                "product_id": cls.product.id,
                "lot_id": cls.lot.id,
                "production_id": cls.order.id,
                "scrap_qty": 1,
            }
        )
        scrap.action_validate()
        cls.order.qty_producing = 1
        cls.order.move_raw_ids.picked = True
        cls.order.with_user(cls.operator).button_mark_done()

    def test_who_judges_goods_opens_it(self):
        self.assertEqual(self.order.state, "done")
        for user in self.readers:
            with self.subTest(user.login):
                self.env.invalidate_all()
                form = Form(self.order.with_user(user))
                self.assertEqual(form.state, "done")
                self.assertEqual(len(form.workorder_ids), 1)
                self.assertEqual(form.scrap_count, 1)

    def test_what_the_order_names_is_opened(self):
        self.workcenter.tag_ids = [(0, 0, {"name": "Cold"})]
        scrap = self.order.scrap_ids
        scrap.scrap_reason_tag_ids = [(0, 0, {"name": "Spilt"})]
        for user in self.readers:
            for record, name in (
                (self.order.bom_id, "product_qty"),
                (self.workcenter, "name"),
                (scrap, "scrap_qty"),
                (self.lot, "name"),
            ):
                with self.subTest(user.login, model=record._name):
                    self.env.invalidate_all()
                    form = Form(record.with_user(user))
                    self.assertEqual(form[name], record[name])

    def test_nothing_is_changed(self):
        records = [
            self.order,
            self.order.bom_id,
            self.order.scrap_ids,
            self.order.production_group_id,
            self.order.workorder_ids.time_ids,
            self.workcenter.capacity_ids,
        ]
        for user in self.readers:
            for record in records:
                with self.subTest(user.login, model=record._name):
                    self.assertTrue(record)
                    with self.assertRaises(AccessError):
                        record.with_user(user).check_access("write")


@tagged("post_install", "-at_install")
class TestDocumentForm(InspectionCase):
    """Who judges goods opens the transfers and rules that his screens name."""

    def test_delivery_of_a_sales_order(self):
        lot = self._make_lot("D1")
        self._stock_up(10, lot)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": 2})
                ],
            }
        )
        order.order_line.name = "For the fair"
        order.action_confirm()
        picking = order.picking_ids
        officer, plant = self._make_user("qms_officer", OFFICER), self._make_plant()
        for user in (self.inspector, self.manager, officer, plant):
            with self.subTest(user.login):
                self.env.invalidate_all()
                form = Form(picking.with_user(user))
                self.assertEqual(form.name, picking.name)
                with self.assertRaises(AccessError):
                    order.with_user(user).check_access("read")

    def test_plant_manager_opens_what_cases_name(self):
        plan = self.env["qms.sampling.plan"].create({"name": "Two of each"})
        plant = self._make_plant()
        for record in (self.weight, self.group, plan):
            with self.subTest(record._name):
                self.env.invalidate_all()
                form = Form(record.with_user(plant))
                self.assertEqual(form.name, record.name)
                with self.assertRaises(AccessError):
                    record.with_user(plant).check_access("write")

    @classmethod
    def _make_plant(cls):
        return cls._make_user("qms_plant", PLANT)
