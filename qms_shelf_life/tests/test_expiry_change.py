from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.models.evidence.reason_required import ReasonRequired

from .common_dates import DatesCase

REASON = "Re-test passed"


@tagged("post_install", "-at_install")
class TestExpiryChange(DatesCase):
    """Where the company says so, dates change by right and for a reason only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_expiry_change = True
        cls.lot = cls._make_dated_lot("K-1", 10, quantity=10)
        cls.env.flush_all()
        cls.env.cr.precommit.run()
        cls.new = cls.lot.expiration_date + timedelta(days=5)

    def _get_entries(self, lot=None):
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env["qms.audit.entry"].search(
            [("res_model", "=", "stock.lot"), ("res_id", "=", (lot or self.lot).id)]
        )

    def _change(self, user=None, lots=None, **vals):
        """Fill in the dialog and confirm it."""
        lots = (lots or self.lot).with_user(user or self.keeper)
        action = lots.action_qms_change_expiry()
        wizard = lots.env[action["res_model"]].with_context(**action["context"])
        with Form(wizard) as form:
            for name, value in {"reason": REASON, **vals}.items():
                form[name] = value
        form.record.action_change()
        return form

    # -- The right ---------------------------------------------------------------------

    def test_free_until_it_is_switched_on(self):
        self.company.qms_expiry_change = False
        lot = self.lot.with_user(self.clerk)
        lot.expiration_date = self.new
        self.assertEqual(self.lot.expiration_date, self.new)
        self.assertFalse(lot.qms_dates_locked)

    def test_food_switches_it_on(self):
        self.company.qms_expiry_change = False
        points = self.env["qms.starting.point"]
        points._switch_on("food")
        self.assertTrue(self.company.qms_expiry_change)
        self.assertTrue(self.lot.with_user(self.clerk).qms_dates_locked)
        self.company.qms_expiry_change = False
        self.assertEqual(points._get_missing("food"), ["Dates of Lots are Kept"])

    def test_no_right_by_any_way(self):
        lot = self.lot.with_user(self.clerk)
        self.assertTrue(lot.qms_dates_locked)
        moment = fields.Datetime.to_string(self.new)
        for vals in (
            {"expiration_date": moment},
            {"use_date": moment},
            {"removal_date": False},
            {"alert_date": moment},
            {"qms_sell_by_date": self.today},
            {"qms_production_date": self.today},
            {"expiration_date": moment, "qms_reason": REASON},
        ):
            for caller in (lot, lot.sudo(), lot.with_context(qms_reason=REASON)):
                with self.subTest(vals=vals, su=caller.env.su):
                    with self.assertRaises(AccessError) as caught:
                        caller.write(vals)
                    self.assertEqual(
                        str(caught.exception),
                        "The dates of these lots are changed by shelf-life managers"
                        " only: K-1.\nAsk one of them.",
                    )
        with self.assertRaises(AccessError):
            lot.web_save({"expiration_date": moment}, {})
        with self.assertRaises(AccessError):
            lot.action_qms_change_expiry()
        wizard = self.env["qms.expiry.change"].with_user(self.clerk)
        wizard = wizard.create(
            {"lot_ids": lot.ids, "date": self._in(50), "reason": REASON}
        )
        with self.assertRaises(AccessError):
            wizard.action_change()
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(10))

    def test_no_right_by_import(self):
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "__import__.qms_kept", "record": self.lot}]
        )
        res = self.lot.with_user(self.clerk).load(
            ["id", "expiration_date", "qms_reason"],
            [["__import__.qms_kept", str(self.new), REASON]],
        )
        self.assertFalse(res["ids"])
        self.assertIn("shelf-life managers only", res["messages"][0]["message"])

    def test_copies_on_stock_are_not_written(self):
        self.company.qms_expiry_change = False
        quant = self.lot.quant_ids.with_user(self.clerk)
        for name in ("expiration_date", "removal_date"):
            with self.assertRaises(AccessError) as caught:
                quant.write({name: fields.Datetime.to_string(self.new)})
            self.assertEqual(
                str(caught.exception),
                "The dates of stock are those of its lots: change them there.",
            )

    def test_same_values_are_no_change(self):
        lot = self.lot.with_user(self.clerk)
        moment = fields.Datetime.to_string(lot.expiration_date)
        lot.write({"expiration_date": moment, "ref": "other"})
        self.assertEqual(lot.ref, "other")

    def test_new_lots_are_dated_by_whoever_makes_them(self):
        lot = self.env["stock.lot"].with_user(self.clerk)
        lot = lot.create(
            {
                "name": "N-1",
                "product_id": self.milk.id,
                "expiration_date": self.new,
            }
        )
        self.assertEqual(lot.expiration_date, self.new)

    def test_receipts_and_splits_are_not_stopped(self):
        line = self._receive(expiration_date=self.new)
        lot = self._post(line)
        self.assertEqual(lot.expiration_date, self.new)
        child = lot.with_user(self.inspector)._qms_split(4, self.stock)
        self.assertEqual(child.expiration_date, self.new)

    # -- The reason --------------------------------------------------------------------

    def test_no_reason(self):
        lot = self.lot.with_user(self.keeper)
        self.assertFalse(lot.qms_dates_locked)
        for caller in (lot, lot.sudo(), lot.with_context(qms_reason="no")):
            with self.assertRaises(ReasonRequired) as caught:
                caller.expiration_date = self.new
            self.assertIn("mandatory for K-1.", str(caught.exception))

    def test_reason_is_in_the_trail(self):
        lot = self.lot.with_user(self.keeper).with_context(qms_reason=REASON)
        lot.expiration_date = self.new
        entries = self._get_entries().filtered("field_name")
        self.assertEqual(
            set(entries.mapped("field_name")),
            {
                "expiration_date",
                "use_date",
                "removal_date",
                "alert_date",
            },
        )
        self.assertEqual(set(entries.mapped("reason")), {REASON})
        self.assertEqual(entries.user_id, self.keeper)

    # -- The dialog --------------------------------------------------------------------

    def test_dialog_with_a_day(self):
        self._change(date=self._in(20))
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(20))
        self.assertEqual(self.lot.removal_date, self.lot.expiration_date)
        self.assertIn("change_expiry", self._get_entries().mapped("event"))

    def test_dialog_with_a_period_for_several(self):
        other = self._make_dated_lot("K-2", 12)
        form = self._change(lots=self.lot + other, mode="formula", formula="-5d")
        self.assertEqual(len(form.preview.splitlines()), 2)
        days = [self._get_day(lot.expiration_date) for lot in self.lot + other]
        self.assertEqual(days, [self._in(5), self._in(7)])

    def test_dialog_without_a_date_to_count_from(self):
        other = self._make_dated_lot("K-2", 12)
        other.with_context(qms_reason=REASON).expiration_date = False
        with self.assertRaises(UserError) as caught:
            self._change(lots=self.lot + other, mode="formula", formula="5D")
        self.assertEqual(
            str(caught.exception),
            "Give a day on which these lots expire; a period counts only for lots that"
            " have an expiration date: K-2.",
        )

    def test_dialog_with_too_short_a_reason(self):
        with self.assertRaises(ReasonRequired):
            self._change(date=self._in(20), reason="ok")

    def test_dialog_for_goods_without_dates(self):
        lot = self._make_lot("U-1")
        with self.assertRaises(UserError) as caught:
            lot.with_user(self.keeper).action_qms_change_expiry()
        self.assertEqual(
            str(caught.exception),
            "These lots have no expiration date, nor does their product use any: U-1.\n"
            "Tick Expiration Date on the product first.",
        )

    def test_dialog_is_free_where_nothing_is_guarded(self):
        self.company.qms_expiry_change = False
        self._change(user=self.clerk, date=self._in(20))
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(20))

    # -- Reservations ------------------------------------------------------------------

    def test_reservation_is_lost_and_found(self):
        """The earlier lot passes its removal date: the other one is taken."""
        other = self._make_dated_lot("K-2", 20, quantity=10)
        date = fields.Datetime.now() + timedelta(days=3)
        delivery = self._picking(
            "outgoing", 10, self.milk, user_id=self.manager.id, scheduled_date=date
        )
        delivery.action_confirm()
        delivery.action_assign()
        taken = delivery.move_ids.move_line_ids.lot_id
        self._change(lots=taken, date=self._in(2))
        self.assertEqual(
            delivery.move_ids.move_line_ids.lot_id, self.lot + other - taken
        )
        activity = taken.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertIn(delivery.name, activity.note)
        self.assertEqual(activity.summary, "Dates of reserved goods were changed")

    def test_reservation_waits_for_a_later_date(self):
        self._change(date=self._in(2))
        date = fields.Datetime.now() + timedelta(days=3)
        delivery = self._picking("outgoing", 10, self.milk, scheduled_date=date)
        delivery.action_confirm()
        delivery.action_assign()
        self.assertFalse(delivery.move_ids.move_line_ids)
        self._change(date=self._in(9))
        self.assertEqual(delivery.move_ids.quantity, 10)

    def test_reservation_that_is_still_fit_stays(self):
        delivery = self._picking("outgoing", 10, self.milk)
        delivery.action_confirm()
        delivery.action_assign()
        line = delivery.move_ids.move_line_ids
        self._change(date=self._in(5))
        self.assertEqual(delivery.move_ids.move_line_ids, line)
