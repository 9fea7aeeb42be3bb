from odoo import fields, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted, trusted
from ..test_kinds import AGGREGATES
from .formula import Formula, FormulaError, sort_by_dependency


class QmsQualityOrderResult(models.Model):
    """Values that are worked out from readings, as soon as these are there."""

    _inherit = "qms.quality.order.result"

    def _refuse_entry(self):
        if self and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These are worked out from other readings: %s. Correct those.",
                    ", ".join(self.mapped("display_name")),
                )
            )

    def _stamp(self, before):
        # ahead of what follows from the readings of the order
        self._work_out()
        return super()._stamp(before)

    def _work_out(self):
        """Work out what depends on these readings, for the same goods."""
        specs = self.test_line_id.spec_id
        if not any(test._has_final() for test in specs.test_ids):
            return
        keys = {(one.test_line_id.spec_id, one._get_target_key()) for one in self}
        results = specs.test_ids.result_ids
        for (spec, key), of_target in results.grouped(
            lambda one: (one.test_line_id.spec_id, one._get_target_key())
        ).items():
            if (spec, key) in keys:
                of_target._work_out_target(spec)

    def _get_target_key(self):
        """Return what was read: the readings of one lot belong together.

        Add-ons that read other things add them.
        """
        return self.lot_id.id

    def _work_out_target(self, spec):
        """Work out all values of one target: the aggregates, then the formulas."""
        by_test = self.grouped("test_line_id")
        for test, results in by_test.items():
            if test.determination in AGGREGATES:
                results._aggregate()
        by_code = {test.code: results for test, results in by_test.items()}
        formulas = {
            test.code: Formula(test.formula)
            for test in spec.test_ids
            if test.test_type == "calculated"
        }
        edges = {code: formula.codes for code, formula in formulas.items()}
        for code in sort_by_dependency(edges):
            if code in by_code:
                by_code[code]._calculate(formulas[code], by_code)

    def _aggregate(self):
        """Set the value that stands for these readings of one test."""
        final = self.filtered("is_final")
        readings = self - final
        value = False
        if readings and all(readings.mapped("is_recorded")):
            function = AGGREGATES[final.test_line_id.determination]
            value = function([one._get_converted_value() for one in readings])
        final._set_worked_out(value)

    def _calculate(self, formula, by_code):
        """Set a calculated value.

        :param formula: :class:`Formula`
        :param dict by_code: the readings of the same goods, by code of their test
        """
        inputs = {code: by_code.get(code, self.browse()) for code in formula.codes}
        values = {code: readings._get_number() for code, readings in inputs.items()}
        # 0 is a value
        if any(value is False for value in values.values()):
            self._set_worked_out(False, self._get_input_problem(inputs))
            return
        try:
            self._set_worked_out(formula.evaluate(values))
        except FormulaError as error:
            texts = self.env["qms.test"]._get_formula_error_text(error)
            self._set_worked_out(False, texts)

    def _get_input_problem(self, inputs):
        """Return why a value can't be calculated; nothing, while it is too early."""
        missing = sorted(code for code, readings in inputs.items() if not readings)
        if missing:
            return self.env._("not tested: %s", ", ".join(missing))
        for code, readings in sorted(inputs.items()):
            if readings.filtered("problem"):
                return self.env._("no value for %s", code)
        return False

    def _get_number(self):
        """Return the value of these readings of one test, ``False`` as long as there is
        none: the one that stands for all, otherwise their average."""
        deciding = self.filtered(lambda one: one._is_deciding())
        if not deciding or not all(deciding.mapped("is_recorded")):
            return False
        if any(one.value is False for one in deciding):
            return False
        values = [one._get_converted_value() for one in deciding]
        return AGGREGATES["average"](values)

    def _get_converted_value(self):
        return self.test_line_id._convert(self.value, self.uom_id)

    def _set_worked_out(self, value, problem=False):
        """Set a value that was worked out, and keep the earlier one."""
        self.ensure_one()
        # one language for the trail
        shown = self.with_context(lang="en_US")
        # False equals 0.0
        same = (self.value is False) == (value is False) and self.value == value
        if same and (self.problem or False) == problem:
            return
        old = shown._get_value_text()
        filled = {"recorded_by_id": self.env.uid, "recorded_on": fields.Datetime.now()}
        empty = dict.fromkeys(filled, False)
        is_there = value is not False or problem
        trusted(self).write(
            {
                "value": value,
                "problem": problem,
                "is_corrected": self.is_corrected or bool(old),
                **(filled if is_there else empty),
            }
        )
        shown._audit_reading(old)
