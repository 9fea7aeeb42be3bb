"""Timetables as plain values: what the copy of a quality plan keeps of them."""

from datetime import UTC, timedelta
from typing import NamedTuple


class Interval(NamedTuple):
    """The time that leads to one inspection again."""

    days: int
    hours: int
    minutes: int

    def get_length(self):
        return timedelta(days=self.days, hours=self.hours, minutes=self.minutes)

    def add(self, date, zone, times=1):
        """Return ``date`` with this interval added, both in UTC without a time zone.

        :param zone: time zone in which days are counted
        :param int times: how often
        """
        local = date.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        local += timedelta(days=self.days * times)
        date = local.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)
        return date + timedelta(hours=self.hours, minutes=self.minutes) * times


class Timetable(NamedTuple):
    """When lots are inspected again, when that is late, and what is tested then.

    The first interval leads to the first inspection again, the second to the second;
    the last one goes on for ever.
    """

    intervals: tuple
    late_hold: bool
    late_days: int
    test_group_ids: tuple

    @classmethod
    def load(cls, values):
        """Return a timetable from its values as the copy of a plan keeps them."""
        return cls(
            tuple(Interval(*one) for one in values["intervals"]),
            values["late_hold"],
            values["late_days"],
            tuple(values["test_group_ids"]),
        )

    def _get_interval(self, number):
        """Return the interval before the inspection of a number, the first being 1."""
        return self.intervals[min(number, len(self.intervals)) - 1]

    def get_next(self, date, number, zone):
        """Return the date of an inspection, counted from the one before it.

        :param datetime date: of the one before it
        :param int number: of the inspection, the first being 1
        :param zone: time zone in which days are counted
        """
        return self._get_interval(number).add(date, zone)

    def get_next_since(self, start, number, zone, after):
        """Return number and date of the first inspection after a moment.

        The intervals are added up: the third inspection is after the first three.

        :param datetime start: what the first interval is counted from
        :param int number: the lowest number that the inspection can have
        :param zone: time zone in which days are counted
        :param datetime after: the moment; what was due before it is left out
        """
        date, reached = start, 0
        while reached < number or date <= after:
            interval, steps = self._get_interval(reached + 1), 1
            if reached + 1 >= max(number, len(self.intervals)):
                # years of short intervals in one step
                steps = max((after - date) // interval.get_length(), 1)
            date = interval.add(date, zone, steps)
            reached += steps
        return reached, date
