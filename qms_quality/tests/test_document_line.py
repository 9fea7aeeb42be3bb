from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import Form

from .common_document import CardCase


class TestDocumentLine(CardCase):
    """Each order keeps the requirements that are right for it, whatever happens to it.

    As those who enter orders: buyer, salesperson, operator.
    """

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
