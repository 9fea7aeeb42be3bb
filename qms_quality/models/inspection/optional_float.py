from odoo import fields


class OptionalFloat(fields.Float):
    """A float that tells nothing from zero: nothing is ``False``, zero is ``0.0``.

    Odoo's own float reads an empty column as 0. A reading of 0 is a reading, and a
    lower limit of 0 is a limit. Ask with ``value is False``, since ``0.0 == False``.
    """

    falsy_value = None

    @staticmethod
    def _is_nothing(value):
        return value is None or value is False or value == ""

    def convert_to_column(self, value, record, values=None, validate=True):
        if self._is_nothing(value):
            return None
        return super().convert_to_column(value, record, values, validate)

    def convert_to_cache(self, value, record, validate=True):
        if self._is_nothing(value):
            return None
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        return False if value is None else value

    def convert_to_export(self, value, record):
        return "" if self._is_nothing(value) else value
