from odoo import api, models
from odoo.exceptions import UserError

from ..quality_order import INSPECTOR
from .quality_order_result_batch import ReadingBatch
from .reading_finder import ReadingFinder
from .reading_writer import ReadingWriter

MAX_ROWS = 10_000


class QmsQualityOrder(models.Model):
    """Readings that come many at once: from the bench, a file or another program."""

    _inherit = "qms.quality.order"

    @api.model
    def record_readings(self, rows):
        """Record readings, all of them or none.

        A row is a dictionary. It says which reading it is about, by

        - ``reading``: the id of the reading; or
        - ``order``: number of the quality order or its id, ``test``: code or name of
          the test, or the id of the order's test, and where there are several readings
          ``lot``: name of the serial number, ``sample``: which sample, counted from 1,
          ``number``: which reading of it. Without those, the next empty reading.

        and what was read:

        - ``value``: a number, ``"pass"`` or ``"fail"``, the name or id of an outcome,
          a count of defects, a text, a date (``"2026-11-30"``) or a picture in base64.
          Nothing (``False``) empties a reading. Numbers in texts may have the decimal
          sign of the user's language.
        - ``unit``: the unit it was read in; without one, the unit of the limits
        - ``note``: a remark; ``reason``: why a reading is corrected

        :param list rows: at most 10,000
        :return: list of dictionaries, one for each row in the same order: ``reading``,
            ``name``, ``value``, ``verdict``, ``warning``, ``order``, ``order_name``,
            ``state`` and ``order_verdict``, what the readings so far say together
        :rtype: list
        :raise AccessError: if the user is no inspector
        :raise ReasonRequired: names the readings whose correction needs a reason
        :raise UserError: names each row that is wrong, and how to mend it
        """
        self._check_group(INSPECTOR)
        self._check_rows(rows)
        with self.env.cr.savepoint():
            found = self._enter_rows(list(enumerate(rows, 1)))
            self._refuse_rows(found)
        return self._prepare_answers(found)

    @api.model
    def _check_rows(self, rows):
        if not isinstance(rows, (list, tuple)):
            raise UserError(self.env._("Readings come as a list of rows."))
        if len(rows) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s rows are too many for one time. Record at most %(max)s,"
                    " and the others after them.",
                    count=len(rows),
                    max=MAX_ROWS,
                )
            )

    # -- Entering ----------------------------------------------------------------------

    @api.model
    def _enter_rows(self, pairs, follow=True):
        """Find and write the readings of rows, in the caller's savepoint.

        Where a row has a problem, the caller must roll back.

        :param list pairs: of (line, row)
        :param bool follow: whether to do what follows from readings, too
        :return: list of :class:`ReadingRow`
        """
        rows = ReadingFinder(self).find(pairs)
        writer, batch = ReadingWriter(self.env), ReadingBatch()
        orders = self.browse().union(*(row.order for row in rows if not row.problem))
        orders._begin_batch(batch)
        for row in rows:
            if not row.problem:
                writer.enter(row, batch)
        if follow and not any(row.problem for row in rows):
            self.env["qms.quality.order.result"]._close_batch(batch)
        return rows

    def _begin_batch(self, batch):
        """Find out once for these orders what each of their rows would ask. Extension
        point.

        :param batch: :class:`ReadingBatch`
        """

    @api.model
    def _refuse_rows(self, rows):
        """Refuse rows that are wrong.

        :raise ReasonRequired: if only reasons are missing
        :raise UserError: names each row
        """
        wrong = [row for row in rows if row.problem]
        if not wrong:
            return
        if all(row.is_unexplained for row in wrong):
            names = [
                self.env._(
                    "row %(line)s: %(reading)s",
                    line=row.line,
                    reading=row.result.display_name,
                )
                for row in wrong
            ]
            self.env["qms.reason.rule"]._refuse(names)
        raise UserError(
            self.env._(
                "Nothing was recorded. Wrong are %(wrong)s of %(count)s rows:",
                wrong=len(wrong),
                count=len(rows),
            )
            + "".join(f"\n- {self._get_problem_text(row)}" for row in wrong)
        )

    @api.model
    def _get_problem_text(self, row):
        return self.env._(
            "Row %(line)s: %(problem)s", line=row.line, problem=row.problem
        )

    # -- Answering ---------------------------------------------------------------------

    @api.model
    def _prepare_answers(self, rows):
        verdicts = {}
        for row in rows:
            if row.order not in verdicts:
                verdicts[row.order] = row.order._get_verdict_so_far()
        return [
            {
                "reading": row.result.id,
                "name": row.result.display_name,
                "value": row.result._get_value_text(),
                "verdict": row.result.verdict,
                "warning": row.result.is_warning,
                "order": row.order.id,
                "order_name": row.order.name,
                "state": row.order.state,
                "order_verdict": verdicts[row.order],
            }
            for row in rows
        ]

    def _get_verdict_so_far(self):
        """Return what the readings say as yet: nothing, while they may still pass."""
        self.ensure_one()
        verdicts = set(self.spec_ids.mapped("verdict"))
        if "failed" in verdicts:
            return "failed"
        return "passed" if verdicts == {"passed"} else False

    def _get_read_targets(self):
        """Return what is read: ``{target key: its number, counted from 1}``."""
        self.ensure_one()
        places = {}
        for result in self.result_ids:
            key = result._get_target_key()
            if key not in places:
                places[key] = result.unit_id.sequence or len(places) + 1
        return places
