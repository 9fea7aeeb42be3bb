from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestFefoOrder(MinimumCase):
    """Lots are taken in the order in which they expire, where the operation says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.out_type = cls.warehouse.out_type_id
        cls.out_type.qms_fefo = "reason"

    def _text(self, days=5, quantity="10", name="SHORT"):
        expiry = format_date(self.env, self.today + timedelta(days=days))
        place = self.stock.display_name
        return f"{name} (expires on {expiry}, {quantity} Units free in {place})"

    def _pick(self, picking):
        picking.move_ids.picked = True
        return picking.button_validate()

    # -- With a reason -----------------------------------------------------------------

    def test_a_later_lot_asks_for_a_reason(self):
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        line = self._take(delivery, long)
        text = (
            f"Fresh Milk · LONG is taken before {self._text()},"
            f" {self._text(12, name='MID')}"
        )
        self.assertEqual(line.qms_fefo_text, text)
        action = self._pick(delivery)
        self.assertEqual(action["res_model"], "qms.fefo.reason")
        wizard = self.env["qms.fefo.reason"].with_user(self.clerk)
        wizard = wizard.with_context(**action["context"]).browse(action["res_id"])
        self.assertEqual(wizard.subject, text)
        with self._refused("Say why later lots are taken."):
            wizard.action_confirm()
        with Form(wizard) as form:
            form.reason = "The pallet in front is blocked"
        wizard.action_confirm()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(line.qms_fefo_reason, "The pallet in front is blocked")
        self.assertIn(
            f"{text}: The pallet in front is blocked", delivery.message_ids[0].body
        )
        self.env.flush_all()
        entry = (
            self.env["qms.audit.entry"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "stock.move"),
                    ("res_id", "=", delivery.move_ids.id),
                    ("event", "=", "later_lot"),
                ]
            )
        )
        self.assertEqual(entry.reason, "The pallet in front is blocked")
        self.assertEqual(entry.user_id, self.clerk)
        with self.assertRaisesRegex(UserError, "stays: LONG"):
            line.with_user(self.clerk).qms_fefo_reason = "Another"

    def test_no_reason_no_posting_by_any_route(self):
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        line = self._take(delivery, long)
        delivery.move_ids.picked = True
        forged = {
            "skip_expired": True,
            "skip_backorder": True,
            "qms_picked_by_system": True,
            "qms_fefo_left_out": delivery.move_ids.ids,
            "qms_sentinel": True,
        }
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            delivery.move_ids.with_context(**forged)._action_done()
        self.assertEqual(
            str(refused.exception),
            "These lots expire later than others that are free and would do:\n"
            f"- {line.qms_fefo_text}\n"
            "Take the earlier lots, or say on each line why a later one is taken.",
        )
        with self._refused("say on each line why"):
            delivery.with_context(**forged)._action_done()
        line.qms_fefo_reason = "  "
        with self._refused("say on each line why"):
            delivery.move_ids._action_done()
        line.qms_fefo_reason = "Asked for by the customer"
        delivery.move_ids._action_done()
        self.assertEqual(delivery.state, "done")

    def test_what_the_system_takes_is_in_order(self):
        self._make_lots()
        delivery = self._sell_milk(25)
        self.assertEqual(self._taken(delivery), {"SHORT": 10, "MID": 10, "LONG": 5})
        self.assertFalse(any(delivery.move_line_ids.mapped("qms_fefo_text")))
        self.assertTrue(self._pick(delivery))
        self.assertEqual(delivery.state, "done")
        # a quantity that is typed is taken in order too
        delivery = self._picking("outgoing", 3, product=self.milk).with_user(self.clerk)
        delivery.action_confirm()
        delivery.move_ids.quantity = 3
        self._pick(delivery)
        self.assertEqual((delivery.state, self._taken(delivery)), ("done", {"LONG": 3}))

    def test_part_of_the_earlier_lot_is_left(self):
        short, mid, _long = self._make_lots()
        delivery = self._sell_milk(12)
        lines = {line.lot_id: line for line in delivery.move_line_ids}
        lines[mid].quantity = 8
        lines[short].quantity = 4
        self.assertIn(self._text(quantity="6"), lines[mid].qms_fefo_text)
        self.assertEqual(self._pick(delivery)["res_model"], "qms.fefo.reason")

    def test_a_line_that_is_kept_for_later_is_free(self):
        """What isn't picked doesn't hide behind its own reservation."""
        short, mid, _long = self._make_lots()
        delivery = self._sell_milk(12)
        mid_line = delivery.move_line_ids.filtered(lambda line: line.lot_id == mid)
        mid_line.picked = True
        action = delivery.button_validate()
        self.assertEqual(action["res_model"], "qms.fefo.reason")
        with self._refused("SHORT"):
            delivery.move_ids._action_done()

    def test_whether_the_earlier_lot_would_do(self):
        """Not if it is held, reserved, too short for the customer, or elsewhere."""
        self._card_of(self.fresh, self._left("10D"))
        short, mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        line = self._take(delivery, long)
        # SHORT isn't long enough
        self.assertNotIn("SHORT", line.qms_fefo_text)
        self.assertIn("MID", line.qms_fefo_text)
        hold = self._hold(lot=mid)
        self.env.invalidate_all()
        self.assertFalse(line.qms_fefo_text)
        hold.sudo()._release("Test")
        self.env.invalidate_all()
        self.assertTrue(line.qms_fefo_text)
        other = self._sell_milk(10)
        self.assertEqual(self._taken(other), {"MID": 10})
        self.env.invalidate_all()
        self.assertFalse(line.qms_fefo_text)
        self._pick(delivery)
        self.assertEqual(delivery.state, "done")

    def test_what_meets_only_in_part_is_not_preferred(self):
        self._card_of(self.fresh, self._left("10D", "recorded"))
        self._make_lots()
        delivery = self._sell_milk(4)
        # SHORT would be allowed; the system takes what meets everything
        self.assertEqual(self._taken(delivery), {"MID": 4})
        self.assertFalse(delivery.move_line_ids.qms_fefo_text)
        self._pick(delivery)
        self.assertEqual(delivery.state, "done")

    def test_who_gets_fefo_too_still_leaves_an_earlier_lot(self):
        """The lot that is being posted isn't one of before."""
        self._card_of(self.fresh, {"kind": "fefo"})
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        self._take(delivery, long)
        delivery.move_ids.picked = True
        with self._refused("SHORT"):
            delivery.move_ids._action_done()

    # -- Refused -----------------------------------------------------------------------

    def test_a_later_lot_is_refused_where_it_is_chosen(self):
        self.out_type.qms_fefo = "refuse"
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            self._take(delivery, long)
        self.assertEqual(
            str(refused.exception),
            "These lots expire later than others that are free and would do:\n"
            f"- Fresh Milk · LONG is taken before {self._text()},"
            f" {self._text(12, name='MID')}\nTake the earlier lots first.",
        )
        line = delivery.move_line_ids
        with self._refused("Take the earlier lots first."):
            line.lot_id = long
        # a caller who skips that is refused when it is posted
        forged = line.with_context(qms_picked_by_system=True)
        forged.lot_id = long
        line.qms_fefo_reason = "Please"
        delivery.move_ids.picked = True
        with self._refused("Take the earlier lots first."):
            delivery.button_validate()

    def test_a_correction_of_what_was_posted(self):
        self.out_type.qms_fefo = "refuse"
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        self._pick(delivery)
        with self._refused("LONG is taken before SHORT"):
            delivery.move_line_ids.with_user(self.clerk).lot_id = long

    def test_off_by_default(self):
        self.out_type.qms_fefo = "off"
        kinds = self.env["stock.picking.type"].create(
            {"name": "New", "code": "outgoing", "sequence_code": "NEW"}
        )
        self.assertEqual(kinds.qms_fefo, "off")
        _short, _mid, long = self._make_lots()
        delivery = self._sell_milk(4)
        self._take(delivery, long)
        self._pick(delivery)
        self.assertEqual(delivery.state, "done")

    def test_products_without_dates_are_free(self):
        self.out_type.qms_fefo = "refuse"
        lots = [self._make_lot(name) for name in ("A", "B")]
        for lot in lots:
            self._stock_up(5, lot)
        delivery = self._sell(4)
        self._take(delivery, lots[1])
        self._pick(delivery)
        self.assertEqual(delivery.state, "done")

    # -- Other flows -------------------------------------------------------------------

    def test_the_pick_of_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.pick_type_id.qms_fefo = "reason"
        short, _mid, long = self._make_lots()
        pick = self._sell_milk(4)
        line = self._take(pick, long)
        self.assertEqual(self._pick(pick)["res_model"], "qms.fefo.reason")
        line.qms_fefo_reason = "Pallet is blocked"
        self._pick(pick)
        self.assertEqual(pick.state, "done")
        ship = pick.move_ids.move_dest_ids.picking_id
        # another customer's earlier lot at the dock is not for this one
        self._stock_up(2, short, ship.location_id)
        self.assertEqual(self._taken(ship), {"LONG": 4})
        self._pick(ship)
        self.assertEqual(ship.state, "done")

    def test_components(self):
        self.warehouse.manu_type_id.qms_fefo = "reason"
        short, _mid, long = self._make_lots()
        bom = self._make_bom([(self.milk, 2)])
        order = self._make_order(bom, 2).with_user(self.operator)
        self.assertEqual(order.move_raw_ids.move_line_ids.lot_id, short)
        with Form(order) as form:
            form.qty_producing = 2
        order.move_raw_ids.move_line_ids.lot_id = long
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "qms.fefo.reason")
        wizard = self.env["qms.fefo.reason"].with_user(self.operator)
        wizard = wizard.with_context(**action["context"]).browse(action["res_id"])
        wizard.reason = "The lot of the trial"
        wizard.action_confirm()
        self.assertEqual(order.state, "done")
        self.assertIn("The lot of the trial", str(order.message_ids.mapped("body")))

    def test_components_are_refused_by_code(self):
        self.warehouse.manu_type_id.qms_fefo = "refuse"
        _short, _mid, long = self._make_lots()
        order = self._make_order(self._make_bom([(self.milk, 2)]), 2)
        lines = order.move_raw_ids.move_line_ids
        lines.with_context(qms_picked_by_system=True).lot_id = long
        order.move_raw_ids.picked = True
        with self._refused("LONG is taken before SHORT"):
            order.move_raw_ids._action_done()

    # -- Cost --------------------------------------------------------------------------

    def test_the_number_of_queries_does_not_grow(self):
        def count(number):
            products = [
                self._make_product(f"P{number}-{n}", use_expiration_date=True)
                for n in range(number)
            ]
            picking = self._picking("outgoing", 1, product=products[0])
            for product in products[1:]:
                picking.move_ids[0].copy({"product_id": product.id})
            for product in products:
                early, late = (
                    self._make_dated_lot(f"{product.name}{days}", days, product, 5)
                    for days in (5, 15)
                )
                move = picking.move_ids.filtered(lambda m, p=product: m.product_id == p)
                vals = move._prepare_move_line_vals(quantity=1)
                self.env["stock.move.line"].create({**vals, "lot_id": late.id})
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            skipped = picking.move_line_ids._qms_get_skipped()
            self.assertEqual(len(skipped), number)
            return self.env.cr.sql_log_count - before

        few = count(2)
        self.assertLessEqual(count(8), few)

    # -- Where Odoo would take what came in first --------------------------------------

    def test_products_that_are_not_taken_by_expiration(self):
        place = self.warehouse.lot_stock_id
        place.removal_strategy_id = False
        others = self.env["stock.warehouse"].search([]) - self.warehouse
        others.action_qms_use_fefo()
        template = self.milk.product_tmpl_id
        template.invalidate_recordset()
        self.assertEqual(
            template.qms_removal_note,
            "These goods have expiration dates, but in"
            f" {self.warehouse.name} they are not reserved by them: neither a category"
            " nor the stock location says so.",
        )
        templates = self.env["product.template"].with_user(self.clerk)
        listed = [("qms_is_out_of_order", "=", True)]
        self.assertIn(template, templates.search(listed))
        self.assertNotIn(self.product.product_tmpl_id, templates.search(listed))
        with self.assertRaises(AccessError):
            template.with_user(self.clerk).action_qms_use_fefo()
        chief = self._make_user("qms_chief", "stock.group_stock_manager")
        template.with_user(chief).action_qms_use_fefo()
        self.assertEqual(place.removal_strategy_id.method, "fefo")
        self.assertNotIn(template, templates.search(listed))
        self.assertFalse(template.qms_removal_note)
        # a category says otherwise, for all places
        fifo = self.env.ref("stock.removal_fifo")
        template.categ_id = self.env["product.category"].create(
            {"name": "Dairy", "removal_strategy_id": fifo.id}
        )
        self.assertIn("so says the category Dairy.", template.qms_removal_note)
        self.assertIn(template, templates.search(listed))
        with self.assertRaisesRegex(UserError, "The category says"):
            template.with_user(chief).action_qms_use_fefo()

    def test_the_button_of_a_warehouse(self):
        chief = self._make_user("qms_chief", "stock.group_stock_manager")
        self.warehouse.lot_stock_id.removal_strategy_id = False
        self.assertFalse(self.warehouse.qms_is_fefo)
        with self.assertRaises(AccessError):
            self.warehouse.with_user(self.clerk).action_qms_use_fefo()
        self.warehouse.with_user(chief).action_qms_use_fefo()
        self.assertTrue(self.warehouse.qms_is_fefo)
        self._make_lots()
        self.assertEqual(self._taken(self._sell_milk(12)), {"SHORT": 10, "MID": 2})
