from odoo import api, models

from ...evidence.content import ContentLine, raw_value


class QmsTestGroupLine(models.Model):
    """How a test of a group shows in what is signed."""

    _inherit = "qms.test.group.line"

    def _prepare_signed_line(self):
        """Return the test with its limits, as a line of what is signed."""
        self.ensure_one()
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        label = self.test_id.display_name
        return ContentLine(f"line {self.id}", label, raw, self.limits or "")

    @api.model
    def _get_signed_fields(self):
        return [
            "sequence",
            "test_id",
            "target",
            "lower_limit",
            "upper_limit",
            "uom_id",
            "required",
            "reading_number",
            "instructions",
            "date_from",
            "date_to",
            "laboratory_id",
            *self._get_specified_fields(),
        ]

    def _qms_content_changed(self):
        """Void the requests on the groups, if what they ask has changed."""
        self.group_id._qms_content_changed()
