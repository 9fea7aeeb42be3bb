from odoo.fields import Command

from .common_document import RequiredCase


class TestDocumentMoves(RequiredCase):
    """Moves know what their goods must meet, on every step of the way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_card("purchase", cls.partner)
        cls._make_card("sales", cls.customer_company)
        cls._make_card("production")

    def _ask(self, moves):
        self.env.invalidate_all()
        return [found for found in moves.sudo()._qms_get_requirements().values()]

    def test_receipt_and_backorder(self):
        order = self._make_purchase(5)
        order.button_confirm()
        copy = self._copies(order.order_line)
        self._receive(order, 2)
        moves = order.sudo().order_line.move_ids
        self.assertEqual(len(moves), 2)
        self.assertEqual(self._ask(moves), [copy, copy])

    def test_backorder_of_delivery(self):
        self._stock_up(10, self._make_lot("SHIP"))
        order = self._make_sale(5)
        order.action_confirm()
        copy = self._copies(order.order_line)
        move = order.sudo().picking_ids.move_ids
        move.quantity = 2
        move.picked = True
        move.picking_id._action_done()
        moves = order.sudo().order_line.move_ids
        self.assertEqual(sorted(moves.mapped("state")), ["assigned", "done"])
        self.assertEqual(self._ask(moves), [copy, copy])

    def test_steps_of_receipt(self):
        """In three steps: what was received is what is put away."""
        self.warehouse.reception_steps = "three_steps"
        order = self._make_purchase(5)
        order.button_confirm()
        copy = self._copies(order.order_line)
        move = order.sudo().order_line.move_ids
        for _step in range(2):
            picking = move.picking_id
            if not move.move_line_ids.lot_id:
                move.move_line_ids.lot_id = self._make_lot("STEPS")
            move.picked = True
            picking._action_done()
            move = move.move_dest_ids
            self.assertEqual(self._ask(move), [copy], move.location_dest_id.name)
            self.assertEqual(move.picking_id.qms_order_requirement_ids, copy)

    def test_steps_of_delivery(self):
        """In three steps: what is picked must meet what the customer demands."""
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._stock_up(10, self._make_lot("SHIP"))
        order = self._make_sale(5)
        order.action_confirm()
        copy = self._copies(order.order_line)
        move = order.sudo().picking_ids.move_ids
        for step in range(3):
            self.assertEqual(self._ask(move), [copy], f"step {step}")
            self.assertEqual(move.picking_id.qms_order_requirement_ids, copy)
            if step < 2:
                move.picked = True
                move.picking_id._action_done()
                move = move.move_dest_ids

    def test_steps_of_production(self):
        """Components that are picked first, and products that are stored after."""
        self.warehouse.manufacture_steps = "pbm_sam"
        self._stock_up(100, self._make_lot("MILK"))
        order = self._make_production(2).sudo()
        order.action_confirm()
        product = self._copies(order)
        component = self._copies(order.move_raw_ids)
        self.assertEqual(self._ask(order.move_raw_ids), [component])
        self.assertEqual(self._ask(order.move_raw_ids.move_orig_ids), [component])
        self.assertEqual(self._ask(order.move_finished_ids), [product])
        order.action_assign()
        pick = order.move_raw_ids.move_orig_ids
        pick.picked = True
        pick.picking_id._action_done()
        order.lot_producing_ids = self._make_lot("CHEESE", self.cheese)
        order.qty_producing = 2
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        store = order.move_finished_ids.move_dest_ids
        self.assertTrue(store)
        self.assertEqual(self._ask(store), [product])

    def test_returns_must_meet_nothing(self):
        """Goods that go back where they came from are not what was agreed about."""
        order = self._make_purchase(5)
        order.button_confirm()
        picking = self._receive(order)
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 5
        back = wizard._create_return()
        self.assertEqual(back.move_ids.purchase_line_id, order.sudo().order_line)
        self.assertEqual(self._ask(back.move_ids), [self.env["qms.qrs.document.line"]])

    def test_dropship_has_both(self):
        """From the vendor straight to the customer: what either demands."""
        purchase = self._make_purchase()
        sale = self._make_sale()
        move = self.env["stock.move"].create(
            {
                "product_id": self.product.id,
                "product_uom_qty": 5,
                "location_id": self.supplier.id,
                "location_dest_id": self.customer.id,
                "purchase_line_id": purchase.order_line.id,
                "sale_line_id": sale.order_line.id,
            }
        )
        copies = self._copies(purchase.order_line) | self._copies(sale.order_line)
        self.assertEqual(self._ask(move), [copies])

    def test_by_products_and_plain_moves(self):
        """Nothing was agreed about what nobody ordered."""
        picking = self._picking("internal", 1)
        self.assertEqual(
            self._ask(picking.move_ids), [self.env["qms.qrs.document.line"]]
        )

    def test_transfer_shows_them_to_the_clerk(self):
        order = self._make_purchase(5, 6)
        order.button_confirm()
        picking = order.sudo().picking_ids.with_user(self.clerk)
        copies = self._copies(order.order_line)
        self.assertEqual(picking.qms_order_requirement_ids, copies)
        self.assertEqual(
            copies.with_user(self.clerk).mapped("requirement_text"),
            ["Origin of Milk is none of: New Zealand\nKeep cool"] * 2,
        )

    def test_one_call_for_many_moves(self):
        """The number of queries doesn't grow with the moves."""
        counts = []
        for lines in (2, 20):
            order = self._make_purchase(*range(1, lines + 1))
            order.button_confirm()
            moves = order.sudo().order_line.move_ids
            self.env.invalidate_all()
            moves = self.env["stock.move"].browse(moves.ids)
            with self.assertQueryCount(100):
                before = self.cr.sql_log_count
                found = moves._qms_get_requirements()
                counts.append(self.cr.sql_log_count - before)
            self.assertEqual(len([copy for copy in found.values() if copy]), lines)
        self.assertEqual(counts[0], counts[1])

    def test_no_copies_no_query(self):
        """Where no order has requirements, asking costs nothing."""
        self._forget_requirements()
        picking = self._picking("outgoing", 1)
        moves = picking.move_ids
        self.env["qms.qrs.document.line"]._qms_has_copies()
        self.assertFalse(self.env["qms.qrs.document.line"]._qms_has_copies())
        with self.assertQueryCount(0):
            moves._qms_get_requirements()

    def test_kit(self):
        """A kit's parts must meet what the customer demands of the kit."""
        kit = self._make_product("Basket", tracking="none")
        bom = self._make_bom([(self.product, 1), (self.cheese, 1)], product=kit)
        bom.type = "phantom"
        order = self._make_sale(1, product=kit)
        order.action_confirm()
        copy = self._copies(order.order_line)
        moves = order.sudo().picking_ids.move_ids
        self.assertEqual(len(moves), 2)
        self.assertEqual(self._ask(moves), [copy, copy])

    def test_added_on_transfer(self):
        """What a transfer has beyond its order must meet what applies to it: by itself,
        and by the line that the order has of it once it is posted."""
        self._stock_up(5, self._make_lot("SHIP"))
        self._stock_up(3, product=self.untracked)
        purchase, sale = self._make_purchase(5), self._make_sale(5)
        purchase.button_confirm()
        sale.action_confirm()
        purchase.sudo().picking_ids.move_line_ids.lot_id = self._make_lot("COME")
        for order in (purchase, sale):
            with self.subTest(order=order.name):
                ordered = self._copies(order.order_line)
                picking = order.sudo().picking_ids.with_user(self.clerk)
                move = self._add(picking, self.untracked)
                (copy,) = self._ask(move)
                self.assertEqual((copy.res_model, copy.res_id), (move._name, move.id))
                self.assertEqual(copy.qrs_id, ordered.qrs_id)
                self.assertEqual(copy.document_name, order.name)
                self.assertEqual(copy.product_id, self.untracked)
                again = self._add(picking, self.product)
                self.assertEqual(self._ask(again), [ordered])
                again._action_cancel()
                again.sudo().unlink()
                picking.move_ids.picked = True
                # sudo: core adds order lines with the rights of whoever posts
                picking.sudo()._action_done()
                self.assertEqual(move.state, "done")
                line = order.order_line - order.order_line[0]
                self.assertEqual(line.product_id, self.untracked)
                self.assertEqual(self._copies(line), copy)
                self.assertEqual(self._ask(move), [copy])

    def _add(self, picking, product):
        """Add goods to a transfer, as its worker does."""
        known = picking.move_ids
        picking.move_ids = [
            Command.create(
                {
                    "product_id": product.id,
                    "product_uom_qty": 3,
                    "quantity": 3,
                    "picked": True,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        return picking.move_ids - known
