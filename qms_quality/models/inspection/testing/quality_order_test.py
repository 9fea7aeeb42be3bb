from odoo import api, fields, models

from ..test_kinds import AGGREGATES, DEFECT_CLASSES


class QmsQualityOrderTest(models.Model):
    """How several readings of a test become one value, and what it decides."""

    _inherit = "qms.quality.order.test"

    code = fields.Char()
    variable_id = fields.Many2one("qms.test.variable", ondelete="restrict")
    defect_class = fields.Selection(DEFECT_CLASSES)
    whole_number = fields.Boolean()
    formula = fields.Char()
    value_text = fields.Char(string="Value", compute="_compute_value_text")

    @api.depends("result_ids.verdict", "result_ids.is_final")
    def _compute_verdict(self):
        for test in self:
            deciding = test._get_deciding_results()
            verdicts = set(deciding.mapped("verdict"))
            if "failed" in verdicts:
                test.verdict = "failed"
            else:
                # an empty set of readings proves nothing
                test.verdict = "passed" if verdicts == {"passed"} else False

    def _get_deciding_results(self):
        """Return the readings that the verdict comes from."""
        return self.result_ids.filtered(lambda result: result._is_deciding())

    def _compute_value_text(self):
        for test in self:
            results = test._get_deciding_results().filtered("is_recorded")
            texts = [result._get_value_text() for result in results[:5]]
            if len(results) > 5:
                texts.append("…")
            test.value_text = "; ".join(text for text in texts if text)

    def _counts(self):
        """Tell whether a failure of this test fails the goods."""
        self.ensure_one()
        return self.action_on_failure != "accept"

    def _has_final(self):
        """Tell whether one value stands for all readings."""
        return self.test_type == "calculated" or self.determination != "every"

    def _is_automatic(self):
        """Tell whether that one value is worked out, not entered."""
        self.ensure_one()
        return self.test_type == "calculated" or self.determination in AGGREGATES

    def _prepare_result_values(self, target):
        """Add the value that stands for the readings, after them."""
        values = super()._prepare_result_values(target)
        if not self._has_final():
            return values
        final = dict(values[-1], number=0, is_final=True)
        return [final] if self.test_type == "calculated" else [*values, final]
