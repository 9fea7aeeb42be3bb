from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import format_date

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestMinimum(MinimumCase):
    """Goods have the shelf life left that their partner asks for."""

    def test_two_customers_compete_for_three_lots(self):
        self._card_of(self.fresh, self._left("10D"), code="FRESH")
        self._card_of(self.hotel, self._left("20D"), code="HOTEL")
        self._make_lots()
        fresh = self._sell_milk(10)
        hotel = self._sell_milk(15, self.hotel)
        anybody = self._sell_milk(10, self.partner)
        self.assertEqual(self._taken(fresh), {"MID": 10})
        self.assertEqual(self._taken(hotel), {"LONG": 10})
        self.assertEqual(self._taken(anybody), {"SHORT": 10})
        self.assertEqual(hotel.move_ids.state, "partially_available")

    def test_who_types_a_lot_that_is_too_short_is_told_all(self):
        self._card_of(self.fresh, self._left("10D"), code="FRESH")
        short, _mid, _long = self._make_lots()
        delivery = self._sell_milk(10)
        order = delivery.sudo().sale_id
        with self.assertRaises(UserError) as refused:
            self._take(delivery, short)
        expiry = format_date(self.env, self.today + timedelta(days=5))
        self.assertEqual(
            str(refused.exception),
            "These goods don't meet what is required of them and can't be used for this"
            " (delivery):\n"
            f"Fresh Milk · SHORT · {self.stock.display_name}\n"
            "    Fresh Foods demands: At least 10 days left when delivered. Found:"
            f" expires on {expiry}, 5 days left (FRESH, {order.name})\n"
            "Take other goods, or have somebody who has the right to it ignore the"
            " requirements of the order line: Ignore QRS.",
        )

    def test_equality_meets(self):
        self._card_of(self.fresh, self._left("12D"))
        self._make_lots()
        self.assertEqual(self._taken(self._sell_milk(10)), {"MID": 10})

    def test_reservation_looks_at_the_day_of_delivery(self):
        self._card_of(self.fresh, self._left("10D"))
        self._make_lots()
        delivery = self._sell_milk(10)
        delivery.do_unreserve()
        later = fields.Datetime.now() + timedelta(days=3)
        delivery.scheduled_date = later
        delivery.action_assign()
        self.assertEqual(self._taken(delivery), {"LONG": 10})
        # one that is late goes today
        delivery.do_unreserve()
        delivery.scheduled_date = fields.Datetime.now() - timedelta(days=30)
        delivery.action_assign()
        self.assertEqual(self._taken(delivery), {"MID": 10})

    def test_posting_asks_again(self):
        self._card_of(self.fresh, self._left("10D"))
        self._make_lots()
        delivery = self._sell_milk(10)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            with self._refused("9 days left"):
                delivery.with_context(skip_expired=True).button_validate()
        delivery.with_user(self.clerk).button_validate()
        self.assertEqual(delivery.state, "done")

    def test_of_several_the_strictest_is_shown(self):
        self._card_of(
            self.fresh, self._left("10D"), self._left("2W"), self._percent(90)
        )
        short, mid, long = self._make_lots()
        delivery = self._sell_milk(10)
        self.assertEqual(self._taken(delivery), {"LONG": 10})
        with self.assertRaises(UserError) as refused:
            self._take(delivery, short)
        # 14 days are more than 10, and more than 90 % of 5
        self.assertEqual(str(refused.exception).count("demands:"), 1)
        self.assertIn("At least 2 weeks left", str(refused.exception))

    # -- Departures --------------------------------------------------------------------

    def test_what_is_only_recorded_goes_last_and_makes_a_deviation(self):
        self._card_of(self.fresh, self._left("10D", "recorded"))
        self._make_lots()
        delivery = self._sell_milk(25)
        self.assertEqual(self._taken(delivery), {"MID": 10, "LONG": 10, "SHORT": 5})
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        deviation = self.env["qms.deviation"].search([("picking_id", "=", delivery.id)])
        self.assertEqual(deviation.lot_id.name, "SHORT")
        self.assertEqual(deviation.expected, "At least 10 days left when delivered")
        self.assertIn("5 days left", deviation.found)

    def test_what_needs_approval_goes_once_it_is_accepted(self):
        self._card_of(self.fresh, self._left("10D", "approval"))
        lot = self._make_dated_lot("SHORT", 5, quantity=10)
        delivery = self._sell_milk(10)
        self.assertFalse(self._taken(delivery))
        self._take(delivery, lot)
        with self._refused("have the deviation accepted"):
            delivery.button_validate()
        delivery.action_ask_approval()
        self._accept(self._deviations(lot_id=lot.id))
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        self.assertTrue(self._deviations(lot_id=lot.id).is_intentional)

    def test_ignored_requirements_are_recorded(self):
        self._card_of(self.fresh, self._left("10D"))
        lot = self._make_dated_lot("SHORT", 5, quantity=10)
        delivery = self._sell_milk(10)
        self._copy_of(delivery).with_user(self.foreman).action_ignore("In a hurry")
        delivery.action_assign()
        delivery.button_validate()
        deviation = self._deviations(lot_id=lot.id)
        self.assertEqual((delivery.state, deviation.is_intentional), ("done", True))

    # -- What can't be judged ----------------------------------------------------------

    def test_a_lot_without_a_date_is_not_recorded(self):
        self._card_of(self.fresh, self._left("10D"))
        lot = self._make_lot("NODATE", self.milk)
        lot.expiration_date = False
        self._stock_up(10, lot)
        delivery = self._sell_milk(10)
        self.assertFalse(self._taken(delivery))
        with self.assertRaisesRegex(UserError, "Found: expiration date not recorded"):
            self._take(delivery, lot)

    def test_products_without_dates_are_not_asked(self):
        self._card_of(self.fresh, self._left("10D"))
        self._stock_up(10, self._make_lot("A"))
        delivery = self._sell(10)
        self.assertEqual(self._taken(delivery), {"A": 10})
        delivery.button_validate()
        self.assertFalse(self._deviations(picking_id=delivery.id))

    def test_a_card_for_products_without_dates_warns(self):
        line = {
            "applies_to": "product",
            "product_tmpl_id": self.product.product_tmpl_id.id,
        }
        card = self._make_card(self._left("10D"), **line)
        action = card.with_user(self.administrator).action_new_version()
        card = self.env["qms.qrs"].browse(action["res_id"])
        warning = card.with_user(self.administrator).action_activate()
        text = (
            "Milk: none of these products uses expiration dates, so that “At least 10"
            " days left when delivered” isn't checked. Tick Expiration Date on the"
            " products."
        )
        self.assertEqual(warning["params"]["message"], text)
        self.assertIn(text, card.message_ids.mapped("preview")[0])
        line["product_tmpl_id"] = self.milk.product_tmpl_id.id
        dated = self._make_card(self._left("10D"), **line)
        self.assertFalse(dated._qms_get_undated_warning())

    def test_what_makes_no_sense_is_refused(self):
        for values, problem in (
            (self._left(False), "a period is missing, such as 10D."),
            (self._left("101Y"), "“101Y” reaches further than a hundred years."),
            (self._left("10X"), "“10X” is no date formula"),
            (self._percent(0), "the percentage is from 0 to 100."),
            (self._percent(100.5), "the percentage is from 0 to 100."),
        ):
            with (
                self.subTest(problem),
                self.assertRaisesRegex(ValidationError, problem),
            ):
                self._card_of(self.fresh, values)

    # -- Rules -------------------------------------------------------------------------

    def _judge_milk(self, values, day, **lot):
        """Return what a criterion says of a lot of milk on a day."""
        lot = self.env["stock.lot"].create(
            {
                "name": "JUDGED",
                **lot,
                "product_id": self.milk.id,
            }
        )
        criterion = self.env["qms.qrs.document.criterion"].new(values)
        goods = Goods(self.milk, lot, self.stock, self.env["stock.package"])
        facts = GoodsFacts(self.env, [goods], date=fields.Date.to_date(day))
        ((state, found),) = criterion._judge(facts)
        lot.unlink()
        return state, found

    def test_ends_of_months(self):
        month, age = self._left("1M"), self._left("1M", basis="age")
        for values, day, lot, state in (
            (month, "2027-01-31", {"expiration_date": "2027-02-28 12:00:00"}, "met"),
            (
                month,
                "2027-01-31",
                {"expiration_date": "2027-02-27 12:00:00"},
                "departs",
            ),
            (
                month,
                "2028-01-31",
                {"expiration_date": "2028-02-28 12:00:00"},
                "departs",
            ),
            (month, "2028-01-31", {"expiration_date": "2028-02-29 12:00:00"}, "met"),
            # a month after the 28th ends later than one after the 31st ends
            (age, "2027-02-28", {"qms_production_date": "2027-01-28"}, "met"),
            (age, "2027-03-01", {"qms_production_date": "2027-01-31"}, "departs"),
            (age, "2027-03-31", {"qms_production_date": "2027-02-28"}, "departs"),
            (age, "2027-03-28", {"qms_production_date": "2027-02-28"}, "met"),
        ):
            with self.subTest(day=day, lot=lot):
                self.assertEqual(self._judge_milk(values, day, **lot)[0], state)

    def test_percent_of_the_life(self):
        dates = {
            "qms_production_date": "2027-01-01",
            "expiration_date": "2027-04-11 12:00:00",
        }
        for day, percent, state in (
            ("2027-02-20", 50, "met"),
            ("2027-02-21", 50, "departs"),
            # a third of a hundred days are 34
            ("2027-03-08", 33.5, "met"),
            ("2027-03-09", 33.5, "departs"),
        ):
            with self.subTest(day=day):
                found = self._judge_milk(self._percent(percent), day, **dates)
                self.assertEqual(found[0], state, found)
        self.assertIn(
            "49 of 100 days left",
            str(self._judge_milk(self._percent(50), "2027-02-21", **dates)),
        )
        # what expires when it is made has no life
        dates["expiration_date"] = "2027-01-01 12:00:00"
        found = self._judge_milk(self._percent(1), "2027-01-01", **dates)
        self.assertEqual(found[0], "departs")

    def test_percent_counts_from_receipt_where_production_is_unknown(self):
        self._card_of(self.fresh, self._percent(90))
        with freeze_time(fields.Datetime.now() - timedelta(days=3)):
            receipt = self._buy(10, self.milk)
            lot = self._receive_lots(receipt, {"OLD": 10})
        lot.expiration_date -= timedelta(days=15)
        self._make_dated_lot("NEW", 13, quantity=10)
        delivery = self._sell_milk(10)
        self.assertEqual(self._taken(delivery), {"NEW": 10})
        with self.assertRaisesRegex(UserError, "12 of 15 days left"):
            self._take(delivery, lot)

    def test_age(self):
        self._card_of(self.fresh, self._left("3D", basis="age"))
        lots = {
            name: self._make_dated_lot(name, 20, quantity=5)
            for name in ("OLD", "NEW", "NO")
        }
        lots["OLD"].qms_production_date = self.today - timedelta(days=4)
        lots["NEW"].qms_production_date = self.today - timedelta(days=3)
        delivery = self._sell_milk(5)
        self.assertEqual(self._taken(delivery), {"NEW": 5})
        with self.assertRaisesRegex(
            UserError, "At most 3 days old when delivered.*4 d"
        ):
            self._take(delivery, lots["OLD"])
        with self.assertRaisesRegex(UserError, "production date not recorded"):
            self._take(delivery, lots["NO"])

    def test_days_are_those_of_the_warehouse(self):
        """At 13:00 UTC it is tomorrow in Auckland, and early morning in Honolulu."""
        self._card_of(self.fresh, self._left("10D"))
        self.warehouse.partner_id = self.env["res.partner"].create({"name": "Depot"})
        moment = datetime(2027, 6, 10, 13)
        lot = self._make_lot("ZONE", self.milk)
        # the 20th in both
        lot.expiration_date = "2027-06-20 11:00:00"
        self._stock_up(10, lot)
        for zone, taken in (
            ("Pacific/Auckland", {}),
            ("Pacific/Honolulu", {"ZONE": 10}),
        ):
            with self.subTest(zone), freeze_time(moment):
                self.warehouse.partner_id.tz = zone
                delivery = self._sell_milk(10)
                delivery.scheduled_date = moment
                delivery.do_unreserve()
                delivery.action_assign()
                self.assertEqual(self._taken(delivery), taken)
                delivery.action_cancel()
