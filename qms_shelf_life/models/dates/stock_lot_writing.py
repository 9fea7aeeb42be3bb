from odoo import models
from odoo.exceptions import ValidationError

from .stock_lot import CORE_DATES, DATES

SHIFTED = ("use_date", "removal_date", "alert_date")


class StockLot(models.Model):
    """Dates follow the expiration, by whatever way it is changed."""

    _inherit = "stock.lot"

    def write(self, vals):
        if DATES.isdisjoint(vals):
            return super().write(vals)
        self._qms_check_date_change(vals)
        before = self._qms_get_core_dates()
        res = super().write(vals)
        self._qms_follow_production_date(vals)
        self._qms_keep_rule_date(before)
        self._qms_follow_expiration(before, set(vals))
        return res

    def _qms_set_expirations(self, dates):
        """Let lots expire at other moments, each at its own, whoever asks for it.

        The caller has checked the rights. The number of queries doesn't grow with
        the number of lots.

        :param dict dates: ``{stock.lot: datetime or False}``
        """
        lots = self.browse().union(*dates)
        before = lots._qms_get_core_dates()
        lots._qms_put({lot: {"expiration_date": dates[lot]} for lot in lots})
        lots._qms_keep_rule_date(before)
        lots._qms_follow_expiration(before, {"expiration_date"})

    def _qms_put(self, values):
        """Write values that differ from record to record, as a compute method does.

        :param dict values: ``{stock.lot: {field name: value}}``, of the same fields
        """
        names = {name for vals in values.values() for name in vals}
        if not names:
            return
        lots = self.browse(lot.id for lot in values)
        lots._qms_follow(names & self._qms_audit_names())
        fields = [self._fields[name] for name in names]
        # what waits to be computed would undo it
        for field in fields:
            self.env.remove_to_compute(field, lots)
        with self.env.protecting(fields, lots):
            for lot in lots:
                lot.update(values[lot])
        lots.modified(names)

    def _qms_get_core_dates(self):
        return {lot: {name: lot[name] for name in CORE_DATES} for lot in self}

    def _qms_follow_production_date(self, vals):
        """Let lots whose period counts from production expire accordingly."""
        if "qms_production_date" not in vals or "expiration_date" in vals:
            return
        counting = self.filtered(lambda lot: lot._qms_counts_from_production())
        dates = {lot: lot._qms_get_first_expiration() for lot in counting}
        self._qms_put(
            {
                lot: {"expiration_date": lot._qms_limit(date)}
                for lot, date in dates.items()
            }
        )

    def _qms_keep_rule_date(self, before):
        """Keep what was decided about produced lots: ingredients may only shorten it.

        :param dict before: as for :meth:`_qms_follow_expiration`
        """
        self._qms_put(
            {
                lot: {"qms_rule_expiration_date": lot.expiration_date}
                for lot in self
                if lot.qms_rule_expiration_date
                and lot.expiration_date != before[lot]["expiration_date"]
            }
        )

    def _qms_follow_expiration(self, before, written):
        """Move the other dates as far as the expiration has moved.

        :param dict before: ``{stock.lot: {field name: datetime}}``
        :param set written: the fields that were written themselves
        """
        names = [name for name in SHIFTED if name not in written]
        moved = {
            lot: lot.expiration_date - old["expiration_date"]
            for lot, old in before.items()
            if lot.expiration_date
            and old["expiration_date"]
            and lot.expiration_date != old["expiration_date"]
        }
        self._qms_put(
            {
                lot: {
                    name: self._qms_shift(before[lot][name], delta) or lot[name]
                    for name in names
                }
                for lot, delta in moved.items()
            }
        )
        changed = self.filtered(
            lambda lot: any(
                lot[name] != before[lot][name]
                for name in ("expiration_date", "removal_date")
            )
        )
        if changed:
            changed._qms_recheck_reservations(before)

    def _qms_shift(self, moment, delta):
        if not moment:
            return False
        try:
            return moment + delta
        except OverflowError as error:
            raise ValidationError(
                self.env._(
                    "%(lots)s: a date as far off as that moves the lot's other dates"
                    " out of the calendar. Write them along with it.",
                    lots=", ".join(self.mapped("display_name")),
                )
            ) from error
