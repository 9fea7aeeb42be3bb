from odoo.exceptions import UserError

from .common_recall import RecallCase


class LotlessCase(RecallCase):
    """``cls.paste`` has no lots; ``cls.sauce`` does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paste = cls._make_product("Mustard paste", tracking="none")
        cls.sauce = cls._make_product("Mustard sauce")

    def _make_paste(self, quantity, uses, product=None):
        """Make goods without lots of lots, or of other goods without."""
        return self._close(self._order(product or self.paste, quantity, uses))

    def _make_sauce(self, name, uses, quantity=5):
        lot = self._make_lot(name, self.sauce)
        order = self._order(self.sauce, quantity, uses)
        order.lot_producing_ids = lot
        self._close(order)
        return lot

    def _order(self, product, quantity, uses):
        """Return a begun order; ``uses`` is a lot, or a product without, → quantity."""
        order = self.env["mrp.production"].create(
            {
                "product_id": product.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "location_src_id": self.stock.id,
                "location_dest_id": self.stock.id,
            }
        )
        order.action_confirm()
        for goods, used in uses.items():
            lot = goods if goods._name == "stock.lot" else self.env["stock.lot"]
            used_product = lot.product_id or goods
            places = {
                "product_id": used_product.id,
                "location_id": self.stock.id,
                "location_dest_id": order.production_location_id.id,
            }
            move = self.env["stock.move"].create(
                {
                    "raw_material_production_id": order.id,
                    "product_uom_qty": used,
                    **places,
                }
            )
            move._action_confirm()
            move._do_unreserve()
            self.env["stock.move.line"].create(
                {"move_id": move.id, "lot_id": lot.id, "quantity": used, **places}
            )
            move.picked = True
        return order

    def _close(self, order):
        order.qty_producing = order.product_qty
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order

    def _holds(self, recall):
        return self.env["qms.hold"].search(
            [
                ("res_model", "=", "qms.recall"),
                ("res_id", "=", recall.id),
                ("state", "=", "open"),
            ]
        )

    def _deliver_lotless(self, quantity, partner, product=None):
        """Deliver goods without a lot; return the transfer."""
        product = product or self.paste
        delivery = self._picking("outgoing", quantity, product, partner_id=partner.id)
        delivery.action_confirm()
        delivery.do_unreserve()
        move = delivery.move_ids
        self.env["stock.move.line"].create(move._prepare_move_line_vals(quantity))
        move.picked = True
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        self.assertFalse(delivery.move_line_ids.lot_id)
        return delivery

    def _send_back(self, delivery, quantity):
        """Take back goods of a delivery; return the transfer."""
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        wizard.product_return_moves.quantity = quantity
        back = wizard._create_return()
        back.move_ids.quantity = quantity
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return back

    def _rows(self, recall):
        return {row.product_id: row for row in recall.product_row_ids}

    def _closing_problems(self, recall):
        with self.assertRaises(UserError) as refusal:
            recall.action_close()
        return str(refusal.exception)
