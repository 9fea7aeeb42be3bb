from base64 import b64decode
from binascii import Error as Base64Error
from datetime import date, datetime
from re import sub

from odoo import models
from odoo.exceptions import UserError
from odoo.tools.misc import get_lang

from ..test_kinds import VALUE_FIELDS
from .number_text import AmbiguousNumber, NotANumber, parse_number, to_finite


class QmsQualityOrderTest(models.Model):
    """What a value that a person or a program sends means to a test."""

    _inherit = "qms.quality.order.test"

    def _prepare_reading(self, value):
        """Return the values of a reading that says ``value``.

        :param value: see :meth:`QmsQualityOrder.record_readings`
        :raise UserError: says what the test takes
        """
        self.ensure_one()
        field = VALUE_FIELDS[self.test_type]
        if isinstance(value, str):
            value = value.strip()
        # 0 is a value
        if value is None or value is False or value == "":
            return {field: False}
        return {field: getattr(self, f"_parse_{field}")(value)}

    def _refuse_value(self, value):
        """Refuse a value that the test doesn't take.

        :raise UserError: says what it takes
        """
        text = str(value)
        raise UserError(
            self.env._(
                "%(test)s takes %(what)s, not “%(value)s”",
                test=self.name,
                what=self._get_expected_text(),
                value=f"{text[:40]}…" if len(text) > 40 else text,
            )
        )

    def _get_expected_text(self):
        result = self.env["qms.quality.order.result"]
        if self.test_type == "qualitative":
            names = self.variable_id.outcome_ids.mapped("name")
            return self.env._("one of: %s", ", ".join(names))
        if self.test_type == "date":
            return self.env._("a date such as 2026-11-30")
        return result.new({"test_line_id": self.id})._get_expected_text()

    # -- By field ----------------------------------------------------------------------

    def _parse_value(self, value):
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        try:
            if isinstance(value, str):
                return parse_number(value, self._get_decimal_point())
            return to_finite(value) if is_number else self._refuse_value(value)
        except AmbiguousNumber as error:
            return self._refuse_ambiguous(error.args[0])
        except NotANumber:
            return self._refuse_value(value)

    def _refuse_ambiguous(self, text):
        point = self._get_decimal_point()
        raise UserError(
            self.env._(
                "“%(value)s” may be %(thousands)s or %(decimals)s: write it without a"
                " separator of thousands, and decimals after “%(point)s”",
                value=text,
                thousands=sub("[.,]", "", text),
                decimals=sub("[.,]", point, text),
                point=point,
            )
        )

    def _get_decimal_point(self):
        # a hint about how a text is written; it gives no right
        point = self.env.context.get("qms_decimal_point")
        return point if point in (".", ",") else get_lang(self.env).decimal_point

    def _parse_outcome(self, value):
        field = self.env["qms.quality.order.result"]._fields["outcome"]
        words = {"pass": "pass", "passed": "pass", "fail": "fail", "failed": "fail"}
        for key, label in field._description_selection(self.env):
            words[label.casefold()] = key
        word = words.get(value.casefold()) if isinstance(value, str) else None
        return word or self._refuse_value(value)

    def _parse_outcome_id(self, value):
        outcomes = self.variable_id.outcome_ids
        if isinstance(value, str):
            wanted = value.casefold()
            found = outcomes.filtered(lambda one: one.name.casefold() == wanted)
            if not found:
                source = outcomes.with_context(lang="en_US")
                found = source.filtered(lambda one: one.name.casefold() == wanted)
        else:
            is_id = isinstance(value, int) and not isinstance(value, bool)
            found = outcomes.filtered(lambda one: is_id and one.id == value)
        return found.id if len(found) == 1 else self._refuse_value(value)

    def _parse_text_value(self, value):
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return value if isinstance(value, str) else self._refuse_value(value)

    def _parse_date_value(self, value):
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        formats = ("%Y-%m-%d", get_lang(self.env).date_format)
        for pattern in formats if isinstance(value, str) else ():
            try:
                return datetime.strptime(value, pattern).date()
            except ValueError:
                continue
        return self._refuse_value(value)

    def _parse_picture(self, value):
        try:
            is_picture = isinstance(value, str) and b64decode(value, validate=True)
        except (Base64Error, ValueError):
            is_picture = False
        return value if is_picture else self._refuse_value(value)
