from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common_dates import DatesCase

OTHERS = ("use_date", "removal_date", "alert_date")


@tagged("post_install", "-at_install")
class TestDateShift(DatesCase):
    """The other dates follow the expiration, by whatever way it is changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.template.write({"use_time": 2, "removal_time": 3, "alert_time": 5})

    def _make(self, name="S-1"):
        return self._make_dated_lot(name, 10).with_user(self.clerk)

    def _get_distances(self, lot):
        return [(lot.expiration_date - lot[name]).days for name in OTHERS]

    def test_by_write(self):
        lot = self._make()
        self.assertEqual(self._get_distances(lot), [2, 3, 5])
        lot.expiration_date += timedelta(days=100)
        self.env.flush_all()
        lot.invalidate_recordset()
        self.assertEqual(self._get_distances(lot), [2, 3, 5])
        self.assertEqual(lot.alert_date.date(), self._in(105))

    def test_quants_follow(self):
        lot = self._make()
        quant = self._stock_up(5, lot.sudo())
        lot.expiration_date += timedelta(days=100)
        self.assertEqual(quant.removal_date, lot.removal_date)
        self.assertEqual(quant.removal_date.date(), self._in(107))

    def test_by_form(self):
        lot = self._make()
        with Form(lot) as form:
            form.expiration_date = lot.expiration_date + timedelta(days=100)
        self.assertEqual(self._get_distances(lot), [2, 3, 5])

    def test_by_import(self):
        lot = self._make()
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "__import__.qms_dated", "record": lot.sudo()}]
        )
        new = lot.expiration_date + timedelta(days=30)
        res = lot.load(["id", "expiration_date"], [["__import__.qms_dated", str(new)]])
        self.assertFalse(res["messages"])
        self.assertEqual(lot.expiration_date, new)
        self.assertEqual(self._get_distances(lot), [2, 3, 5])

    def test_not_what_is_written_itself(self):
        lot = self._make()
        removal = lot.removal_date
        lot.write(
            {
                "expiration_date": lot.expiration_date + timedelta(days=100),
                "removal_date": removal,
            }
        )
        self.assertEqual(self._get_distances(lot), [2, 103, 5])

    def test_several_lots_by_what_each_has_moved(self):
        lots = self._make("S-1") + self._make("S-2")
        lots[0].removal_date -= timedelta(days=4)
        lots[1].expiration_date += timedelta(days=1)
        lots.write({"expiration_date": datetime(2035, 1, 1)})
        self.assertEqual(
            [self._get_distances(lot) for lot in lots], [[2, 7, 5], [2, 3, 5]]
        )

    def test_empty_dates_stay_empty(self):
        lot = self._make()
        lot.removal_date = False
        lot.expiration_date += timedelta(days=1)
        self.assertFalse(lot.removal_date)
        lot.expiration_date = False
        self.assertTrue(lot.use_date)

    def test_too_far(self):
        lot = self._make()
        lot.use_date = "9000-01-01 00:00:00"
        with self.assertRaises(ValidationError) as caught:
            lot.expiration_date = "9999-01-01 00:00:00"
        self.assertEqual(
            str(caught.exception),
            "S-1: a date as far off as that moves the lot's other dates out of the"
            " calendar. Write them along with it.",
        )

    def test_500_lots_cost_what_one_costs(self):
        lots = self.env["stock.lot"].create(
            [{"name": f"M-{n}", "product_id": self.milk.id} for n in range(500)]
        )
        self.env.flush_all()
        counts = []
        for some in (lots[:1], lots[1:]):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            some._qms_set_expirations(
                {
                    lot: lot.expiration_date + timedelta(days=number)
                    for number, lot in enumerate(some, 1)
                }
            )
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 5, counts)
        self.env.invalidate_all()
        self.assertEqual(self._get_distances(lots[-1]), [2, 3, 5])
