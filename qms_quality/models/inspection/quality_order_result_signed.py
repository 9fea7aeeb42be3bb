from odoo import api, models

from ..evidence.content import ContentLine, raw_value


class QmsQualityOrderResult(models.Model):
    """How a reading shows in what is signed."""

    _inherit = "qms.quality.order.result"

    def _prepare_signed_line(self):
        """Return the reading with its limits, as a line of what is signed."""
        self.ensure_one()
        test = self.test_line_id
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        raw += [raw_value(test, name) for name in self._get_signed_limits()]
        text = self.env._(
            "%(reading)s (limits: %(limits)s)",
            reading=self._get_value_text() or self.env._("no reading"),
            limits=self.limits or self.env._("none"),
        )
        if self.note:
            text = f"{text}, {self.note}"
        return ContentLine(f"reading {self.id}", self.display_name, raw, text)

    @api.model
    def _get_signed_fields(self):
        return [
            "lot_id",
            "value",
            "outcome",
            "uom_id",
            "note",
            "verdict",
            "recorded_by_id",
            "recorded_on",
        ]

    @api.model
    def _get_signed_limits(self):
        """Return the fields of the test that a reading is judged by."""
        return ["test_id", "test_type", "lower_limit", "upper_limit", "target"]
