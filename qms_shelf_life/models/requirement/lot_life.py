"""The days of lots that requirements ask about, read together for all goods."""

from .clocks import get_clock
from .shelf_life_rule import Life

# What of lots is read at once.
FIELDS = ["expiration_date", "qms_production_date"]


def get_life(facts, goods):
    """Return the :class:`Life` of a lot, in the calendar of where it is."""
    lot = goods.lot.sudo()
    if lot.id:
        # one query for all lots; a new one that is being typed has its values
        facts.remember("lots", _read_lots)
    clock = get_clock(facts, goods.location)
    production = lot.qms_production_date or None
    return Life(
        expiry=lot._qms_get_expiry_day(clock.warehouse) or None,
        start=production or get_arrival_day(facts, goods),
        production=production,
    )


def get_arrival_day(facts, goods):
    """Return the day on which a lot first came in; the day of posting if it hasn't."""
    clock = get_clock(facts, goods.location)
    arrived = facts.remember("arrivals", _read_arrivals).get(goods.lot.id)
    return clock.warehouse._qms_get_day(arrived) if arrived else clock.day


def _read_lots(facts):
    facts.lots.browse(facts.lots.ids).fetch(FIELDS)
    return True


def _read_arrivals(facts):
    # sudo: when goods came in doesn't depend on who asks
    lines = facts.env["stock.move.line"].sudo()
    return lines._qms_get_first_arrivals(facts.lots)
