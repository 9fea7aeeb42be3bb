"""What dates should refuse, worked out without the addons: plain days of a calendar."""

from datetime import UTC, timedelta
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


def choose(rules, settings, has_shelf_life):
    """Return what counts, None where dates say nothing."""
    found = max(rules, key=lambda rule: NEARNESS[rule.target], default=settings)
    if not has_shelf_life and found.target != "product":
        return None
    return found


def is_blocked(expiry, day, zone, rule, type_, released):
    """Tell whether goods that expire at a moment may not be used on a day."""
    if rule is None:
        return False
    if expiry is None:
        return rule.missing == "block" and type_ in rule.judged
    level = rule.levels.get(type_, "allow")
    if level == "allow":
        return False
    last = day_of(expiry, zone)
    if last < day:
        return True
    if level != "days" or not rule.days or released:
        return False
    return day >= last - timedelta(days=rule.days)
