from datetime import date
from math import isclose, isfinite

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools.misc import format_date

from ...number_text import format_number
from .attribute import NUMBERS

# An average has endless decimals, a figure that somebody entered has not.
_MORE_DECIMALS = 2


class QmsAttribute(models.Model):
    """Which values an attribute takes, and how people read them."""

    _inherit = "qms.attribute"

    # -- Checking ----------------------------------------------------------------------

    def _qms_check_value(self, value):
        """Return a value as it is kept.

        :param value: str, int, float, bool, ``date``, ``qms.attribute.option`` or
            ``res.country``, as the attribute's type asks for
        :return: the same; numbers as float, texts without spaces around them
        :raise ValidationError: names the attribute, the value and what is allowed
        """
        self.ensure_one()
        if isinstance(value, str):
            value = value.strip()
        if not getattr(self, f"_is_{self.type}")(value):
            self._refuse_value(value)
        return float(value) if self.type in NUMBERS else value

    def _qms_takes(self, value):
        """Tell whether a value is allowed."""
        try:
            self._qms_check_value(value)
        except ValidationError:
            return False
        return True

    def _is_text(self, value):
        return isinstance(value, str) and bool(value)

    def _is_integer(self, value):
        return self._is_decimal(value) and float(value).is_integer()

    def _is_decimal(self, value):
        return self._is_number(value) and self._is_in_range(value)

    def _is_number(self, value):
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and isfinite(value)

    def _is_in_range(self, value):
        if not self.has_range or self.minimum <= value <= self.maximum:
            return True
        # a conversion leaves noise: 4100 g are 4.1000000000000005 kg
        limits = (self.minimum, self.maximum)
        return any(isclose(value, limit, rel_tol=1e-9) for limit in limits)

    def _is_date(self, value):
        # a datetime is a date to Python, not here
        return type(value) is date

    def _is_boolean(self, value):
        return isinstance(value, bool)

    def _is_option(self, value):
        is_option = self._is_record(value, "qms.attribute.option")
        return is_option and value.attribute_id == self

    def _is_country(self, value):
        return self._is_record(value, "res.country")

    @staticmethod
    def _is_record(value, model):
        is_record = isinstance(value, models.BaseModel)
        return is_record and value._name == model and len(value) == 1

    def _refuse_value(self, value):
        text = self._get_value_text(value)
        if not text:
            raise ValidationError(
                self.env._(
                    "%(attribute)s has no value. Enter %(allowed)s.",
                    attribute=self.name,
                    allowed=self._qms_get_allowed_text(),
                )
            )
        raise ValidationError(
            self.env._(
                "%(attribute)s can't be “%(value)s”. Enter %(allowed)s.",
                attribute=self.name,
                value=text,
                allowed=self._qms_get_allowed_text(),
            )
        )

    def _qms_get_allowed_text(self):
        """Return what values are allowed, for people: ``a number from 0 to 20 %``."""
        self.ensure_one()
        if self.type == "option":
            names = ", ".join(self.option_ids.mapped("name"))
            return self.env._("one of: %s", names)
        texts = {
            "text": self.env._("a text"),
            "integer": self.env._("a whole number"),
            "decimal": self.env._("a number"),
            "date": self.env._("a date"),
            "boolean": self.env._("Yes or No"),
            "country": self.env._("a country"),
        }
        if self.type not in NUMBERS or not self.has_range:
            return texts[self.type]
        return self.env._(
            "%(number)s from %(minimum)s to %(maximum)s",
            number=texts[self.type],
            minimum=self._format_number(self.minimum),
            maximum=self._qms_format(self.maximum),
        )

    def _qms_find_value(self, text):
        """Return the value that a text names: an option, a country, or the text itself.

        :param str text: a name in the user's language or in English; of a country its
            code as well
        :return: nothing where there is no such value
        """
        self.ensure_one()
        text = (text or "").strip()
        if self.type == "option":
            return self.option_ids._find_named(text)
        if self.type == "country":
            return self._find_country(text)
        return text

    def _find_country(self, text):
        countries = self.env["res.country"]
        domain = ["|", ("name", "=ilike", text), ("code", "=ilike", text)]
        return countries.search(domain, limit=1) or (
            countries.with_context(lang="en_US").search(domain, limit=1)
        ).with_env(self.env)

    # -- For people --------------------------------------------------------------------

    def _qms_format(self, value):
        """Return a value of this attribute as people read it, with its unit.

        :param value: as :meth:`_qms_check_value` returns it
        :return str: in the language of the environment
        """
        self.ensure_one()
        text = self._get_value_text(value)
        if self.type in NUMBERS and self.uom_id:
            return f"{text} {self.uom_id.name}"
        return text

    def _get_value_text(self, value):
        """Return any value as text, also one that this attribute doesn't take."""
        if isinstance(value, models.BaseModel):
            return ", ".join(value.mapped("display_name"))
        if self.type == "boolean" and isinstance(value, bool):
            return self.env._("Yes") if value else self.env._("No")
        if self._is_number(value):
            return self._format_number(value)
        if isinstance(value, date):
            return format_date(self.env, value)
        return "" if value is None or value is False else str(value)

    def _format_number(self, value):
        """Return a number with as many decimals as it has, but no endless ones."""
        return format_number(self.env, value, most=self.decimals + _MORE_DECIMALS)
