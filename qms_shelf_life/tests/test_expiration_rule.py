from datetime import date, datetime, timedelta

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_dates import DatesCase


@tagged("post_install", "-at_install")
class TestExpirationRule(DatesCase):
    """When lots expire, by the rule of their product or category."""

    # -- Whose rule --------------------------------------------------------------------

    def test_without_a_rule_as_in_plain_odoo(self):
        lot = self._make_lot("P-1", self.milk)
        age = lot.expiration_date - fields.Datetime.now()
        self.assertAlmostEqual(age, timedelta(days=30), delta=timedelta(minutes=5))
        self.assertFalse(lot.qms_sell_by_date)
        self.assertFalse(lot.qms_production_date)

    def test_product_before_nearest_category(self):
        above = self.env["product.category"].create(
            {"name": "Dairy", "qms_expiration_formula": "50D"}
        )
        below = self.env["product.category"].create(
            {"name": "Milk", "parent_id": above.id}
        )
        self.milk.categ_id = below
        for owner, formula, days in (
            (above, "50D", 50),
            (below, "2w", 14),
            (self.template, "7D", 7),
        ):
            with self.subTest(owner=owner):
                owner.qms_expiration_formula = formula
                lot = self._make_lot(f"C-{days}", self.milk)
                self.assertEqual(self._get_day(lot.expiration_date), self._in(days))

    def test_the_product_shows_what_counts(self):
        texts = [self.template.qms_shelf_life_text]
        self.milk.categ_id = self.env["product.category"].create(
            {
                "name": "Milk",
                "qms_expiration_from": "production",
                "qms_sales_min_shelf_life": "1W",
            }
        )
        texts.append(self.template.qms_shelf_life_text)
        self.template.qms_expiration_from = "vendor"
        texts.append(self.template.qms_shelf_life_text)
        self.assertEqual(
            texts,
            [
                "Day of receipt or production + 30D",
                "Production date + 30D, sell by 1W before",
                "Vendor's date, sell by 1W before",
            ],
        )

    def test_the_moment_is_in_that_day_here_and_on_labels(self):
        self.template.qms_expiration_formula = "7D"
        for zone in ("Pacific/Kiritimati", "Europe/Berlin", "Pacific/Honolulu"):
            with self.subTest(zone=zone):
                self.warehouse.partner_id.tz = zone
                moment = self._receive().expiration_date
                day = self._get_day(fields.Datetime.now()) + timedelta(days=7)
                self.assertEqual(self._get_day(moment), day)
                self.assertEqual(moment.date(), day)

    # -- Receipts ----------------------------------------------------------------------

    def test_receipt_counts_from_its_day_in_the_warehouse(self):
        self.template.qms_expiration_formula = "1M"
        self.warehouse.partner_id.tz = "Asia/Tokyo"
        picking = self._picking(
            "incoming", 10, self.milk, scheduled_date="2030-01-30 20:00:00"
        )
        picking.action_confirm()
        line = picking.with_user(self.clerk).move_ids.move_line_ids
        # 31 January in Tokyo
        self.assertEqual(self._get_day(line.expiration_date), date(2030, 2, 28))

    def test_vendor_gives_the_date(self):
        self.template.write(
            {"qms_expiration_from": "vendor", "qms_expiration_formula": "30D"}
        )
        line = self._receive()
        self.assertFalse(line.expiration_date)
        line.expiration_date = "2031-05-05 10:00:00"
        lot = self._post(line)
        self.assertEqual(lot.expiration_date, datetime(2031, 5, 5, 10))
        self.assertEqual(lot.use_date, datetime(2031, 5, 5, 10))

    def test_vendor_gives_none(self):
        self.template.qms_expiration_from = "vendor"
        self.assertFalse(self._post(self._receive()).expiration_date)

    def test_production_date_of_bought_goods(self):
        self.template.write(
            {"qms_expiration_from": "production", "qms_expiration_formula": "CM+10D"}
        )
        line = self._receive()
        self.assertFalse(line.expiration_date)
        line.qms_production_date = "2030-01-31"
        self.assertEqual(self._get_day(line.expiration_date), date(2030, 2, 10))
        line.qms_production_date = "2030-02-01"
        lot = self._post(line)
        self.assertEqual(lot.qms_production_date, date(2030, 2, 1))
        self.assertEqual(self._get_day(lot.expiration_date), date(2030, 3, 10))

    def test_production_date_that_comes_later(self):
        self.template.write(
            {"qms_expiration_from": "production", "qms_expiration_formula": "30D"}
        )
        lot = self._post(self._receive())
        self.assertFalse(lot.expiration_date)
        with Form(lot.with_user(self.clerk)) as form:
            form.qms_production_date = self._in(-3)
            self.assertEqual(self._get_day(form.expiration_date), self._in(27))
        self.assertEqual(self._get_day(lot.expiration_date), self._in(27))
        lot.with_user(self.clerk).qms_production_date = self._in(-5)
        self.assertEqual(self._get_day(lot.expiration_date), self._in(25))
        self.assertEqual(lot.removal_date, lot.expiration_date)

    def test_production_date_changes_nothing_without_the_rule(self):
        lot = self._make_lot("P-1", self.milk)
        expiration = lot.expiration_date
        lot.qms_production_date = self._in(-3)
        self.assertEqual(lot.expiration_date, expiration)

    def test_generated_numbers(self):
        self.template.qms_expiration_formula = "7D"
        picking = self._picking("incoming", 30, self.milk)
        picking.action_confirm()
        move = picking.move_ids
        context = {
            "default_product_id": self.milk.id,
            "default_picking_id": picking.id,
            "default_move_id": move.id,
            "default_company_id": self.company.id,
            "default_location_id": self.supplier.id,
            "default_location_dest_id": self.stock.id,
            "default_picking_type_id": picking.picking_type_id.id,
            "default_tracking": "lot",
            "default_quantity": 30,
        }
        moves = self.env["stock.move"].with_user(self.clerk)
        lines = moves.action_generate_lot_line_vals(
            context, "generate", "G-1", 10, False
        )
        self.assertEqual(len(lines), 3)
        days = {self._get_day(line["expiration_date"]) for line in lines}
        self.assertEqual(days, {self._in(7)})
        # a date that comes with the number stays
        lines = moves.action_generate_lot_line_vals(
            context, "import", False, 0, "G-4;2031-05-20\nG-5"
        )
        days = [self._get_day(line["expiration_date"]) for line in lines]
        self.assertEqual(days, [date(2031, 5, 20), self._in(7)])

    def test_generated_serial_numbers(self):
        serial = self._make_product(
            "Cheese",
            tracking="serial",
            use_expiration_date=True,
            expiration_time=5,
            qms_expiration_formula="7D",
        )
        picking = self._picking("incoming", 3, serial)
        picking.action_confirm()
        move = picking.move_ids
        move._generate_serial_numbers("S-1", 3)
        self.assertEqual(
            {self._get_day(line.expiration_date) for line in move.move_line_ids},
            {self._in(7)},
        )

    # -- Formulas are checked where they are typed -------------------------------------

    def test_wrong_formula_in_the_form(self):
        form = Form(self.template)
        form.qms_expiration_formula = "30X"
        with self.assertRaises(ValidationError) as caught:
            form.save()
        self.assertEqual(
            str(caught.exception),
            "Expiration Period: “30X” is no date formula, from “30X” on. Write for"
            " example 30D, 2W, 6M, 1Y-5D, or CM+10D for ten days after the month's"
            " end.",
        )

    def test_wrong_formulas_of_other_programs(self):
        rules = {"product_tmpl_id": self.template.id, "event_type": "opened"}
        for model, vals in (
            ("product.product", {"name": "A", "qms_sales_min_shelf_life": "1M2D"}),
            ("product.category", {"name": "A", "qms_expiration_formula": "+"}),
            ("qms.lot.event.rule", {**rules, "formula": "D32"}),
            ("qms.expiry.change", {"reason": "none", "formula": 7}),
        ):
            with self.subTest(model=model), self.assertRaises(ValidationError):
                self.env[model].create(vals)
        with self.assertRaises(ValidationError):
            self.milk.write({"qms_sales_min_shelf_life": "M"})

    def test_period_out_of_the_calendar(self):
        for formula in ("99999Y", "-99999Y", "3000Y"):
            with self.subTest(formula=formula):
                with self.assertRaises(ValidationError) as caught:
                    self.template.qms_expiration_formula = formula
                self.assertIn(
                    f"The period {formula} leads out of the calendar",
                    str(caught.exception),
                )

    def test_days_out_of_the_calendar(self):
        self.template.write(
            {"expiration_time": 3000000, "qms_expiration_from": "receipt"}
        )
        with self.assertRaises(ValidationError):
            self._make_lot("P-1", self.milk)

    def test_first_and_last_day_of_the_calendar(self):
        self.template.qms_sales_min_shelf_life = "1M"
        for text in ("0001-01-01 00:00:00", "9999-12-31 23:59:59"):
            for zone in ("Pacific/Kiritimati", "Pacific/Honolulu"):
                with self.subTest(text=text, zone=zone):
                    self.company.resource_calendar_id.tz = zone
                    lot = self.env["stock.lot"].create(
                        {
                            "name": f"{text} {zone}",
                            "product_id": self.milk.id,
                            "expiration_date": text,
                        }
                    )
                    self.assertEqual(bool(lot.qms_sell_by_date), text > "1")

    def test_formulas_are_kept_in_capitals(self):
        self.template.qms_expiration_formula = " 1m + 2 d"
        self.assertEqual(self.template.qms_expiration_formula, "1M+2D")

    def test_one_rule_for_an_event(self):
        rule = {"event_type": "opened", "formula": "3D"}
        self.template.qms_event_rule_ids = [Command.create(rule)]
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.template.qms_event_rule_ids = [Command.create(rule)]
