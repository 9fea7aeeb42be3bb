from datetime import date, timedelta
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.qms_shelf_life.models.dates.date_formula import DateFormula
from odoo.addons.qms_shelf_life.models.near_expiry.near_window import (
    get_last_near_day,
)

from .common_near_expiry import NearExpiryCase

FORMULAS = ("10D", "1M", "CM+10D", "1Y-5D", "-3D", "2W", "CQ", "-CM+5D")


@tagged("post_install", "-at_install")
class TestNearExpiryList(NearExpiryCase):
    """What is listed when, where it goes meanwhile, and when it goes off the list."""

    def _make_many(self, count, days=5, name="N"):
        """Return lots with 10 of each in stock, made together."""
        noon = self.warehouse._qms_get_day_start(self._move(days)) + timedelta(hours=12)
        vals = {"product_id": self.milk.id, "expiration_date": noon}
        lots = self.env["stock.lot"].create(
            [{**vals, "name": f"{name}{number}"} for number in range(count)]
        )
        # sudo: as a count writes it
        self.env["stock.quant"].sudo().create(
            [
                {
                    "product_id": self.milk.id,
                    "lot_id": lot.id,
                    "location_id": self.stock.id,
                    "quantity": 10,
                }
                for lot in lots
            ]
        )
        return lots

    def _listed(self, lots):
        return self.Row.search([("lot_id", "in", lots.ids)])

    # -- The window --------------------------------------------------------------------

    def test_window_is_the_formula_turned_round(self):
        """Near is what the formula says, day by day, for every formula."""
        day = date(2024, 2, 29)
        for text in FORMULAS:
            last = get_last_near_day(text, day)
            for days in range(-60, 430):
                expiry = day + timedelta(days=days)
                near = DateFormula(text).before(expiry) <= day
                with self.subTest(text=text, expiry=expiry):
                    self.assertEqual(near, expiry <= last)

    def test_product_else_category_else_company(self):
        parent = self.env["product.category"].create({"name": "Chilled"})
        child = parent.create({"name": "Milk", "parent_id": parent.id})
        lot = self._make_dated_lot("L", 20, quantity=10)
        self.milk.write({"qms_near_expiry": False, "categ_id": child.id})
        self._run()
        self.assertFalse(self._row(lot))
        for record, window, listed in (
            (self.company, "20D", True),
            (parent, "19D", False),
            (child, "3w", True),
            (self.milk, "2W", False),
        ):
            record.qms_near_expiry = window
            self._run()
            with self.subTest(record=record):
                self.assertEqual(bool(self._row(lot)), listed)
        self.assertEqual(child.qms_near_expiry, "3W")
        with self.assertRaisesRegex(
            ValidationError, "Near Expiry Window: “soon” is no"
        ):
            self.milk.qms_near_expiry = "soon"

    def test_food_sets_a_window(self):
        """Two weeks; one that was chosen before stays."""
        points = self.env["qms.starting.point"]
        points._switch_on("food")
        self.assertEqual(self.company.qms_near_expiry, "14D")
        self.company.qms_near_expiry = "1M"
        points._switch_on("food")
        self.assertEqual(self.company.qms_near_expiry, "1M")

    def test_day_of_the_warehouse(self):
        """It is near a day earlier where the day begins earlier."""
        self.milk.qms_near_expiry = "10D"
        east = self.env["stock.warehouse"].create(
            {
                "name": "East",
                "code": "EAST",
                "partner_id": self.env["res.partner"]
                .create({"name": "East", "tz": "Pacific/Kiritimati"})
                .id,
            }
        )
        east_day = east._qms_get_day()
        moment = east._qms_get_day_start(east_day + timedelta(days=10))
        lot = self._make_dated_lot("L", 10)
        lot.expiration_date = moment
        self._stock_up(10, lot, east.lot_stock_id)
        self._run()
        row = self._row(lot, warehouse=east)
        self.assertEqual(
            (row.days_left, row.expiry_day - east_day), (10, timedelta(10))
        )

    # -- The scheduled action ----------------------------------------------------------

    def test_stopped_and_resumed(self):
        """A run that is stopped after its first batch leaves the rest to the next.

        Each batch is committed with how many lots it was, and whether more are left.
        """
        lots = self._make_many(7)
        calls = []

        def stop(_crons, processed=0, **vals):
            calls.append((processed, vals.get("remaining")))
            return 60.0 if len(calls) < 2 + self._get_earlier() else 0.0

        crons = type(self.env["ir.cron"])
        with patch.object(crons, "_commit_progress", stop):
            self.Row.sudo()._cron_near_expiry(limit=3)
        self.assertEqual(len(self._listed(lots)), 3)
        self.assertEqual(calls[-1], (3, 3))
        calls.clear()

        def go_on(_crons, processed=0, **vals):
            calls.append((processed, vals.get("remaining")))
            return 60.0

        with patch.object(crons, "_commit_progress", go_on):
            self.Row.sudo()._cron_near_expiry(limit=3)
        self.assertEqual(len(self._listed(lots)), 7)
        self.assertEqual([done for done, _left in calls if done], [3, 1])
        self.assertEqual(calls[-1][1], 0)
        self._run(limit=3)
        self.assertEqual(len(self._listed(lots)), 7)

    def _get_earlier(self):
        """Return how often progress is told of warehouses that come before."""
        warehouses = self.env["stock.warehouse"].search([])
        return 2 * list(warehouses).index(self.warehouse)

    def test_one_that_fails_stops_no_other(self):
        lots = self._make_many(5)
        bad, holds = lots[2], type(self.env["qms.hold"])
        place = holds._place

        def refuse(ledger, vals_list, *args, **vals):
            if any(vals["lot_id"] == bad.id for vals in vals_list):
                raise ValueError("Not this one")
            return place(ledger, vals_list, *args, **vals)

        logger = "odoo.addons.qms_shelf_life.models.near_expiry.expiry_decision_cron"
        with patch.object(holds, "_place", refuse), self.assertLogs(logger, "WARNING"):
            self._run()
        self.assertEqual(self._listed(lots).lot_id, lots - bad)
        self._run()
        self.assertEqual(self._listed(lots).lot_id, lots)

    def test_queries_of_a_run(self):
        """Of 200 lots each step is done at once, as of two."""
        counts = []
        for number in (2, 200):
            self._make_many(number, name=f"{number}-")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._run()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.Row.search([])._close("Test", settled=True)
        self.assertLessEqual(counts[1] - counts[0], 5, counts)

    def test_queries_of_the_list(self):
        lots = self._make_many(42)
        self._run()
        rows, names = self._listed(lots), ["days_left", "stock_quantity", "stock_value"]
        counts = []
        for some in (rows[:2], rows):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.with_user(self.keeper).read([*names, "display_name", "document_names"])
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 2, counts)
        ((_warehouse, value),) = rows._read_group(
            [("id", "in", rows.ids)], ["warehouse_id"], ["stock_value:sum"]
        )
        self.assertEqual(value, 630)

    def test_board(self):
        """The board adds up what goods are worth, by state and by person."""
        lots = self._make_many(3)
        self._run()
        rows = self.Row.with_user(self.keeper)
        total = "stock_value:sum_currency"
        for group in ("state", "user_id"):
            found = rows.web_read_group(
                [("lot_id", "in", lots.ids)],
                [group],
                [total, "stock_value:sum", "currency_id:array_agg_distinct"],
            )
            values = {(one[total], one["stock_value:sum"]) for one in found["groups"]}
            self.assertLessEqual(values, {(45, 45), (0, 0), (False, False)})
            self.assertIn((45, 45), values)
        # in the currency of the company that looks at it
        other = self.env["res.currency"].create(
            {
                "name": "MLK",
                "symbol": "M",
                "rate_ids": [Command.create({"rate": 3, "company_id": False})],
            }
        )
        abroad = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": other.id}
        )
        own = self.company.currency_id
        expected = own._convert(45, other, abroad, self.today)
        self.assertNotEqual(expected, 45)
        rows = self.Row.with_company(abroad)
        ((value,),) = rows._read_group([("lot_id", "in", lots.ids)], [], [total])
        self.assertAlmostEqual(value, expected)

    # -- Where the goods go meanwhile --------------------------------------------------

    def test_listed_only(self):
        self.warehouse.qms_near_expiry_mode = "off"
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._list(lot)
        self.assertFalse(self._holds(lot) | self._holds(lot.browse()))
        self._ship(self._delivery(70, lot, product=self.milk))
        self.assertEqual((row.state, row.stock_quantity), ("waiting", 30))
        self._ship(self._delivery(30, lot, product=self.milk))
        self.assertEqual(
            (row.state, row.closing_reason), ("cancelled", "Nothing is left.")
        )
        self._stock_up(10, lot)
        self._run()
        self.assertEqual(self._row(lot).stock_quantity, 10)

    def test_two_warehouses_two_zones(self):
        """Each sends its goods to its own zone, by a transfer of its own."""
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        both = self.warehouse | second
        both.qms_near_expiry_mode = "transfer"
        lot = self._make_dated_lot("L", 5, quantity=100)
        self._stock_up(40, lot, second.lot_stock_id)
        self._stock_up(10, lot, self.shelf)
        self._run()
        for warehouse, quantity in ((self.warehouse, 110), (second, 40)):
            row = self._row(lot, warehouse=warehouse)
            picking = row.move_ids.picking_id
            zone = warehouse.qms_quarantine_location_id
            self.assertEqual(picking.location_dest_id, zone)
            self.assertEqual(picking.state, "assigned")
            self._ship(picking)
            self.assertEqual((row.state, row.stock_quantity), ("waiting", quantity))
            self.assertEqual(self._quantity(zone, lot), quantity)
        # back to stock, and only where it was decided
        row = self._decide(self._row(lot, warehouse=second), "use_first")
        back = row.move_ids.picking_id.filtered(lambda one: one.state != "done")
        self._ship(back)
        self.assertEqual(self._quantity(second.lot_stock_id, lot), 40)
        self.assertEqual(
            self._quantity(self.warehouse.qms_quarantine_location_id, lot), 110
        )
        self.assertEqual(self._holds(lot).location_id, self.warehouse.view_location_id)

    def test_decided_before_the_transfer(self):
        """What is decided isn't sent to quarantine any more; the rest still is."""
        self.warehouse.qms_near_expiry_mode = "transfer"
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._list(lot)
        first = row.move_ids
        self._decide(row, "special_sale", partner_id=self.client, quantity=30)
        self.assertEqual(first.state, "cancel")
        rest = self._row(lot)
        self.assertEqual(rest.move_ids.product_uom_qty, 70)
        self._ship(rest.move_ids.picking_id)
        order = row.sale_line_ids.order_id
        order.action_confirm()
        self._ship(order.picking_ids)
        self.assertEqual((row.state, rest.state), ("done", "waiting"))
        self.assertEqual(self._quantity(self.stock, lot), 0)

    # -- Off the list ------------------------------------------------------------------

    def test_left_as_it_is(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._list(lot).with_user(self.keeper)
        with self.assertRaisesRegex(UserError, "Say why these goods are left"):
            row.action_leave()
        row.reason = "Sold out by Friday"
        row.action_leave()
        self.assertEqual(row.closing_reason, "Left as it is: Sold out by Friday")
        self.assertFalse(self._holds(lot))
        self._run()
        self.assertFalse(self._row(lot))
        # after so many days, where that is asked for
        self.company.qms_near_expiry_again = 3
        row.sudo().env.cr.execute(
            "UPDATE qms_expiry_decision SET date_done = date_done - interval '2 days'"
        )
        self.env.invalidate_all()
        self._run()
        self.assertFalse(self._row(lot))
        self.env.cr.execute(
            "UPDATE qms_expiry_decision SET date_done = date_done - interval '1 day'"
        )
        self.env.invalidate_all()
        self._run()
        self.assertTrue(self._row(lot))

    def test_listed_again_once_expired(self):
        lot = self._make_dated_lot("L", 1, quantity=100)
        self._decide(self._list(lot), "use_first")
        lot.expiration_date -= timedelta(days=4)
        self.env.cr.execute(
            "UPDATE qms_expiry_decision SET date_done = date_done - interval '5 days'"
        )
        self.env.invalidate_all()
        row = self._list(lot)
        self.assertEqual(row.days_left, -3)
        with self.assertRaisesRegex(UserError, "they have expired on"):
            self._decide(row, "donate", partner_id=self.client)
        self._decide(row, "destroy")
        self.assertEqual(row.state, "done")

    def test_not_near_any_more(self):
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._list(lot)
        lot.expiration_date += timedelta(days=30)
        self._run()
        self.assertEqual(row.state, "cancelled")
        self.assertEqual(
            row.closing_reason, "The goods are not near their date any more."
        )
        self.assertFalse(self._holds(lot))

    # -- Many at once ------------------------------------------------------------------

    def test_bulk_decision(self):
        lots = self._make_many(3)
        self._run()
        rows = self._listed(lots).with_user(self.keeper)
        action = rows.action_open_wizard()
        wizards = self.env[action["res_model"]].with_user(self.keeper)
        with Form(wizards.with_context(**action["context"])) as form:
            self.assertEqual((form.count, form.value), (3, 45))
            form.kind = "special_sale"
            form.partner_id = self.client
            form.discount = 0.5
            form.reason = "Weekend"
        form.save().action_decide()
        self.assertEqual(set(rows.mapped("state")), {"decided"})
        self.assertEqual(rows.sale_line_ids.mapped("price_unit"), [1, 1, 1])
        with self.assertRaises(AccessError):
            rows.with_user(self.clerk).action_open_wizard()

    def test_all_or_nothing(self):
        """Of three, one has no goods to give: all of them stay as they are."""
        lots = self._make_many(3)
        self._run()
        rows = self._listed(lots)
        self._delivery(10, lots[1], product=self.milk)
        rows.with_user(self.keeper).write({"kind": "destroy", "reason": "Old"})
        with self.assertRaisesRegex(
            UserError, "N1 .* only 0 Units are free: DAIRY/OUT"
        ):
            rows.with_user(self.keeper).action_decide()
        self.assertEqual(set(rows.mapped("state")), {"waiting"})
        self.assertFalse(rows.move_ids)

    def test_serial_numbers(self):
        chip = self._make_product(
            "Sensor",
            tracking="serial",
            use_expiration_date=True,
            expiration_time=30,
            qms_near_expiry="10D",
        )
        lots = self.env["stock.lot"].union(
            *(self._make_dated_lot(f"S{n}", 5, chip, 1) for n in range(3))
        )
        self._run()
        rows = self._listed(lots)
        with self.assertRaisesRegex(UserError, "a serial number can't be parted"):
            self._decide(rows[0], "destroy", quantity=0.5)
        self._decide(rows[0], "destroy", quantity=1)
        self._decide(rows[1], "donate", partner_id=self.client, quantity=0)
        self._decide(rows[2], "use_first", quantity=0)
        self._ship(rows[1].move_ids.picking_id)
        self.assertEqual(rows.mapped("state"), ["done"] * 3)
        self.assertEqual([self._quantity(self.stock, lot) for lot in lots], [0, 0, 1])

    def test_used_first_comes_before_older_goods(self):
        """By first in, first out, too; without it the older lot goes first."""
        self.warehouse.qms_near_expiry_mode = "off"
        old = self._make_dated_lot("OLD", 25, quantity=10)
        lot = self._make_dated_lot("L", 5, quantity=10)
        old.quant_ids.sudo().in_date -= timedelta(days=9)
        picking = self._picking("outgoing", 10, product=self.milk)
        picking.action_confirm()
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, old)
        picking.do_unreserve()
        self._decide(self._list(lot), "use_first")
        picking.action_assign()
        self.assertEqual(picking.move_ids.move_line_ids.lot_id, lot)

    # -- Rules about deciding ----------------------------------------------------------

    def test_needs_approval(self):
        """Where a rule says so, a quality manager agrees first; then it is done."""
        self.env["qms.approval.rule"].create(
            {
                "name": "Destroying",
                "guarded": "qms.expiry.decision:decide",
                "filter_domain": "[('kind', '=', 'destroy')]",
                "step_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Quality",
                            "approver": "user",
                            "user_id": self.manager.id,
                        },
                    )
                ],
            }
        )
        lot = self._make_dated_lot("L", 5, quantity=100)
        row = self._decide(self._list(lot), "destroy", quantity=40)
        self.assertEqual(row.state, "waiting")
        approval = self.env["qms.approval"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        approval.with_user(self.manager).action_approve()
        self.assertEqual((row.state, row.done_quantity), ("done", 40))
        self.assertEqual(self._quantity(self.stock, lot), 60)
