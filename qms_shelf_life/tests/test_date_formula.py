from datetime import date

from odoo.tests import BaseCase, tagged

from odoo.addons.qms_shelf_life.models.dates.date_formula import DateFormula

EXAMPLES = [
    ("30D", date(2025, 1, 31), date(2025, 3, 2)),
    ("2W", date(2025, 1, 31), date(2025, 2, 14)),
    ("1M", date(2025, 1, 31), date(2025, 2, 28)),
    ("6M", date(2023, 8, 31), date(2024, 2, 29)),
    ("1Y-5D", date(2024, 2, 29), date(2025, 2, 23)),
    ("CM+10D", date(2025, 1, 31), date(2025, 2, 10)),
    ("CM+10D", date(2025, 2, 1), date(2025, 3, 10)),
    ("-CM", date(2025, 2, 17), date(2025, 2, 1)),
    ("CW", date(2025, 2, 17), date(2025, 2, 23)),
    ("CQ+1M", date(2025, 2, 17), date(2025, 4, 30)),
    ("CY", date(2025, 2, 17), date(2025, 12, 31)),
    ("D31", date(2025, 1, 31), date(2025, 3, 31)),
    ("-D31", date(2025, 2, 1), date(2025, 1, 31)),
    ("WD1", date(2025, 2, 17), date(2025, 2, 24)),
    ("-WD7", date(2025, 2, 17), date(2025, 2, 16)),
    (" 1m + 2 d ", date(2025, 2, 17), date(2025, 3, 19)),
]
WRONG = ["", "D", "30", "30X", "1M2D", "+", "1M--2D", "D0", "D32", "WD8", "C", "١D"]


@tagged("post_install", "-at_install")
class TestDateFormula(BaseCase):
    """Periods by the calendar, as Business Central counts them."""

    def test_examples(self):
        for text, start, end in EXAMPLES:
            with self.subTest(text=text, start=start):
                self.assertEqual(DateFormula(text).after(start), end)

    def test_wrong_ones_are_refused(self):
        for text in WRONG:
            with self.subTest(text=text), self.assertRaises(ValueError):
                DateFormula(text)

    def test_outside_the_calendar(self):
        for text in ("99999Y", "-9999Y"):
            with self.subTest(text=text), self.assertRaises(OverflowError):
                DateFormula(text).after(date(2025, 1, 1))
