from datetime import timedelta

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestMinimumFlows(MinimumCase):
    """Shelf life on receipts and in manufacturing; where cards are seen and written."""

    def _noon(self, days):
        day = self.today + timedelta(days=days)
        return self.warehouse._qms_get_day_start(day) + timedelta(hours=12)

    # -- Purchase ----------------------------------------------------------------------

    def test_the_dates_typed_on_a_receipt(self):
        self._make_purchase_card(self._left("10D"), self._left("3D", basis="age"))
        receipt = self._buy(10, self.milk)
        self._enter(
            receipt,
            [
                {"lot_name": "A", "quantity": 4, "expiration_date": self._noon(9)},
                {"lot_name": "B", "quantity": 6, "expiration_date": self._noon(10)},
            ],
        )
        first, second = receipt.move_line_ids
        made = self.today - timedelta(days=3)
        (first | second).qms_production_date = made
        # what the product says of production doesn't change what was typed
        first.expiration_date, second.expiration_date = self._noon(9), self._noon(10)
        receipt.invalidate_recordset()
        self.assertIn("At least 10 days left when received", first.qms_departure_text)
        self.assertFalse(second.qms_departure_text)
        first.qms_production_date = made - timedelta(days=1)
        first.expiration_date = self._noon(9)
        self.assertIn("At most 3 days old when received", first.qms_departure_text)
        receipt.button_validate()
        self.assertEqual(receipt.state, "done")
        lot = first.lot_id.sudo()
        found = self._deviations(picking_id=receipt.id)
        self.assertEqual(found.lot_id, lot)
        self.assertEqual(len(found), 2)
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertEqual(second.lot_id.sudo().inspection_status_id, self.available)

    def test_a_receipt_without_a_date(self):
        self._make_purchase_card(self._left("10D"))
        receipt = self._buy(4, self.milk)
        self._enter(
            receipt, [{"lot_name": "A", "quantity": 4, "expiration_date": False}]
        )
        line = receipt.move_line_ids
        line.expiration_date = False
        self.assertIn("expiration date not recorded", line.qms_departure_text)

    # -- Production --------------------------------------------------------------------

    def _production_card(self, *criteria, use):
        return self._make_card(*criteria, kind="production", use=use)

    def test_components(self):
        self._production_card(self._left("10D"), use="component")
        short, _mid, _long = self._make_lots()
        order = self._make_order(self._make_bom([(self.milk, 2)]), 2)
        order = order.with_user(self.operator)
        self.assertEqual(self._taken(order.move_raw_ids), {"MID": 4})
        with self._refused("At least 10 days left when used or made"):
            order.move_raw_ids.move_line_ids.lot_id = short
        with Form(order) as form:
            form.qty_producing = 2
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    def test_what_is_made(self):
        self._production_card(self._left("20D"), use="output")
        cheese = self._make_product(
            "Cheese", use_expiration_date=True, expiration_time=15
        )
        order = self._make_order(self._make_bom([(self.untracked, 1)], product=cheese))
        order = order.with_user(self.operator)
        self._stock_up(5, product=self.untracked)
        order.action_assign()
        lot = self.env["stock.lot"].create(
            {
                "name": "CHEESE",
                "product_id": cheese.id,
                "expiration_date": self._noon(15),
            }
        )
        with Form(order) as form:
            form.lot_producing_ids.add(lot)
            form.qty_producing = 1
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        found = self._deviations(production_id=order.id)
        self.assertEqual(found.expected, "At least 20 days left when used or made")
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    # -- Cards -------------------------------------------------------------------------

    def test_who_keeps_requirements_enters_them(self):
        cards = self.env["qms.qrs"].with_user(self.administrator)
        with Form(cards) as form:
            form.code, form.description = "FORM", "By hand"
            form.partner_ids.add(self.fresh)
            with form.line_ids.new() as line:
                line.applies_to = "all"
                for basis, formula, percent in (
                    ("remaining", " 1y - 5d ", 0),
                    ("remaining", "CM+10D", 0),
                    ("percent", False, 66.5),
                    ("age", "2W", 0),
                ):
                    with line.criterion_ids.new() as criterion:
                        criterion.kind = "min_shelf_life"
                        criterion.shelf_life_basis = basis
                        if percent:
                            criterion.shelf_life_percent = percent
                        else:
                            criterion.shelf_life_formula = formula
        card = form.record
        self.assertEqual(
            card.line_ids.criterion_ids.mapped("expected"),
            [
                "At least 1 year less 5 days left when delivered",
                "At least CM+10D left when delivered",
                "At least 66.5 % of its shelf life left when delivered",
                "At most 2 weeks old when delivered",
            ],
        )
        card.action_activate()
        order = self._quote(1, product=self.milk)
        copied = order.sudo().order_line.qms_requirement_ids.criterion_ids
        self.assertEqual(
            copied.mapped("expected"), card.line_ids.criterion_ids.mapped("expected")
        )

    def test_the_order_prints_what_is_asked(self):
        self._card_of(self.fresh, self._left("10D"), {"kind": "fefo"})
        order = self._quote(1, product=self.milk)
        html, _type = (
            self.env["ir.actions.report"]
            .sudo()
            ._render_qweb_html("sale.report_saleorder", order.ids)
        )
        self.assertIn(b"At least 10 days left when delivered", html)
        self.assertIn(b"Expires no earlier than what was delivered before", html)

    def test_nobody_else_changes_them(self):
        card = self._card_of(self.fresh, self._left("10D"))
        criterion = card.line_ids.criterion_ids
        for user in (self.clerk, self.seller, self.buyer):
            with self.assertRaises(AccessError):
                criterion.with_user(user).shelf_life_formula = "1D"
            with self.assertRaises(AccessError):
                criterion.with_user(user).create(
                    {"line_id": card.line_ids.id, **self._left("1D")}
                )
        # not even who keeps them, while the card is active
        with self.assertRaisesRegex(UserError, "stay as they are"):
            criterion.with_user(self.administrator).shelf_life_formula = "1D"
        order = self._quote(1, product=self.milk)
        copy = order.sudo().order_line.qms_requirement_ids
        with self.assertRaises(AccessError):
            copy.criterion_ids.with_user(self.seller).shelf_life_formula = "1D"
        with self.assertRaises(AccessError):
            copy.with_user(self.clerk).criterion_ids = [Command.clear()]
        # the administrator may change what this order asks for
        copy.criterion_ids.with_user(self.administrator).shelf_life_formula = " 7d "
        self.assertEqual(copy.criterion_ids.shelf_life_formula, "7D")
        with self.assertRaises(AccessError):
            self.env["qms.fefo.turn"].with_user(self.administrator).create(
                {"partner_id": self.fresh.id, "product_id": self.milk.id}
            )

    # -- Cost --------------------------------------------------------------------------

    def test_the_number_of_queries_does_not_grow(self):
        self._card_of(self.fresh, self._left("3D"), self._percent(10), {"kind": "fefo"})

        def count(name, number):
            product = self._make_product(name, use_expiration_date=True)
            for n in range(number):
                self._make_dated_lot(f"{name}{n}", 10 + n, product, 1)
            delivery = self._sell(number, product=product)
            self.assertEqual(len(delivery.move_line_ids), number)
            self.env.flush_all()
            self.env.invalidate_all()
            delivery.move_ids._qms_get_departures()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            delivery.move_ids._qms_get_departures()
            return self.env.cr.sql_log_count - before

        self.assertEqual(count("FEW", 2), count("MANY", 12))
