from datetime import timedelta

from odoo.tests import Form

from .common_document import CardCase


class TestDocumentWays(CardCase):
    """Copies go the ways of their orders, and those of manufacturing."""

    # -- The ways of an order ----------------------------------------------------------

    def test_quotation_to_order(self):
        order = self._make_sale()
        self._adjust(self._copies(order.order_line))
        copy = self._copies(order.order_line)
        order.action_confirm()
        self.assertEqual(self._copies(order.order_line), copy)
        self.assertEqual(self._countries(copy), [["FR"]])

    def test_confirmed_on_another_day(self):
        """What the quotation said stays; the order says that it ended meanwhile."""
        self.sales_card.with_user(self.keeper).action_deactivate()
        self._make_card("sales", self.customer_company, code="E", date_to="2026-01-31")
        order = self._make_sale()
        order.date_order = "2026-01-15 12:00:00"
        copy = self._copies(order.order_line)
        self.assertEqual((copy.qrs_id.code, copy.state), ("E", "required"))
        order.action_confirm()
        self.assertEqual(self._copies(order.order_line), copy)
        self.assertEqual(copy.notice, "Agreed on, so kept when the order changed: Date")

    def test_duplicate_is_looked_up_anew(self):
        """What was changed for one order is not for the next."""
        for order in (self._make_purchase(), self._make_sale()):
            self._adjust(self._copies(order.order_line))
            other = order.copy()
            copy = self._copies(other.order_line)
            self.assertEqual(self._countries(copy), [["NZ"]])
            self.assertFalse(copy.manually_updated)
            self.assertEqual(copy.document_name, other.name)

    def test_cancelled_order_keeps_its_copy(self):
        """It shows what was agreed, and has it when it is a draft again."""
        for order, card, cancel, draft in (
            (self._make_sale(), self.sales_card, "_action_cancel", "action_draft"),
            (
                self._make_purchase(),
                self.purchase_card,
                "button_cancel",
                "button_draft",
            ),
        ):
            with self.subTest(order=order.name):
                self._adjust(self._copies(order.order_line))
                getattr(order, cancel)()
                card.with_user(self.keeper).action_deactivate()
                getattr(order, draft)()
                copy = self._copies(order.order_line)
                self.assertEqual(self._countries(copy), [["FR"]])
                self.assertTrue(copy.manually_updated)

    def test_deleted_line_takes_its_copy_along(self):
        order = self._make_purchase(5, 6)
        copies = self._copies(order.order_line)
        with Form(order) as form:
            form.order_line.remove(0)
        self.assertEqual(len(copies.exists()), 1)
        self.assertEqual(copies.exists(), self._copies(order.order_line))
        order.button_cancel()
        order.unlink()
        self.assertFalse(copies.exists())
        self.assertFalse(copies.criterion_ids.exists())

    def test_merged_requests(self):
        """Merging RFQs: table of who was adjusted, and what the merged line asks."""
        cases = [
            # adjusted on the oldest, on the other: countries, notice
            (None, None, "NZ", None),
            (self.france, None, "FR", None),
            (None, self.france, "FR", "and taken from there when that was merged"),
            (self.france, self.zealand, "FR", "Merged with a line of"),
        ]
        for own, other, code, notice in cases:
            with self.subTest(own=own, other=other):
                orders = self._make_purchase(5) | self._make_purchase(6)
                orders.order_line.date_planned = "2030-01-01 12:00:00"
                orders[0].date_order -= timedelta(days=1)
                for order, country in zip(orders, (own, other), strict=True):
                    if country:
                        self._adjust(self._copies(order.order_line), country)
                orders.action_merge()
                self.assertEqual(orders.mapped("state"), ["draft", "cancel"])
                self.assertEqual(orders[0].order_line.product_qty, 11)
                copy = self._copies(orders[0].order_line)
                self.assertEqual(self._countries(copy), [[code]])
                self.assertEqual(copy.document_name, orders[0].name)
                if notice:
                    self.assertIn(notice, copy.notice)
                else:
                    self.assertFalse(copy.notice)

    def test_moved_request_line(self):
        """A line that goes over to another order as it is takes its copy along."""
        orders = self._make_purchase(5) | self._make_purchase(6, product=self.cheese)
        orders[0].date_order -= timedelta(days=1)
        copy = self._copies(orders[1].order_line)
        self._adjust(copy)
        orders.action_merge()
        copies = self._copies(orders[0].order_line)
        self.assertIn(copy, copies)
        self.assertEqual(set(copies.mapped("document_name")), {orders[0].name})

    # -- Manufacturing -----------------------------------------------------------------

    def test_split_production(self):
        """The parts of an order keep what was agreed for the whole, each on its own."""
        order = self._make_production(10)
        order.action_confirm()
        self._adjust(self._copies(order))
        self._adjust(self._copies(order.move_raw_ids))
        # sudo: mrp_account renames analytic lines with the rights of whoever splits
        action = order.sudo().action_split()
        wizard = Form(
            self.env["mrp.production.split"].with_context(**action["context"])
        )
        wizard.max_batch_size = 5
        wizard.save().action_split()
        orders = order.production_group_id.production_ids
        self.assertEqual(len(orders), 2)
        for lines in (orders, orders.move_raw_ids):
            copies = self._copies(lines)
            self.assertEqual(len(copies), 2)
            self.assertEqual(self._countries(copies), [["FR"], ["FR"]])
            self.assertEqual(copies.mapped("manually_updated"), [True, True])
        for one in orders:
            self.assertEqual(self._copies(one).document_name, one.name)

    def test_merged_productions(self):
        """As merged requests: what was changed by hand is taken over."""
        orders = self._make_production(4) | self._make_production(6)
        orders.action_confirm()
        self._adjust(self._copies(orders[1].move_raw_ids))
        # sudo: as above
        action = orders.sudo().action_merge()
        merged = orders.browse(action["res_id"])
        self.assertEqual(self._countries(self._copies(merged.move_raw_ids)), [["FR"]])
        self.assertEqual(self._countries(self._copies(merged)), [["NZ"]])

    def test_backorder_of_production(self):
        """What is made later must meet what was agreed, what was made is locked."""
        order = self._make_production(10)
        order.action_confirm()
        self._adjust(self._copies(order.move_raw_ids))
        lot = self._make_lot("MILK")
        self._stock_up(100, lot)
        # sudo: as above
        order = order.sudo()
        order.action_assign()
        order.lot_producing_ids = self._make_lot("CHEESE", self.cheese)
        order.qty_producing = 4
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        action = order.button_mark_done()
        Form.from_action(order.env, action).save().action_backorder()
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(backorder.product_qty, 6)
        self.assertEqual(
            self._countries(self._copies(backorder.move_raw_ids)), [["FR"]]
        )
        self.assertFalse(self._copies(backorder).lock_reason)
        for locked in (order, order.move_raw_ids):
            self.assertEqual(
                self._copies(locked).lock_reason,
                "Locked: goods of this line were made or used.",
            )

    def test_changed_components(self):
        """Another component is looked up, the one that stays keeps its copy."""
        order = self._make_production()
        self._adjust(self._copies(order.move_raw_ids))
        with Form(order) as form:
            with form.move_raw_ids.new() as move:
                move.product_id = self.untracked
                move.product_uom_qty = 1
        copies = self._copies(order.move_raw_ids)
        self.assertEqual(
            {copy.product_id.name: copy.manually_updated for copy in copies},
            {"Milk": True, "Salt": False},
        )
        with Form(order) as form:
            form.move_raw_ids.remove(0)
        self.assertEqual(self._copies(order.move_raw_ids).product_id, self.untracked)

    def test_changed_bom(self):
        """With another bill of materials the copies are those of its components."""
        other = self._make_bom([(self.untracked, 1)], product=self.cheese)
        order = self._make_production()
        former = self._copies(order.move_raw_ids)
        with Form(order) as form:
            form.bom_id = other
        self.assertFalse(former.exists())
        self.assertEqual(self._copies(order.move_raw_ids).product_id, self.untracked)

    def test_use_of_production_card(self):
        """A line for components doesn't apply to what is made."""
        self.production_card.with_user(self.keeper).action_deactivate()
        self._make_card("production", code="in", line={"use": "component"})
        order = self._make_production()
        self.assertFalse(self._copies(order))
        self.assertTrue(self._copies(order.move_raw_ids))
