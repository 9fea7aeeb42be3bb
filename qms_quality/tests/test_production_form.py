from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common_case import OFFICER, PLANT
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
