from odoo import models
from odoo.exceptions import UserError

from .bench_grid import BenchGrid
from .reading_row import is_storable

MAX_TEXT = 1_000_000


class QmsQualityOrder(models.Model):
    """What is pasted from a spreadsheet into the grid at the bench."""

    _inherit = "qms.quality.order"

    def parse_pasted(self, test_id, row_key, text):
        """Return the rows that a pasted text means, for :meth:`record_readings`.

        Lines go downwards from a cell, tabs to the tests on the right. Empty cells are
        left out.

        :param int test_id: id of the order's test that is pasted into
        :param str row_key: ``key`` of a row of :meth:`get_bench_data`
        :param str text: as it comes from the clipboard
        :return: ``{"rows": […], "message": text}``; a row has ``reading`` and
            ``value``, and ``test_id`` and ``row_key`` of its cell
        :rtype: dict
        :raise UserError: if the text doesn't fit
        """
        self.ensure_one()
        self.check_access("read")
        lines = self._split_pasted(text)
        grid = BenchGrid(self)
        tests, rows = grid.tests.ids, grid.get_rows()
        keys = [row["key"] for row in rows]
        if test_id not in tests or row_key not in keys:
            raise UserError(
                self.env._("%s has no such cell. Load the page again.", self.name)
            )
        column, first = tests.index(test_id), keys.index(row_key)
        self._check_fits(lines, len(rows) - first, len(tests) - column)
        pasted = []
        for row, values in zip(rows[first:], lines, strict=False):
            pasted += self._prepare_pasted(row, tests[column:], values)
        return {"rows": pasted, "message": self._get_pasted_text(pasted)}

    def _split_pasted(self, text):
        """Return the lines of a text as lists of values."""
        if not isinstance(text, str) or not is_storable(text) or len(text) > MAX_TEXT:
            raise UserError(self.env._("What was pasted is no text of readings."))
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        # spreadsheets end with an empty line
        while lines and not lines[-1].strip():
            lines.pop()
        return [[value.strip() for value in line.split("\t")] for line in lines]

    def _check_fits(self, lines, height, width):
        widest = max(map(len, lines), default=0)
        if len(lines) > height:
            raise UserError(
                self.env._(
                    "%(lines)s lines were pasted where %(rows)s rows are left. Start"
                    " further up, or paste fewer.",
                    lines=len(lines),
                    rows=height,
                )
            )
        if widest > width:
            raise UserError(
                self.env._(
                    "%(columns)s columns were pasted where %(tests)s tests are left."
                    " Start further left, or paste fewer.",
                    columns=widest,
                    tests=width,
                )
            )

    def _prepare_pasted(self, row, tests, values):
        """Return the readings of one line.

        :raise UserError: names the cell that takes no value
        """
        pasted = []
        for test_id, value in zip(tests, values, strict=False):
            cell = row["cells"].get(str(test_id))
            if not value:
                continue
            if not cell or cell["readonly"]:
                raise UserError(
                    self.env._(
                        "%(test)s takes no value in the row %(row)s, but “%(value)s”"
                        " was pasted there.",
                        test=self.env["qms.quality.order.test"].browse(test_id).name,
                        row=row["label"],
                        value=value[:40],
                    )
                )
            pasted.append(
                {
                    "reading": cell["result_id"],
                    "value": value,
                    "test_id": test_id,
                    "row_key": row["key"],
                }
            )
        return pasted

    def _get_pasted_text(self, pasted):
        return "" if pasted else self.env._("There was nothing to paste.")
