from odoo import api, models

from ...evidence.content import ContentLine, raw_value, readable_value


class QmsQualityOrder(models.Model):
    """What is judged, by which rules and by whom, is part of what is signed."""

    _inherit = "qms.quality.order"

    def _qms_signed_content(self, action, arguments):
        content = super()._qms_signed_content(action, arguments)
        if action != "validate":
            # an override would break its own signature
            return content
        return [
            *content,
            *(spec._prepare_signed_line() for spec in self.spec_ids),
            *(test._prepare_signed_line() for test in self.test_ids),
        ]

    @api.model
    def _get_signed_fields(self):
        return [*super()._get_signed_fields(), "plan_copy_id"]


class QmsQualityOrderSpec(models.Model):
    """How the status of a specification shows in what is signed."""

    _inherit = "qms.quality.order.spec"

    def _prepare_signed_line(self):
        """Return the status, and whether a person set it, as a line of what is
        signed."""
        self.ensure_one()
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        return ContentLine(f"spec {self.id}", self.name, raw, _get_status_text(self))

    @api.model
    def _get_signed_fields(self):
        return ["test_group_id", "verdict", "decided_verdict"]


class QmsQualityOrderTest(models.Model):
    """How the result of a test shows in what is signed."""

    _inherit = "qms.quality.order.test"

    def _prepare_signed_line(self):
        """Return the result, and by which rule it is complete, as a line of what is
        signed."""
        self.ensure_one()
        raw = [raw_value(self, name) for name in self._get_signed_fields()]
        text = _get_status_text(self)
        if self.own_basis:
            text = self.env._(
                "%(status)s; complete by: %(basis)s",
                status=text,
                basis=readable_value(self, "basis"),
            )
        return ContentLine(f"test {self.id}", self.display_name, raw, text)

    @api.model
    def _get_signed_fields(self):
        return ["test_id", "verdict", "decided_verdict", "own_basis", "basis"]


def _get_status_text(record):
    """Return the status of a specification or a test, for people."""
    text = readable_value(record, "verdict") or record.env._("Not tested")
    if record.decided_verdict:
        return record.env._("%s (set by a person)", text)
    return text
