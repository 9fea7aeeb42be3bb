from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_date

from .common_minimum import MinimumCase


@tagged("post_install", "-at_install")
class TestFefoPartner(MinimumCase):
    """A partner never gets, nor delivers, what expires before what there was."""

    def _fefo(self, departure="blocked", kind="fefo"):
        return {"kind": kind, "departure": departure}

    def _deliver(self, lot, quantity=1, partner=None):
        """Deliver some of a lot, as clerks do; return the transfer."""
        delivery = self._sell_milk(quantity, partner)
        self._take(delivery, lot)
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        return delivery

    def _return(self, delivery, quantity):
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_ids=delivery.ids,
                active_id=delivery.id,
                active_model=delivery._name,
            )
        )
        with wizard.product_return_moves.edit(0) as line:
            line.quantity = quantity
        action = wizard.save().action_create_returns()
        back = self.env["stock.picking"].browse(action["res_id"])
        back.move_ids.picked = True
        back.with_user(self.clerk).button_validate()
        self.assertEqual(back.state, "done")

    def test_no_lot_that_expires_before_one_delivered(self):
        self._card_of(self.fresh, self._fefo())
        short, mid, long = self._make_lots()
        # nothing was delivered yet: all will do
        delivery = self._sell_milk(1)
        self.assertEqual(self._taken(delivery), {"SHORT": 1})
        delivery.action_cancel()
        self._deliver(mid)
        delivery = self._sell_milk(25)
        # the same day is fine
        self.assertEqual(self._taken(delivery), {"MID": 9, "LONG": 10})
        with self.assertRaises(UserError) as refused:
            self._take(delivery, short)
        first, last = (
            format_date(self.env, self.today + timedelta(days=days)) for days in (5, 12)
        )
        self.assertIn(
            "Fresh Foods demands: Expires no earlier than what was delivered before."
            f" Found: expires on {first}; MID of before on {last}",
            str(refused.exception),
        )
        # others never had any
        self.assertEqual(self._taken(self._sell_milk(3, self.hotel)), {"SHORT": 3})

    def test_compared_with_the_last_to_expire_of_all(self):
        self._card_of(self.fresh, self._fefo("recorded"))
        short, mid, long = self._make_lots()
        self._deliver(long)
        self._deliver(short)
        found = self._deviations(lot_id=short.id)
        self.assertEqual(
            found.expected, "Expires no earlier than what was delivered before"
        )
        self._deliver(mid)
        self.assertIn("LONG of before", self._deviations(lot_id=mid.id).found)

    def test_what_was_returned_does_not_count(self):
        self._card_of(self.fresh, self._fefo())
        short, _mid, long = self._make_lots()
        delivery = self._deliver(long, 4)
        self._return(delivery, 3)
        # one is still there
        self.assertEqual(self._taken(self._sell_milk(1)), {"LONG": 1})
        self._return(delivery, 1)
        self.assertEqual(self._taken(self._sell_milk(1)), {"SHORT": 1})
        self._deliver(short)

    def test_lots_of_one_transfer_do_not_fail_against_each_other(self):
        self._card_of(self.fresh, self._fefo())
        self._make_lots(5)
        delivery = self._sell_milk(15)
        self.assertEqual(self._taken(delivery), {"SHORT": 5, "MID": 5, "LONG": 5})
        delivery.move_ids.picked = True
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        self.assertFalse(self._deviations(picking_id=delivery.id))

    def test_a_contact_is_its_company(self):
        self._card_of(self.fresh, self._fefo())
        short, _mid, long = self._make_lots()
        kitchen = self.env["res.partner"].create(
            {"name": "Kitchen", "type": "delivery", "parent_id": self.fresh.id}
        )
        self._deliver(long, partner=kitchen)
        self.assertEqual(self._taken(self._sell_milk(1)), {"LONG": 1})

    def test_ignoring_the_requirements_does_not_lift_it(self):
        self._card_of(self.fresh, self._fefo(), self._left("40D"))
        short, _mid, long = self._make_lots()
        self._deliver_past(long)
        delivery = self._sell_milk(1)
        self._copy_of(delivery).with_user(self.foreman).action_ignore("In a hurry")
        delivery.action_assign()
        self.assertEqual(self._taken(delivery), {"LONG": 1})
        with self.assertRaisesRegex(
            UserError, "QRS administrator change the requirements of the order line"
        ):
            self._take(delivery, short)

    def _deliver_past(self, lot):
        """Deliver to Fresh Foods without an order, of which nothing is required."""
        delivery = self._delivery(1, lot, product=self.milk, partner_id=self.fresh.id)
        delivery.button_validate()

    def test_postings_of_later_days_do_not_count(self):
        self._card_of(self.fresh, self._fefo())
        short, _mid, long = self._make_lots()
        delivery = self._deliver(long)
        copy = self._copy_of(delivery)
        with freeze_time(fields.Datetime.now() - timedelta(days=1)):
            domain = copy.criterion_ids._qms_get_own_domain(fields.Date.today())
            lots = self.env["stock.quant"].search(domain).lot_id
            self.assertIn(short, lots)
        domain = copy.criterion_ids._qms_get_own_domain(self.today)
        self.assertNotIn(short, self.env["stock.quant"].search(domain).lot_id)

    def test_what_a_vendor_delivers(self):
        self.fresh.supplier_rank = 1
        self._make_purchase_card(self._fefo())
        noon = self.warehouse._qms_get_day_start(self.today) + timedelta(hours=12)
        for name, days, count in (("A", 20, 0), ("B", 20, 0), ("C", 19, 1)):
            receipt = self._buy(5, self.milk)
            expiry = noon + timedelta(days=days)
            self._enter(
                receipt, [{"lot_name": name, "quantity": 5, "expiration_date": expiry}]
            )
            text = receipt.move_line_ids.qms_departure_text or ""
            self.assertEqual("received before" in text, bool(count))
            receipt.button_validate()
            self.assertEqual(len(self._deviations(picking_id=receipt.id)), count)
        lot = receipt.move_line_ids.lot_id
        self.assertEqual(lot.sudo().inspection_status_id, self.on_hold)

    def test_first_in(self):
        self._card_of(self.fresh, self._fefo(kind="fifo"))
        lots = {}
        for days, name in ((9, "OLD"), (5, "SECOND"), (1, "NEW")):
            with freeze_time(fields.Datetime.now() - timedelta(days=days)):
                lots[name] = self._receive_lots(self._buy(5, self.milk), {name: 5})
        self._deliver(lots["SECOND"])
        delivery = self._sell_milk(20)
        self.assertEqual(self._taken(delivery), {"SECOND": 4, "NEW": 5})
        with self.assertRaisesRegex(
            UserError, "Came in no earlier .* SECOND of before"
        ):
            self._take(delivery, lots["OLD"])

    def test_what_makes_no_sense_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "has no partner"):
            self._make_card(self._fefo(), kind="production")
        with self.assertRaisesRegex(ValidationError, "always comes in last"):
            self._make_purchase_card(self._fefo(kind="fifo"))

    # -- Where lots are compared with customers ----------------------------------------

    def test_matrix_and_promise_know_who_got_what(self):
        self._card_of(self.fresh | self.hotel, self._fefo(), self._left("6D"))
        short, mid, long = self._make_lots()
        self._deliver(long)
        cards = self.env["qms.qrs"].with_user(self.seller)
        rows = cards._qms_matrix(short | mid | long, self.fresh | self.hotel)
        outcomes = [[cell.outcome for cell in row] for row in rows.values()]
        self.assertEqual(
            outcomes, [["blocked", "blocked"], ["blocked", "met"], ["met", "met"]]
        )
        action = self.fresh.with_user(self.seller).action_qms_promise()
        found = self.env["qms.qrs.finding"].search(action["domain"])
        found = found.filtered(lambda one: one.product_id == self.milk)
        by_lot = {one.lot_id.name: one.outcome for one in found}
        self.assertEqual(by_lot, {"SHORT": "blocked", "MID": "blocked", "LONG": "met"})
        action = mid.with_user(self.seller).action_qms_takers()
        found = self.env["qms.qrs.finding"].search(action["domain"])
        by_partner = {one.partner_id: one.outcome for one in found}
        self.assertEqual(by_partner, {self.fresh: "blocked", self.hotel: "met"})
        self.assertIn("LONG of before", found.filtered("why").why)

    def test_trying_a_card(self):
        self._make_lots()
        delivery = self._sell_milk(10)
        self.assertEqual(self._taken(delivery), {"SHORT": 10})
        card = self._card_of(self.fresh, self._left("6D"), self._fefo())
        action = card.action_try()
        found = self.env["qms.qrs.finding"].search([("try_id", "=", action["res_id"])])
        stock = found.filtered(lambda one: one.lot_id and not one.res_model)
        stock = stock.filtered(lambda one: one.product_id == self.milk)
        by_lot = {one.lot_id.name: one.outcome for one in stock}
        self.assertEqual(by_lot["SHORT"], "blocked")
        order = found.filtered(lambda one: one.res_model)
        self.assertTrue(order.filtered("is_failing"))

    def test_the_number_of_queries_does_not_grow(self):
        self._card_of(self.fresh | self.hotel, self._fefo(), self._percent(10))
        lots = self._make_lots()
        self._deliver(lots[1])
        few = self._count_matrix(lots[0], self.fresh)
        lots = [self._make_dated_lot(f"L{n}", n, quantity=1) for n in range(20)]
        many = self.env["stock.lot"].union(*lots)
        self.assertLessEqual(self._count_matrix(many, self.fresh | self.hotel), few + 1)

    def _count_matrix(self, lots, partners):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["qms.qrs"]._qms_matrix(lots, partners)
        return self.env.cr.sql_log_count - before
