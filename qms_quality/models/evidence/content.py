from hashlib import sha256
from typing import NamedTuple

from odoo import fields
from odoo.tools import float_repr, format_date, format_datetime

from ..number_text import format_number

# Digits that a number is compared with: more than any unit is measured in.
PRECISION = 9


class ContentLine(NamedTuple):
    """One line of what is signed or approved.

    ``value`` is plain JSON (ids, numbers, texts) and is what the hash covers, so that
    the language of a reader never breaks a signature. ``text`` is what people read.
    """

    name: str
    label: str
    value: object
    text: str


def field_line(record, name):
    """Return the line of a field.

    :param record: one record
    :param str name: name of one of its fields
    """
    label = record._fields[name]._description_string(record.env)
    text = readable_value(record, name)
    return ContentLine(name, label, raw_value(record, name), text)


def raw_value(record, name):
    """Return the value of a field as JSON: the same for everyone who looks."""
    field, value = record._fields[name], record[name]
    if field.relational:
        return value.ids
    if value is False or value is None:
        return None
    if field.type in ("float", "monetary"):
        return float_repr(value, PRECISION)
    if field.type == "datetime":
        return fields.Datetime.to_string(value)
    if field.type == "date":
        return fields.Date.to_string(value)
    if field.type == "binary":
        return sha256(value).hexdigest()
    return value


def readable_value(record, name):
    """Return the value of a field as the person who looks reads it."""
    env, field, value = record.env, record._fields[name], record[name]
    if field.relational:
        return ", ".join(value.mapped("display_name"))
    if field.type == "selection":
        return dict(field._description_selection(env)).get(value, "")
    if field.type == "datetime":
        return format_datetime(env, value)
    if field.type == "date":
        return format_date(env, value)
    if field.type == "boolean":
        return env._("Yes") if value else env._("No")
    if field.type == "float" and value is not False:
        return format_number(env, value)
    return str(value) if value is not False else ""
