from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
class TestSteeringPosting(SteeringCase):
    """What doesn't meet the requirements is refused, in words that help."""

    def setUp(self):
        super().setUp()
        self.nz = self._stock_lot("NZ", 20, {self.origin: self.new_zealand})
        self.blank = self._stock_lot("BLANK", 20)
        self.cl = self._stock_lot("CL", 20, {self.origin: self.chile})

    def _refusal(self, work):
        with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
            work()
            self.env.flush_all()
        return caught.exception.args[0]

    def _reserve_anyway(self, picking, lot):
        """Reserve a lot past the early refusal: posting is what refuses."""
        move = picking.sudo().move_ids
        move._do_unreserve()
        move.move_line_ids.unlink()
        vals = move._prepare_move_line_vals(quantity=move.product_uom_qty)
        lines = self.env["stock.move.line"].with_context(qms_picked_by_system=True)
        lines.create({**vals, "lot_id": lot.id})
        move.picked = True
        return picking.with_context(skip_sms=True, skip_expired=True)

    def _text(self, picking, lot, found):
        copy = self._copy_of(picking)
        return (
            "These goods don't meet what is required of them and can't be used for this"
            " (delivery):\n"
            f"Milk · {lot.name} · DAIRY/Stock\n"
            "    Fresh Foods demands: Country of Origin is none of: New Zealand."
            f" Found: {found} ({copy.qrs_id.code}, {copy.document_name})\n"
            "Take other goods, or have somebody who has the right to it ignore the"
            " requirements of the order line: Ignore QRS."
        )

    def test_entering_a_lot(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        for lot, found in ((self.nz, "New Zealand"), (self.blank, "not recorded")):
            with self.subTest(lot.name):
                text = self._refusal(lambda lot=lot: self._take(picking, lot))
                self.assertEqual(text, self._text(picking, lot, found))
        self._take(picking, self.cl)

    def test_changing_the_lot_of_a_line(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        line = picking.move_line_ids
        text = self._refusal(lambda: line.write({"lot_id": self.nz.id}))
        self.assertEqual(text, self._text(picking, self.nz, "New Zealand"))
        quant = self.nz.quant_ids.with_user(self.clerk)
        text = self._refusal(lambda: line.write({"quant_id": quant.id}))
        self.assertEqual(text, self._text(picking, self.nz, "New Zealand"))

    def test_lots_written_on_the_move(self):
        self._make_card(self._no_origin(self.new_zealand))
        move = self._sell(5).move_ids
        text = self._refusal(lambda: move.write({"lot_ids": [(6, 0, self.nz.ids)]}))
        self.assertIn("Found: New Zealand", text)

    def test_posting(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._reserve_anyway(self._sell(5), self.nz)
        text = self._refusal(picking.button_validate)
        self.assertEqual(text, self._text(picking, self.nz, "New Zealand"))
        self._reserve_anyway(picking, self.cl).button_validate()
        self.assertEqual(picking.state, "done")

    def test_a_value_that_changed_since(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._reserve_anyway(self._sell(5), self.cl)
        self.cl.qms_attribute_ids.country_id = self.new_zealand
        text = self._refusal(picking.button_validate)
        self.assertEqual(text, self._text(picking, self.cl, "New Zealand"))

    def test_recorded_is_never_refused(self):
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(5)
        self._take(picking, self.nz)
        self._reserve_anyway(picking, self.nz).button_validate()
        self.assertEqual(picking.state, "done")

    def test_approval(self):
        self._make_card(self._no_origin(self.new_zealand, "approval"))
        picking = self._sell(5)
        # the lot can be entered, so that its approval can be asked for
        text = self._refusal(lambda: self._post(picking, self.nz))
        self.assertTrue(
            text.endswith(
                "\nTake other goods, or have the deviation accepted before they leave."
            ),
            text,
        )
        copy = self._copy_of(picking)
        deviation = {
            "company_id": copy.company_id.id,
            "document_line_id": copy.id,
            "criterion_id": copy.criterion_ids.id,
            "departure": "approval",
            "product_id": self.product.id,
            "lot_id": self.nz.id,
            "direction": "out",
        }
        open_one = self._make_deviation(deviation)
        self._refusal(lambda: self._post(picking, self.nz))
        other = {**deviation, "lot_id": self.cl.id, "decision": "accepted"}
        self._make_deviation(other)
        self._refusal(lambda: self._post(picking, self.nz))
        open_one.write({"state": "accepted", "decision": "accepted"})
        self._take(picking, self.nz)
        self._reserve_anyway(picking, self.nz).button_validate()
        self.assertEqual(picking.state, "done")

    def _post(self, picking, lot):
        self._take(picking, lot)
        picking.move_ids.picked = True
        picking.button_validate()

    def test_held_and_unfit(self):
        self._make_card(self._no_origin(self.new_zealand))
        hold = self._hold(lot=self.nz)
        picking = self._sell(5)
        text = self._refusal(lambda: self._take(picking, self.nz))
        copy = self._copy_of(picking)
        self.assertEqual(
            text,
            "These goods are held, or don't meet what is required of them, and can't be"
            " used for this (delivery):\n"
            "Milk · NZ · DAIRY/Stock\n"
            f"    {hold.with_user(self.clerk).sudo()._get_reason_text()}\n"
            "    Fresh Foods demands: Country of Origin is none of: New Zealand."
            f" Found: New Zealand ({copy.qrs_id.code}, {copy.document_name})\n"
            "Ask for the release of what is held. Take other goods, or have somebody"
            " who has the right to it ignore the requirements of the order line: Ignore"
            " QRS.",
        )

    def test_held_alone_says_nothing_new(self):
        self._make_card(self._no_origin(self.new_zealand))
        self._hold(lot=self.cl)
        text = self._refusal(lambda: self._take(self._sell(5), self.cl))
        self.assertTrue(text.startswith("These goods are held and can't be used"))

    def test_consumption(self):
        card = self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="component"
        )
        order = self._make_order(self._make_bom([(self.product, 5)]))
        move = order.move_raw_ids
        self.assertEqual(move.move_line_ids.lot_id, self.cl)
        line = move.move_line_ids.with_user(self.operator)
        text = self._refusal(lambda: line.write({"lot_id": self.nz.id}))
        self.assertEqual(
            text,
            "These goods don't meet what is required of them and can't be used for this"
            " (consumption):\n"
            "Milk · NZ · DAIRY/Stock\n"
            f"    {order.name} demands: Country of Origin is none of: New Zealand."
            f" Found: New Zealand ({card.code}, {order.name})\n"
            "Take other goods, or have somebody who has the right to it ignore the"
            " requirements of the order line: Ignore QRS.",
        )
        line.with_context(qms_picked_by_system=True).lot_id = self.nz
        order.qty_producing = 1
        move.picked = True
        text = self._refusal(order.with_user(self.operator).button_mark_done)
        self.assertIn("Found: New Zealand", text)

    def test_what_is_made_is_not_refused(self):
        """A card for finished products says nothing about where they go."""
        self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="output"
        )
        cheese = self._make_product("Cheese")
        order = self._make_order(
            self._make_bom([(self.product, 5)], product=cheese), reserve=True
        )
        order.action_generate_serial()
        order.qty_producing = 1
        order.set_qty_producing()
        order.move_raw_ids.picked = True
        order.with_context(skip_expired=True).button_mark_done()
        self.assertEqual(order.state, "done")

    def test_pick_for_the_order(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._make_card(self._no_origin(self.new_zealand))
        pick = self._sell(5).filtered(lambda one: one.location_id == self.stock)
        text = self._refusal(lambda: self._take(pick, self.nz))
        self.assertIn("(internal move)", text)
        picked = self._reserve_anyway(pick, self.nz)
        self._refusal(picked.button_validate)
        picked = self._reserve_anyway(pick, self.cl)
        picked.button_validate()
        # what doesn't meet them any more can be put back
        self.cl.qms_attribute_ids.country_id = self.new_zealand
        pick.sudo().move_line_ids.quantity = 2
        self.assertEqual(pick.state, "done")

    def test_less_delivered_is_no_delivery(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._reserve_anyway(self._sell(5), self.cl)
        picking.button_validate()
        self.cl.qms_attribute_ids.country_id = self.new_zealand
        picking.sudo().move_line_ids.quantity = 3
        self._refusal(lambda: picking.sudo().move_line_ids.write({"quantity": 4}))

    def test_a_return_is_not_refused(self):
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._reserve_anyway(self._sell(5), self.cl)
        picking.button_validate()
        self.cl.qms_attribute_ids.country_id = self.new_zealand
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 5
        back = wizard._create_return()
        back.button_validate()
        self.assertEqual(back.state, "done")

    def test_receipts_are_not_refused(self):
        self._make_card(self._no_origin(self.new_zealand), kind="purchase")
        receipt = self._picking("incoming", 5)
        receipt.action_confirm()
        receipt.move_line_ids.lot_id = self.nz
        receipt.move_ids.picked = True
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")

    def test_packages_and_labels_are_asked_at_posting(self):
        box = self.env["stock.package.type"].create({"name": "Box"})
        self._make_card(
            {"kind": "package", "package_type_id": box.id, "departure": "blocked"}
        )
        picking = self._sell(5)
        self._take(picking, self.nz)
        picking.sudo().move_ids.picked = True
        picking = picking.with_context(skip_sms=True, skip_expired=True)
        text = self._refusal(picking.button_validate)
        self.assertIn("Found: no package", text)
        package = self.env["stock.package"].create(
            {"name": "BOX-1", "package_type_id": box.id}
        )
        picking.sudo().move_line_ids.result_package_id = package
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_queries_do_not_grow_with_the_lines(self):
        """A delivery with requirements costs a fixed number of queries more."""
        soft = self._fat(">=", 3, "recorded")
        self._make_card(self._no_origin(self.new_zealand), soft)
        more = []
        for count in (1, 5, 15):
            spent = []
            for partner in (self.partner, self.fresh):
                picking = self._sell_many(count, partner)
                spent.append(self._count_posting(picking))
            more.append(spent[1] - spent[0])
        self.assertLessEqual(more[2], more[1], more)
        self.assertLessEqual(more[2], 16, more)

    def _sell_many(self, count, partner):
        products = [self._make_product(f"P{count}-{n}") for n in range(count)]
        order = self._quote(1, product=products[0], partner=partner)
        for number, product in enumerate(products):
            self._stock_lot("L", 1, {self.origin: self.chile}, product=product)
            if number:
                vals = {"product_id": product.id, "product_uom_qty": 1}
                order.order_line = [(0, 0, vals)]
        order.action_confirm()
        picking = order.sudo().picking_ids
        self.assertEqual(len(picking.move_line_ids), count)
        picking.move_ids.picked = True
        return picking.with_context(skip_sms=True, skip_expired=True)

    def _count_posting(self, picking):
        lines = picking.move_line_ids
        self.env.flush_all()
        self.env.invalidate_all()
        movements = lines._qms_get_movements()
        lines._qms_lock(movements)
        before = self.env.cr.sql_log_count
        lines._qms_judge(movements, {})
        return self.env.cr.sql_log_count - before
