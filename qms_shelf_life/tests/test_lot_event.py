from datetime import timedelta

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_dates import DatesCase


@tagged("post_install", "-at_install")
class TestLotEvent(DatesCase):
    """Opening, thawing and heat shorten a lot's life, by the product's rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.qms_event_rule_ids = [
            Command.create({"event_type": "opened", "formula": "3D"})
        ]
        cls.lot = cls._make_dated_lot("E-1", 10, quantity=10)

    def _record(self, user, event_type="opened", lots=None, days=0):
        """Fill in the dialog and confirm it."""
        lots = (lots or self.lot).with_user(user)
        action = lots.action_qms_record_event()
        wizard = lots.env[action["res_model"]].with_context(**action["context"])
        with Form(wizard) as form:
            form.event_type = event_type
            form.date = fields.Datetime.now() - timedelta(days=days)
            form.note = "Line 2"
        form.record.action_record()
        return form

    def test_opened(self):
        self.company.qms_expiry_change = True
        form = self._record(self.clerk)
        self.assertIn("E-1: expires on", form.preview)
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(3))
        self.assertEqual(self.lot.removal_date, self.lot.expiration_date)
        event = self.lot.qms_event_ids
        self.assertEqual(event.formula, "3D")
        self.assertEqual(event.recorded_by_id, self.clerk)
        self.assertEqual(self._get_day(event.expiration_before), self._in(10))
        self.assertEqual(event.expiration_after, self.lot.expiration_date)
        self.assertEqual(self.lot.with_user(self.clerk).qms_event_count, 1)
        domain = self.lot.with_user(self.clerk).action_qms_open_events()["domain"]
        self.assertEqual(self.env["qms.lot.event"].search(domain), event)

    def test_it_is_in_the_trail(self):
        self.env.flush_all()
        self.env.cr.precommit.run()
        self._record(self.clerk)
        self.env.flush_all()
        self.env.cr.precommit.run()
        entries = self.env["qms.audit.entry"].search(
            [
                ("res_model", "=", "stock.lot"),
                ("res_id", "=", self.lot.id),
                ("event", "=", "lot_event"),
            ]
        )
        self.assertIn("expiration_date", entries.mapped("field_name"))
        self.assertEqual(set(entries.mapped("reason")), {"Opened · Line 2"})
        self.assertEqual(entries.user_id, self.clerk)

    def test_an_inspector_records_too(self):
        self._record(self.inspector)
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(3))

    def test_from_the_day_on_which_it_happened(self):
        self._record(self.clerk, days=2)
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(1))

    def test_never_lengthens(self):
        lot = self._make_dated_lot("E-2", 2)
        form = self._record(self.clerk, lots=lot)
        self.assertEqual(form.preview, "E-2: expires before anyway")
        self.assertEqual(self._get_day(lot.expiration_date), self._in(2))

    def test_without_a_rule_it_is_recorded_only(self):
        form = self._record(self.clerk, "thawed")
        self.assertEqual(form.preview, "E-1: no rule for this, its date stays")
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(10))
        self.assertFalse(self.lot.qms_event_ids.limit_date)

    def test_rule_of_the_nearest_category(self):
        above = self.env["product.category"].create(
            {
                "name": "Dairy",
                "qms_event_rule_ids": [
                    Command.create({"event_type": "opened", "formula": "9D"}),
                    Command.create({"event_type": "thawed", "formula": "5D"}),
                ],
            }
        )
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Milk", "parent_id": above.id}
        )
        self._record(self.clerk, "thawed")
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(5))
        self._record(self.clerk, "opened")
        self.assertEqual(self._get_day(self.lot.expiration_date), self._in(3))

    def test_several_lots_at_once(self):
        lots = self.lot + self._make_dated_lot("E-2", 2)
        self._record(self.clerk, lots=lots)
        self.assertEqual(len(lots.qms_event_ids), 2)

    def test_reservations_are_checked_again(self):
        date = fields.Datetime.now() + timedelta(days=5)
        delivery = self._picking("outgoing", 10, self.milk, scheduled_date=date)
        delivery.action_confirm()
        delivery.action_assign()
        self.assertTrue(delivery.move_ids.move_line_ids)
        self._record(self.clerk)
        self.assertFalse(delivery.move_ids.move_line_ids)

    def test_not_before_it_happens(self):
        with self.assertRaises(UserError) as caught:
            self._record(self.clerk, days=-1)
        self.assertEqual(
            str(caught.exception),
            "An event is recorded when it has happened, not before.",
        )

    def test_others_may_not(self):
        user = self._make_user("qms_seller", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            self.lot.with_user(user).action_qms_record_event()
        with self.assertRaises(AccessError):
            self.lot.with_user(user)._qms_record_event("opened", fields.Datetime.now())

    def test_events_are_evidence(self):
        self._record(self.clerk)
        event = self.lot.qms_event_ids
        for user in (self.clerk, self.keeper, self.env.ref("base.user_admin")):
            for call in (
                lambda e: e.write({"limit_date": False}),
                lambda e: e.unlink(),
                lambda e: e.copy(),
            ):
                with self.assertRaises(AccessError):
                    call(event.with_user(user))
        with self.assertRaises(AccessError) as caught:
            event.sudo().write({"note": "other"})
        self.assertEqual(
            str(caught.exception),
            "The events of lots are evidence: record one with the button on the lot."
            " None is changed or deleted.",
        )

    def test_lot_with_events_stays(self):
        lot = self._make_dated_lot("E-2", 9)
        self._record(self.clerk, lots=lot)
        with self.assertRaises(UserError) as caught:
            lot.unlink()
        self.assertEqual(
            str(caught.exception),
            "These lots have recorded events and can't be deleted: E-2.",
        )

    # -- Split and merge ---------------------------------------------------------------

    def test_split_keeps_dates(self):
        self.lot.qms_production_date = self._in(-3)
        self._record(self.clerk)
        child = self.lot.with_user(self.inspector)._qms_split(4, self.stock)
        for name in (
            "expiration_date",
            "use_date",
            "removal_date",
            "alert_date",
            "qms_production_date",
            "qms_sell_by_date",
        ):
            self.assertEqual(child[name], self.lot[name], name)

    def _merge(self, choice=None):
        """Merge a lot of 12 days into one of 6; return the day that is left."""
        lots = self._make_dated_lot("G-1", 6, quantity=3)
        lots += self._make_dated_lot("G-2", 12, quantity=4)
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        wizard = wizard.with_context(active_model="stock.lot", active_ids=lots.ids)
        with Form(wizard) as form:
            if choice:
                form.qms_dates = choice
        form.record.action_merge()
        self.assertEqual(lots[1].merged_lot_id, lots[0])
        self.assertEqual(lots[0].removal_date, lots[0].expiration_date)
        return self._get_day(lots[0].expiration_date)

    def test_merge_takes_the_earliest(self):
        self.company.qms_expiry_change = True
        self.assertEqual(self._merge(), self._in(6))

    def test_merge_takes_the_latest(self):
        self.company.qms_expiry_change = True
        self.template.qms_merge_dates = "latest"
        self.assertEqual(self._merge(), self._in(12))

    def test_merge_asks(self):
        self.company.qms_merge_dates = "ask"
        self.assertEqual(self._merge("latest"), self._in(12))

    def test_merge_asks_the_category_first(self):
        self.company.qms_merge_dates = "earliest"
        self.milk.categ_id = self.env["product.category"].create(
            {"name": "Milk", "qms_merge_dates": "ask"}
        )
        self.assertEqual(self._merge("earliest"), self._in(6))

    def test_merge_without_an_answer(self):
        self.template.qms_merge_dates = "ask"
        lots = self._make_dated_lot("G-1", 6) + self._make_dated_lot("G-2", 12)
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        wizard = wizard.create({"lot_ids": lots.ids, "target_lot_id": lots[0].id})
        with self.assertRaises(UserError) as caught:
            wizard.action_merge()
        self.assertEqual(
            str(caught.exception),
            "Choose whether the lot that is left keeps the earliest or the latest"
            " date.",
        )

    def test_merge_chooses_nothing_where_it_is_not_asked(self):
        """What other programs send is no right."""
        lots = self._make_dated_lot("G-1", 6) + self._make_dated_lot("G-2", 12)
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        wizard = wizard.create(
            {"lot_ids": lots.ids, "target_lot_id": lots[0].id, "qms_dates": "latest"}
        )
        wizard.action_merge()
        self.assertEqual(self._get_day(lots[0].expiration_date), self._in(6))
