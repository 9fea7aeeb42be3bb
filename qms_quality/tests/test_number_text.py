from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.number_text import format_number, format_quantity
from .common_disposition import DispositionCase

MANY = 1234567


@tagged("post_install", "-at_install")
class TestNumberText(DispositionCase):
    """Numbers in texts: in full, in the reader's language, without idle decimals."""

    def test_numbers(self):
        for value, least, text in (
            (0, 0, "0"),
            (6, 0, "6"),
            (MANY, 0, "1,234,567"),
            (MANY + 0.5, 0, "1,234,567.5"),
            (123456789012.1, 0, "123,456,789,012.1"),
            (0.1 + 0.2, 0, "0.3"),
            (0.3 - 0.1 - 0.2, 0, "0"),
            (-0.000001, 0, "-0.000001"),
            (5, 2, "5.00"),
            (5.125, 2, "5.125"),
            (1 / 3, 0, "0.333333333"),
            (float("inf"), 0, "inf"),
        ):
            with self.subTest(value=value, least=least):
                self.assertEqual(format_number(self.env, value, least), text)
        self.assertEqual(format_number(self.env, 100 / 3, most=2), "33.33")

    def test_quantities(self):
        """They have the decimals that goods are counted with, and no more."""
        for value, text in (
            (MANY, "1,234,567"),
            (2.50, "2.5"),
            (1 / 3, "0.33"),
            (0.3 - 0.1 - 0.2, "0"),
            (-0.001, "0"),
        ):
            with self.subTest(value=value):
                self.assertEqual(format_quantity(self.env, value), text)
        precision = self.env.ref("uom.decimal_product_uom")
        precision.digits = 3
        self.assertEqual(format_quantity(self.env, 1 / 3), "0.333")

    def test_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        german = self.env(context={"lang": "de_DE"})
        self.assertEqual(format_quantity(german, MANY + 0.5), "1.234.567,5")

    def test_texts(self):
        """Of more than a million goods, each is read."""
        case = self._lot_case(quantity=MANY)
        lot = case.lot_ids
        row = self._add(case, "scrap", MANY + 1)
        self.assertEqual(
            row.display_name, f"{case.name} · Scrap · 1,234,568 Units · {lot.name}"
        )
        with self.assertRaises(UserError) as caught:
            case.with_user(self.inspector).action_submit()
        self.assertIn(
            f"only 1,234,567 Units are in {self.stock.display_name}.",
            str(caught.exception),
        )
        with self.assertRaises(UserError) as caught:
            lot._qms_split(MANY + 1, self.stock)
        self.assertEqual(
            str(caught.exception),
            f"1,234,568 Units can't be split from {lot.name}: there are 1,234,567"
            " Units of it in this place.",
        )
        self.assertEqual(case.held_text, "1,234,567 Units")
        plan = self.env["qms.sampling.plan"].new(
            {"method": "fixed", "quantity": MANY, "basis": "received"}
        )
        self.assertIn("Takes 1,234,567 of what is received.", plan.explanation)
