"""Which dates block goods, ready for SQL."""

from typing import NamedTuple

from odoo.tools import SQL


class DateBlock(NamedTuple):
    """Which dates block some products somewhere.

    What expires before ``limit`` is blocked, except the lots ``released`` that expire
    not before ``expired``; what has no date is blocked where ``missing``.
    """

    limit: object
    expired: object
    missing: bool
    released: tuple

    def to_sql(self, alias):
        """Return the SQL, never NULL, of whether quants ``alias`` are blocked."""
        date = SQL.identifier(alias, "expiration_date")
        if self.limit is None:
            # only a missing date blocks
            return SQL("%s IS NULL", date)
        if not self.released or self.limit == self.expired:
            return SQL("COALESCE(%s < %s, %s)", date, self.limit, self.missing)
        return SQL(
            "(COALESCE(%(date)s < %(limit)s, %(missing)s)"
            " AND (%(lot)s IN %(released)s AND %(date)s >= %(expired)s) IS NOT TRUE)",
            date=date,
            limit=self.limit,
            missing=self.missing,
            lot=SQL.identifier(alias, "lot_id"),
            released=self.released,
            expired=self.expired,
        )
