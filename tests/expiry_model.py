"""What dates should refuse, worked out without the addons: plain days of a calendar."""

from datetime import UTC, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

# How close a rule's target is to the goods: the product itself before the nearest
# category, before the warehouse, before everything.
NEARNESS = {"all": 0, "warehouse": 1, "parent": 2, "category": 3, "product": 4}


class Rule(NamedTuple):
    """A rule, or the company's settings: what each type of movement may not take."""

    target: str
    days: int
    levels: dict
    missing: str
    judged: frozenset


def day_of(moment, zone):
    """Return the day of a moment in UTC on a calendar on the wall."""
    return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date()


def midnight(day, zone):
    """Return the moment in UTC at which a day begins on a calendar on the wall."""
    start = datetime.combine(day, time.min, ZoneInfo(zone))
    return start.astimezone(UTC).replace(tzinfo=None)


def choose(rules, settings, has_shelf_life, is_own_warehouse):
    """Return what counts in a warehouse, None where dates say nothing."""
    fitting = [rule for rule in rules if is_own_warehouse or rule.target != "warehouse"]
    found = max(fitting, key=lambda rule: NEARNESS[rule.target], default=settings)
    if not has_shelf_life and found.target != "product":
        return None
    return found


def is_blocked(expiry, day, zone, rule, types, released):
    """Tell whether goods that expire at a moment may not be used on a day.

    :param types: all of which must allow the goods
    """
    if rule is None:
        return False
    if expiry is None:
        return rule.missing == "block" and not rule.judged.isdisjoint(types)
    levels = {rule.levels.get(name, "allow") for name in types}
    last = day_of(expiry, zone)
    if last < day:
        return levels != {"allow"}
    if "days" not in levels or not rule.days or released:
        return False
    return day >= last - timedelta(days=rule.days)
