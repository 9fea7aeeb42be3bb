"""Random periods and zones, against an independent calendar."""

from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo

import hypothesis.strategies as st
from hypothesis import example, given, seed, settings

from odoo.tests import BaseCase, TransactionCase, tagged

from odoo.addons.qms_shelf_life.models.dates.date_formula import DateFormula

from . import calendar_model
from .timecap import rounds

SECONDS = 5
PERIODS = st.sampled_from("DWMQY")
SIGNS = st.sampled_from([1, -1])
TERMS = st.one_of(
    st.tuples(SIGNS, PERIODS, st.integers(0, 40)),
    st.tuples(SIGNS, PERIODS.map("C{}".format), st.just(0)),
    st.tuples(SIGNS, st.just("WD"), st.integers(1, 7)),
    st.tuples(SIGNS, st.just("day"), st.integers(1, 31)),
)
FORMULAS = st.lists(TERMS, min_size=1, max_size=4)
# ends of months and leap years oftener than chance has them
EDGES = st.sampled_from(
    [
        date(y, m, d)
        for y in (1900, 1999, 2000, 2024, 2025, 2100)
        for m, d in ((1, 31), (2, 28), (3, 1), (4, 30), (12, 31), (1, 1))
    ]
    + [date(2000, 2, 29), date(2024, 2, 29)]
)
DAYS = st.one_of(EDGES, st.dates(date(1800, 1, 1), date(2300, 12, 31)))
ZONES = (
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Havana",
    "America/Los_Angeles",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Asia/Tehran",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Chatham",
    "Pacific/Honolulu",
    "Pacific/Kiritimati",
    "UTC",
)
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31))


@tagged("standard", "post_install", "-at_install")
class TestDateFormulaProperty(BaseCase):
    """Periods lead where counting days by a calendar leads."""

    def _run(self, check):
        check = settings(max_examples=200, deadline=None)(check)
        for number in rounds(SECONDS):
            seed(number)(check)()

    def test_every_period(self):
        @given(FORMULAS, DAYS)
        @example([(1, "M", 1)], date(2025, 1, 31))
        @example([(1, "CM", 0), (1, "D", 10)], date(2024, 2, 29))
        @example([(-1, "Y", 1)], date(2024, 2, 29))
        @example([(1, "day", 31)], date(2025, 1, 31))
        def check(terms, day):
            formula = DateFormula(calendar_model.write(terms))
            start = (day.year, day.month, day.day)
            for move, backwards in ((formula.after, False), (formula.before, True)):
                found = move(day)
                self.assertEqual(
                    (found.year, found.month, found.day),
                    calendar_model.move(start, terms, backwards),
                    f"{formula} {'before' if backwards else 'after'} {day}",
                )

        self._run(check)

    def test_blanks_and_small_letters(self):
        @given(FORMULAS, st.randoms(use_true_random=False))
        def check(terms, random):
            text = calendar_model.write(terms)
            typed = "".join(
                random.choice(["", " ", "  "]) + random.choice([one, one.lower()])
                for one in text
            )
            self.assertEqual(str(DateFormula(typed)), text)

        self._run(check)

    def test_anything_else_is_refused(self):
        """Any text is a formula or refused: nothing else ever comes out."""

        @given(
            st.one_of(st.text(max_size=12), st.text("0123456789DWMQYC+- ", max_size=9))
        )
        def check(text):
            try:
                formula = DateFormula(text)
            except ValueError:
                return
            self.assertEqual(DateFormula(str(formula)).terms, formula.terms)
            for move in (formula.after, formula.before):
                try:
                    self.assertIsInstance(move(date(2025, 1, 31)), date)
                except OverflowError as error:
                    self.assertEqual(str(error), str(formula))

        self._run(check)

    def test_days_and_weeks_are_inverse_and_months_are_not(self):
        @given(st.integers(0, 400), st.sampled_from("DW"), DAYS)
        def check(count, unit, day):
            formula = DateFormula(f"{count}{unit}")
            self.assertEqual(formula.before(formula.after(day)), day)

        self._run(check)
        month = DateFormula("1M")
        self.assertEqual(month.before(date(2025, 2, 28)), date(2025, 1, 28))
        self.assertEqual(month.after(date(2025, 1, 31)), date(2025, 2, 28))


@tagged("standard", "post_install", "-at_install")
class TestCalendarProperty(TransactionCase):
    """A warehouse's days begin and end where its clocks say so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls.env["stock.warehouse"].search([], limit=1)

    def _check(self, check):
        """Run a check in every zone, without asking the database for it each time."""
        check = settings(max_examples=100, deadline=None)(seed(0)(check))
        for name in ZONES:
            zone = ZoneInfo(name)
            with (
                self.subTest(zone=name),
                patch.object(
                    type(self.warehouse), "_qms_get_zone_info", lambda self, z=zone: z
                ),
            ):
                check()

    def _get_offset(self, moment):
        """Return how far the clocks are from UTC at a moment in UTC."""
        zone = self.warehouse._qms_get_zone_info()
        return moment.replace(tzinfo=UTC).astimezone(zone).utcoffset()

    def test_day_of_a_moment(self):
        @given(MOMENTS)
        def check(moment):
            local = moment + self._get_offset(moment)
            self.assertEqual(self.warehouse._qms_get_day(moment), local.date())

        self._check(check)

    def test_start_of_a_day(self):
        """It belongs to that day (or to the next that there is), the moment before not.

        Apia had no 30 December 2011, and Santiago's clocks skip midnight in spring.
        """

        @given(st.dates(date(2000, 1, 1), date(2037, 12, 30)))
        @example(date(2011, 12, 30))
        @example(date(2026, 9, 6))
        @example(date(2026, 3, 29))
        def check(day):
            start = self.warehouse._qms_get_day_start(day)
            self.assertGreaterEqual(self.warehouse._qms_get_day(start), day)
            before = self.warehouse._qms_get_day(start - timedelta(seconds=1))
            self.assertLess(before, day)

        self._check(check)

    def test_moment_of_expiry(self):
        """It is in its day, here and in UTC, and nothing later is in both."""

        @given(st.dates(date(2012, 1, 1), date(2037, 12, 30)))
        @example(date(2026, 4, 4))
        @example(date(2026, 9, 5))
        def check(day):
            moment = self.warehouse._qms_get_expiry_moment(day)
            self.assertEqual(self.warehouse._qms_get_day(moment), day)
            self.assertEqual(moment.date(), day)
            later = moment + timedelta(seconds=1)
            self.assertGreater(
                max(self.warehouse._qms_get_day(later), later.date()), day
            )

        self._check(check)
