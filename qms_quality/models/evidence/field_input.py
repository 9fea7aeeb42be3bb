"""What other programs send as the value of a field, before it is tried."""

from datetime import date
from math import isfinite
from numbers import Number

from odoo import fields
from odoo.models import BaseModel

MAX_ID = 2**31 - 1
# How many parts a command of a list has, and what its last part is.
COMMANDS = {
    0: (3, dict),
    1: (3, dict),
    2: (2, int),
    3: (2, int),
    4: (2, int),
    5: (1, int),
    6: (3, list),
}


def is_number(value):
    """Tell whether a value is a finite number, or a text that plainly says one."""
    if not isinstance(value, (Number, str)):
        return False
    try:
        return isfinite(float(value))
    except (ValueError, OverflowError, TypeError):
        return False


def is_integer(value):
    """Tell whether a value is a whole number that the database can keep."""
    return is_number(value) and abs(float(value)) <= MAX_ID and not float(value) % 1


def is_text(value):
    """Tell whether a value is a text that the database can keep, or a number."""
    if isinstance(value, Number):
        return True
    if not isinstance(value, str) or "\0" in value:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def is_id(value):
    """Tell whether a value can be the id of a record."""
    if isinstance(value, BaseModel):
        return True
    return type(value) is int and 0 < value <= MAX_ID


def is_list(value):
    """Tell whether a value is a list of ids, or of commands for one."""
    if isinstance(value, BaseModel):
        return True
    return isinstance(value, (list, tuple)) and all(
        is_id(one) or _is_command(one) for one in value
    )


def _is_command(value):
    if not isinstance(value, (list, tuple)) or not value:
        return False
    code = value[0]
    if isinstance(code, bool) or not isinstance(code, int) or code not in COMMANDS:
        return False
    length, kind = COMMANDS[code]
    if len(value) < length or (length > 1 and code and code < 5 and not _is_row(value)):
        return False
    last = value[length - 1]
    if kind is list:
        return isinstance(last, (list, tuple)) and all(is_id(one) for one in last)
    return isinstance(last, kind)


def _is_row(command):
    # a form names a row that isn't saved yet by a text
    return is_id(command[1]) or isinstance(command[1], str)


def is_date(value):
    """Tell whether a value is a date, or a text as Odoo writes one."""
    return isinstance(value, date) or _is_read_by(fields.Date.to_date, value)


def is_datetime(value):
    """Tell whether a value is a date with its time, or a text as Odoo writes one."""
    return isinstance(value, date) or _is_read_by(fields.Datetime.to_datetime, value)


def _is_read_by(read, value):
    if not isinstance(value, str):
        return False
    try:
        read(value)
    except ValueError:
        return False
    return True


CHECKS = {
    "char": is_text,
    "text": is_text,
    "html": is_text,
    "float": is_number,
    "monetary": is_number,
    "integer": is_integer,
    "many2one_reference": is_integer,
    "many2one": is_id,
    "one2many": is_list,
    "many2many": is_list,
    "date": is_date,
    "datetime": is_datetime,
}
