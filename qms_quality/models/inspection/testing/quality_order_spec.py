from odoo import api, fields, models
from odoo.fields import Command


class QmsQualityOrderSpec(models.Model):
    """What the tests decide, where a failure can be accepted."""

    _inherit = "qms.quality.order.spec"

    passed_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Status when Passed",
        readonly=True,
        ondelete="restrict",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "qms_quality_order_spec_attachment_rel",
        "spec_id",
        "attachment_id",
        string="Drawings and Documents",
        readonly=True,
    )

    @api.depends("test_ids.action_on_failure")
    def _compute_verdict(self):
        return super()._compute_verdict()

    def _get_verdict(self):
        tests = self.test_ids.filtered("required") or self.test_ids
        # what is accepted has to be there, and decides nothing
        verdicts = {
            "passed" if test.verdict and not test._counts() else test.verdict
            for test in tests
        }
        if "failed" in verdicts:
            return "failed"
        return "passed" if verdicts == {"passed"} else False

    def _prepare_snapshot_values(self, vals):
        group = self.env["qms.test.group"].browse(vals["test_group_id"])
        return {
            **super()._prepare_snapshot_values(vals),
            "passed_status_id": group.sudo().passed_status_id.id,
            "attachment_ids": [Command.set(group.sudo().attachment_ids.ids)],
        }
