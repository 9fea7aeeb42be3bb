"""What rows of readings say, written row by row."""

from odoo.exceptions import UserError
from odoo.fields import Domain

from ...evidence.reason_required import ReasonRequired
from .reading_row import RowProblem


class ReadingWriter:
    """Writes what rows say, and keeps with each row what is wrong with it."""

    def __init__(self, env):
        self.env = env
        self.units = None

    def enter(self, row, batch):
        """Write one row; what follows from it waits in ``batch``.

        :param row: :class:`ReadingRow` with its reading
        :param batch: :class:`ReadingBatch`
        """
        try:
            self._check_order(row, batch)
            row.vals = self._prepare_values(row)
            row.old_text = row.result._get_value_text()
            self._explain(row)._in_batch(batch).write(row.vals)
        except ReasonRequired as error:
            row.problem, row.is_unexplained = str(error).split("\n")[0], True
        except (RowProblem, UserError) as error:
            row.problem = str(error).rstrip(".")

    def _check_order(self, row, batch):
        if not row.result._in_batch(batch)._filter_enterable():
            raise RowProblem(
                self.env._(
                    "%s: its readings stay as they are. A quality manager can reopen"
                    " it",
                    row.order._get_name_and_state()[0],
                )
            )

    @staticmethod
    def _explain(row):
        reason = row.get("reason")
        return row.result.with_context(qms_reason=reason) if reason else row.result

    def _prepare_values(self, row):
        result, vals = row.result, {}
        if result.is_automatic:
            raise RowProblem(
                self.env._(
                    "%s is worked out from other readings: correct those",
                    result.display_name,
                )
            )
        if "value" in row.data:
            vals.update(result.test_line_id._prepare_reading(row.data["value"]))
            if not any(value is not False for value in vals.values()):
                self._check_emptying(row)
            vals.update(self._prepare_unit(row))
        if "note" in row.data:
            vals["note"] = row.get("note") or False
        return vals

    def _check_emptying(self, row):
        if not row.result.is_recorded and "note" not in row.data:
            raise RowProblem(self.env._("there is no value"))

    # -- Units -------------------------------------------------------------------------

    def _prepare_unit(self, row):
        name, of_test = row.get("unit"), row.result.test_line_id.uom_id
        unit = self._find_unit(name, of_test) if name else of_test
        return {} if unit == row.result.uom_id else {"uom_id": unit.id}

    def _find_unit(self, name, of_test):
        if self.units is None:
            self.units = self.env["uom.uom"].search(Domain.TRUE)
        fitting = self.units.filtered(
            lambda unit: bool(of_test) and unit._has_common_reference(of_test)
        )
        found = fitting.filtered(lambda unit: unit.name == name) or fitting.filtered(
            lambda unit: unit.name.casefold() == name.casefold()
        )
        if len(found) != 1:
            raise RowProblem(
                self.env._(
                    "no unit “%(unit)s” for this test. Possible: %(units)s",
                    unit=name[:64],
                    units=", ".join(fitting.mapped("name")) or self.env._("no unit"),
                )
            )
        return found
