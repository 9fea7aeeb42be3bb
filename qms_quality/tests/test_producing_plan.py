from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_mrp import QmsMrpCase
from .common_step import StepCase


@tagged("post_install", "-at_install")
class TestProducingPlan(QmsMrpCase, StepCase):
    """A lot that more is produced into, by manufacturing orders and the operator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.quark = cls._make_product("Quark")
        cls.rule = cls._rule("output", product_ids=cls.quark.ids)
        cls.bom = cls._make_bom([(cls.untracked, 1)], product=cls.quark)
        cls._stock_up(100, product=cls.untracked)
        cls.plan = cls.env["qms.quality.plan"].create(
            {"code": "P", "name": "Plan", "product_id": cls.quark.id}
        )

    def _produce(self, quantity=10, lot=None, place=None):
        """Make goods into a lot, as the operator; return the lot."""
        order = self._make_order(self.bom, quantity, confirm=False)
        order.location_dest_id = place or self.stock
        order.action_confirm()
        order.action_assign()
        order = order.with_user(self.operator)
        if lot:
            order.lot_producing_ids = [Command.set(lot.ids)]
        else:
            order.action_generate_serial()
        order.qty_producing = quantity
        order.move_raw_ids.picked = True
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order.sudo().lot_producing_ids

    def test_last_order_counts(self):
        lot = self._produce()
        order = self._orders_of(self.rule)
        self.assertEqual(order.lot_ids, lot)
        self._inspect(order)
        self._produce(5, lot)
        self.assertEqual(self._orders_of(self.rule), order)
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(lot.product_qty, 15)

    def test_under_inspection_first(self):
        self.plan.replace_production = "reclassify"
        lot = self._produce()
        order = self._orders_of(self.rule)
        self._inspect(order)
        with self.assertRaises(UserError) as error, self.env.cr.savepoint():
            self._produce(5, lot)
        self.assertEqual(
            str(error.exception),
            f"{lot.display_name} is Available. By the quality plan no more can be"
            " produced into it before somebody puts it under inspection: reopen"
            f" {order.name}, or hold the lot as Under inspection. Or produce into"
            " another lot.",
        )
        order.with_user(self.manager).action_reopen()
        self._produce(5, lot)
        self.assertEqual(self._orders_of(self.rule), order)
        self.assertEqual((order.quantity, order.state), (15, "open"))
        order.with_user(self.inspector).action_validate()
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_held_by_hand_first(self):
        self.plan.replace_production = "reclassify"
        lot = self._produce()
        self._inspect(self._orders_of(self.rule))
        self._hold(self.under_inspection, lot=lot)
        self._produce(5, lot)
        self.assertEqual(len(self._orders_of(self.rule)), 2)

    def test_another_location(self):
        self.plan.replace_production = "location"
        lot = self._produce()
        self._inspect(self._orders_of(self.rule))
        first = self._orders_of(self.rule)
        with (
            self.assertRaisesRegex(UserError, "they need another location"),
            self.env.cr.savepoint(),
        ):
            self._produce(5, lot)
        self._produce(5, lot, self.shelf)
        second = self._orders_of(self.rule) - first
        self.assertEqual(self._held(second), [(self.under_inspection, lot, self.shelf)])
        in_stock = lot.quant_ids.filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(in_stock.inspection_status_id, self.available)

    def test_last_order_that_is_open_counts(self):
        lot = self._produce()
        order = self._orders_of(self.rule)
        self._produce(5, lot)
        self.assertEqual(self._orders_of(self.rule), order)
        self.assertEqual((order.quantity, order.state), (15, "draft"))
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_last_order_that_failed_counts(self):
        lot = self._produce()
        order = self._orders_of(self.rule)
        self._inspect(order, fail=True)
        self._produce(5, lot, self.shelf)
        self.assertEqual(self._orders_of(self.rule), order)
        on_shelf = lot.quant_ids.filtered(lambda one: one.location_id == self.shelf)
        self.assertEqual(on_shelf.inspection_status_id, self.on_hold)

    def test_without_lots_each_output_is_inspected(self):
        for how in ("last", "reclassify", "location"):
            self.plan.write({"product_id": False, "replace_production": how})
            curd = self._make_product(f"Curd {how}", tracking="none")
            rule = self._rule("output", product_ids=curd.ids, name=f"Curd {how}")
            bom = self._make_bom([(self.untracked, 1)], product=curd)
            for _number in range(2):
                order = self._make_order(bom, 3).with_user(self.operator)
                order.qty_producing = 3
                order.move_raw_ids.picked = True
                order.button_mark_done()
                self.assertEqual(order.state, "done")
            self.assertEqual(len(self._orders_of(rule)), 2, how)

    def test_frequency(self):
        self.rule.write(
            {"frequency_quantity": 5, "frequency_uom_id": self.quark.uom_id.id}
        )
        kind = self.warehouse.manu_type_id
        for of_type, of_plan, orders in (
            ("sequence", "inherit", 1),
            ("separate", "inherit", 2),
            ("separate", "sequence", 1),
            ("sequence", "separate", 2),
        ):
            kind.qms_frequency = of_type
            self.plan.frequency_production = of_plan
            before = self._orders_of(self.rule)
            self._produce(10)
            made = self._orders_of(self.rule) - before
            self.assertEqual(len(made), orders, (of_type, of_plan))
            self.assertEqual(len(made.result_ids), 2, (of_type, of_plan))

    def test_put_away(self):
        self.plan.lot_auto = True
        self.warehouse.manufacture_steps = "pbm_sam"
        post = self.warehouse.sam_loc_id
        self._stock_up(100, product=self.untracked, location=self.warehouse.pbm_loc_id)
        order = self.env["mrp.production"].create(
            {
                "product_id": self.quark.id,
                "bom_id": self.bom.id,
                "product_qty": 10,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.warehouse.pbm_loc_id.id,
                "location_dest_id": post.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        order = order.with_user(self.operator)
        order.action_generate_serial()
        order.qty_producing = 10
        order.move_raw_ids.write({"quantity": 10, "picked": True})
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        lot = order.sudo().lot_producing_ids
        self.assertEqual(self._quantity(post, lot), 10)
        self._inspect(self._orders_of(self.rule))
        self.assertEqual(self._quantity(self.stock, lot), 10)
