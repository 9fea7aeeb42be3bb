from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form

from .common_document import RequiredCase


class TestDocumentLine(RequiredCase):
    """Each order keeps the requirements that are right for it, whatever happens to it.

    As those who enter orders: buyer, salesperson, operator.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchase_card = cls._make_card("purchase", cls.partner)
        cls.sales_card = cls._make_card("sales", cls.customer_company)
        cls.production_card = cls._make_card("production")

    # -- Adding a line -----------------------------------------------------------------

    def test_order_lines_get_their_copy(self):
        """Whoever enters an order: the line that applies is copied, whole."""
        production = self._make_production()
        cases = [
            (self._make_purchase().order_line, self.purchase_card, self.partner),
            (self._make_sale().order_line, self.sales_card, self.customer_company),
            (production, self.production_card, self.env["res.partner"]),
            (production.move_raw_ids, self.production_card, self.env["res.partner"]),
        ]
        for line, card, partner in cases:
            with self.subTest(line=line):
                copy = self._copies(line)
                self.assertEqual(copy.qrs_id, card)
                self.assertEqual(copy.qrs_line_id, card.line_ids)
                self.assertEqual(copy.partner_id, partner)
                self.assertEqual(copy.product_id, line.product_id)
                self.assertEqual(self._countries(copy), [["NZ"]])
                self.assertEqual(copy.instructions, "<p>Keep cool</p>")
                self.assertFalse(copy.manually_updated)
                self.assertEqual(line.qms_requirement_state, "required")

    def test_note_of_card_is_copied(self):
        card = self._make_card(
            "sales", self.partner, note="<p>For all</p>", code="with note"
        )
        order = self._make_sale(partner=self.partner)
        copy = self._copies(order.order_line)
        self.assertEqual(copy.qrs_id, card)
        self.assertEqual(copy.instructions, "<p>Keep cool</p><p>For all</p>")

    def test_no_card_no_copy(self):
        """Another partner, a service, a section: nothing to meet."""
        other = self.env["res.partner"].create({"name": "Nobody's"})
        service = self.env["product.product"].create(
            {"name": "Advice", "type": "service"}
        )
        for order in (
            self._make_purchase(partner=other),
            self._make_purchase(product=service),
            self._make_sale(partner=other),
            self._make_sale(product=service),
        ):
            self.assertFalse(self._copies(order.order_line))
            self.assertFalse(order.order_line.qms_requirement_state)
            with self.assertRaisesRegex(Exception, "no card applies to this line"):
                order.order_line.action_qms_open_requirements()

    def test_card_is_found_by_time_zone_of_warehouse(self):
        """Late on a day in UTC it is the next day where the goods arrive."""
        self.warehouse.partner_id.tz = "Pacific/Auckland"
        order = self._make_purchase()
        order.order_line.date_planned = "2030-01-31 20:00:00"
        self.assertEqual(
            self._copies(order.order_line).date, fields.Date.to_date("2030-02-01")
        )

    def test_snapshot(self):
        """The order keeps what was agreed when the card ends or gets a new version."""
        order = self._make_purchase()
        self.purchase_card.with_user(self.keeper).action_deactivate()
        order.order_line.product_qty = 7
        order.button_confirm()
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])
        self.assertFalse(self._copies(self._make_purchase().order_line))

    # -- What a change of the order does -----------------------------------------------

    def test_changes_derive_untouched_copies_anew(self):
        """Product, partner, date, place: table of changes and the card that then is."""
        card, later, there, second = self._make_other_cards("purchase", self.partner)
        stranger = self.env["res.partner"].create({"name": "Stranger"})

        def product(form):
            with form.order_line.edit(0) as line:
                line.product_id = self.cheese

        def date(form):
            with form.order_line.edit(0) as line:
                line.date_planned = "2030-01-01 12:00:00"

        def place(form):
            form.picking_type_id = second.in_type_id

        def partner(form):
            form.partner_id = stranger

        for change, expected in [
            (product, card),
            (date, later),
            (place, there),
            (partner, self.env["qms.qrs"]),
        ]:
            with self.subTest(change=change.__name__):
                order = self._make_purchase()
                self.assertEqual(
                    self._copies(order.order_line).qrs_id, self.purchase_card
                )
                with Form(order) as form:
                    change(form)
                copy = self._copies(order.order_line)
                self.assertEqual(copy.qrs_id, expected)
                self.assertEqual(self._countries(copy), [["FR"]] if expected else [])

    def _make_other_cards(self, kind, partner=None):
        """Return a card for cheese, one for milk later, one for a second warehouse,
        and the warehouse."""
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})

        def make(code, line=None, **vals):
            return self._make_card(
                kind, partner, country=self.france, code=code, line=line or {}, **vals
            )

        def about(product):
            template = product.product_tmpl_id
            return {"applies_to": "product", "product_tmpl_id": template.id}

        return (
            make("cheese", about(self.cheese)),
            make("later", about(self.product), date_from="2030-01-01"),
            make("there", location_id=second.view_location_id.id),
            second,
        )

    def test_changes_of_sale(self):
        """As above: table of what is changed, and the card that then applies."""
        cheese, later, there, second = self._make_other_cards(
            "sales", self.customer_company
        )
        for change, expected in [
            ({"commitment_date": "2030-01-01 12:00:00"}, later),
            ({"warehouse_id": second.id}, there),
            ({"partner_id": self.partner.id}, self.env["qms.qrs"]),
            ({"product_id": self.cheese.id}, cheese),
        ]:
            with self.subTest(change=change):
                order = self._make_sale()
                copy = self._copies(order.order_line)
                self.assertEqual(copy.qrs_id, self.sales_card)
                changed = order.order_line if "product_id" in change else order
                changed.write(change)
                copy = self._copies(order.order_line)
                self.assertEqual(copy.qrs_id, expected)
                self.assertEqual(self._countries(copy), [["FR"]] if expected else [])

    def test_changes_of_production(self):
        """As above, of what is made and of its component."""
        cheese, later, there, second = self._make_other_cards("production")
        cheese.with_user(self.keeper).action_deactivate()
        former = self.production_card
        for change, made, used in [
            ({"date_start": "2030-01-01 12:00:00"}, former, later),
            ({"picking_type_id": second.manu_type_id.id}, there, there),
            ({"location_dest_id": second.lot_stock_id.id}, there, former),
            ({"location_src_id": second.lot_stock_id.id}, former, there),
        ]:
            with self.subTest(change=change):
                # sudo: mrp_account reads analytic lines with the rights of who writes
                order = self._make_production().sudo()
                order.write(change)
                self.assertEqual(self._copies(order).qrs_id, made)
                self.assertEqual(self._copies(order.move_raw_ids).qrs_id, used)

    def test_agreed_copies_are_kept_with_notice(self):
        """Another day doesn't do away with what was agreed on with the partner."""
        for order, card in (
            (self._make_purchase(), self.purchase_card),
            (self._make_sale(), self.sales_card),
        ):
            with self.subTest(order=order.name):
                card.with_user(self.keeper).action_deactivate()
                bounded = card.with_user(self.keeper).copy({"code": order.name})
                bounded.partner_ids = card.partner_ids
                bounded.date_to = "2029-12-31"
                bounded.action_activate()
                order.order_line._qms_derive_requirements()
                copy = self._copies(order.order_line)
                if order._name == "sale.order":
                    order.action_confirm()
                    order.commitment_date = "2030-01-01 12:00:00"
                else:
                    order.button_confirm()
                    order.order_line.date_planned = "2030-01-01 12:00:00"
                kept = self._copies(order.order_line)
                self.assertEqual((kept, kept.state), (copy, "notice"))
                self.assertEqual(
                    kept.notice, "Agreed on, so kept when the order changed: Date"
                )
                self.assertEqual(self._countries(kept), [["NZ"]])

    def test_manual_copy_is_kept_with_notice(self):
        """A change by hand outlasts a change of the order, which says so twice."""
        order = self._make_purchase()
        copy = self._copies(order.order_line)
        self._adjust(copy)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with Form(order) as form:
            form.partner_id = stranger
        copy = self._copies(order.order_line)
        self.assertEqual(self._countries(copy), [["FR"]])
        self.assertTrue(copy.manually_updated)
        self.assertEqual(
            copy.notice, "Changed by hand, so kept when the order changed: Partner"
        )
        self.assertEqual(copy.partner_id, stranger)
        self.assertEqual(order.order_line.qms_requirement_state, "notice")
        self.assertEqual(
            order.qms_requirement_notice,
            "Milk: Changed by hand, so kept when the order changed: Partner",
        )
        self.assertIn(
            "Quality requirements to look at again", order.message_ids[:1].body
        )
        told = len(order.message_ids)
        order.order_line.product_qty = 9
        self.assertEqual(len(order.message_ids), told, "said once")
        copy.with_user(self.keeper).action_keep()
        self.assertEqual(order.order_line.qms_requirement_state, "manual")

    def test_notice_is_for_another_card_only(self):
        """Another day by which the same line applies is no reason to look again."""
        order = self._make_purchase()
        self._adjust(self._copies(order.order_line))
        order.order_line.date_planned += timedelta(days=3)
        self.assertFalse(self._copies(order.order_line).notice)

    def test_take_from_card(self):
        """The administrator gives up what was changed by hand."""
        order = self._make_purchase()
        self._adjust(self._copies(order.order_line))
        self._copies(order.order_line).with_user(self.keeper).action_take_from_card()
        copy = self._copies(order.order_line)
        self.assertEqual(self._countries(copy), [["NZ"]])
        self.assertFalse(copy.manually_updated)

    def test_locked_copy_stays(self):
        """After the first goods nothing changes any more, and the reason is shown."""
        order = self._make_purchase(5)
        order.button_confirm()
        self._receive(order, 2)
        copy = self._copies(order.order_line)
        self.assertEqual(copy.lock_reason, "Locked: goods of this line were received.")
        order.order_line.date_planned = "2030-01-01 12:00:00"
        self.purchase_card.with_user(self.keeper).action_deactivate()
        self._make_card("purchase", self.partner, country=self.france, code="new")
        order.order_line.date_planned = "2031-01-01 12:00:00"
        self.assertEqual(self._countries(self._copies(order.order_line)), [["NZ"]])

    def test_goods_that_went_back_unlock_nothing(self):
        """What was posted by a copy is judged by it for ever."""
        lot = self._make_lot("BACK")
        self._stock_up(10, lot)
        purchase, sale = self._make_purchase(5), self._make_sale(5)
        purchase.button_confirm()
        self._receive(purchase)
        sale.action_confirm()
        delivery = sale.sudo().picking_ids
        delivery.move_ids.picked = True
        delivery._action_done()
        for order, text in (
            (purchase, "Locked: goods of this line were received."),
            (sale, "Locked: goods of this line were shipped."),
        ):
            copy = self._copies(order.order_line)
            self.assertEqual(copy.lock_reason, text)
            self._return(order.sudo().picking_ids)
            line = order.order_line
            moved = line["qty_received" if order == purchase else "qty_delivered"]
            self.assertEqual(moved, 0)
            self.env.invalidate_all()
            self.assertEqual(copy.lock_reason, text)

    def _return(self, picking):
        """Send all goods of a transfer back."""
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        for line in wizard.product_return_moves:
            line.write({"quantity": line.move_quantity, "to_refund": True})
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        self.assertEqual(back.state, "done")

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

    # -- By hand -----------------------------------------------------------------------

    def test_added_by_hand(self):
        """Where no card applies an administrator adds what is agreed for this order."""
        self.sales_card.with_user(self.keeper).action_deactivate()
        order = self._make_sale()
        copy = (
            self.env["qms.qrs.document.line"]
            .with_user(self.keeper)
            ._add_by_hand(order.order_line)
        )
        self.assertTrue(copy.manually_updated)
        with Form(copy.with_user(self.keeper)) as form:
            with form.criterion_ids.new() as criterion:
                criterion.kind = "label"
                criterion.label = "Blue"
        order.commitment_date = "2030-01-01 12:00:00"
        copy = self._copies(order.order_line)
        self.assertEqual(copy.criterion_ids.label, "Blue")
        self.assertFalse(copy.notice, "no card, before and after")
        self.assertEqual(copy.date, fields.Date.to_date("2030-01-01"))

    def test_lines_of_confirmed_orders(self):
        """A line that is added late has its copy before its goods are reserved."""
        order = self._make_sale()
        order.action_confirm()
        order.write(
            {
                "order_line": [
                    Command.create({"product_id": self.cheese.id, "product_uom_qty": 1})
                ]
            }
        )
        self.assertEqual(len(self._copies(order.order_line)), 2)
