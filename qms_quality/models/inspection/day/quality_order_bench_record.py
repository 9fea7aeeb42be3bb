from odoo import models

from ..quality_order import INSPECTOR
from .bench_grid import BenchGrid


class _Refused(Exception):
    """Takes back what was written before a row that is wrong."""


class QmsQualityOrder(models.Model):
    """Readings that are entered on the page at the bench."""

    _inherit = "qms.quality.order"

    def record_at_bench(self, rows):
        """Record readings of one order, all of them or none, and tell how they look.

        The page keeps what was typed, so what is wrong is told by reading, instead of
        in one message.

        :param list rows: as in :meth:`record_readings`, each with its ``reading``
        :return: ``{"cells": […], "problems": {…}}``; cells as in
            :meth:`get_bench_data`, of the readings that were recorded, and problems as
            texts, by the id of the reading as text
        :rtype: dict
        :raise AccessError: if the user is no inspector
        :raise ReasonRequired: if nothing is wrong but that reasons are missing
        """
        self.ensure_one()
        self._check_group(INSPECTOR)
        self._check_rows(rows)
        found = []
        try:
            with self.env.cr.savepoint():
                found += self._enter_rows(list(enumerate(self._own_rows(rows), 1)))
                self._refuse_bench_rows(found)
        except _Refused:
            return {"cells": [], "problems": self._get_bench_problems(found)}
        return {"cells": self._prepare_bench_cells(found), "problems": {}}

    def _own_rows(self, rows):
        """Return rows that can only be about this order."""
        return [
            {**row, "order": self.id} if isinstance(row, dict) else row for row in rows
        ]

    def _refuse_bench_rows(self, rows):
        wrong = [row for row in rows if row.problem]
        if any(not row.is_unexplained for row in wrong):
            raise _Refused
        self._refuse_rows(rows)

    def _get_bench_problems(self, rows):
        # who mends the others is asked for the reason then
        return {
            str(row.data.get("reading")): row.problem
            for row in rows
            if row.problem and not row.is_unexplained
        }

    def _prepare_bench_cells(self, rows):
        grid = BenchGrid(self)
        return [grid._prepare_cell(row.result) for row in rows]
