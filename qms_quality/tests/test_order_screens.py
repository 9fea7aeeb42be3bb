from odoo.tests import Form, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestOrderScreens(InspectionCase):
    """Buyers and sellers see on their orders what is held, with their rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = cls._make_user("qms_buyer", "purchase.group_purchase_user")
        cls.seller = cls._make_user("qms_seller", "sales_team.group_sale_salesman")

    def _purchase(self, lot_name):
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": self.buyer.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 10})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids
        picking.move_ids.move_line_ids.lot_name = lot_name
        picking.move_ids.picked = True
        picking.button_validate()
        return purchase.with_user(self.buyer)

    def _sell(self, quantity):
        sale = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "user_id": self.seller.id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    (0, 0, {"product_id": self.product.id, "product_uom_qty": quantity})
                ],
            }
        )
        sale.action_confirm()
        return sale.with_user(self.seller)

    def test_purchase_shows_the_status_of_what_it_brought(self):
        self._associate(product_ids=self.product.ids)
        purchase = self._purchase("L1")
        with Form(purchase) as form:
            self.assertEqual(form.inspection_status_id, self.under_inspection)
        order = self._orders(purchase.sudo().picking_ids)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        purchase.invalidate_recordset()
        self.assertFalse(purchase.inspection_status_id)

    def test_sale_shows_that_delivered_goods_are_called_back(self):
        lot = self._make_lot("ONE")
        self._stock_up(12, lot)
        sale = self._sell(10)
        picking = sale.sudo().picking_ids
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertFalse(sale.inspection_status_id)
        recalled = self.env.ref("qms_quality.status_recalled")
        hold = self._hold(recalled, lot=lot)
        sale.invalidate_recordset()
        self.env["stock.move.line"].invalidate_model()
        self.assertEqual(sale.inspection_status_id, recalled)
        self.assertEqual(sale.qms_open_hold_count, 1)
        self.assertEqual(sale.action_qms_open_holds()["res_id"], hold.id)

    def test_production_shows_what_is_held_of_its_goods(self):
        worker = self._make_user("qms_worker", "mrp.group_mrp_user")
        lot = self._make_lot("CURD")
        self._stock_up(10, lot)
        production = (
            self.env["mrp.production"]
            .with_user(worker)
            .create(
                {
                    "product_id": self._make_product("Cheese", tracking="none").id,
                    "product_qty": 1,
                    "picking_type_id": self.warehouse.manu_type_id.id,
                    "move_raw_ids": [
                        (0, 0, {"product_id": self.product.id, "product_uom_qty": 1})
                    ],
                }
            )
        )
        production.action_confirm()
        production.action_assign()
        self.assertFalse(production.inspection_status_id)
        production.qty_producing = 1
        production.move_raw_ids.picked = True
        production.button_mark_done()
        self.assertEqual(production.state, "done")
        hold = self._hold(lot=lot)
        production.invalidate_recordset()
        self.env["stock.move.line"].invalidate_model()
        with Form(production) as form:
            self.assertEqual(form.inspection_status_id, self.on_hold)
            self.assertEqual(form.qms_open_hold_count, 1)
        self.assertEqual(production.action_qms_open_holds()["res_id"], hold.id)
