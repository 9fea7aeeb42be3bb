from odoo import api, fields, models


class QmsQualityOrderTest(models.Model):
    """What somebody decided of a test, whatever its readings say."""

    _inherit = "qms.quality.order.test"

    decided_verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        string="Result Set by a Person",
        readonly=True,
        copy=False,
        help="Another reading of the test takes it back.",
    )

    @api.depends("decided_verdict")
    def _compute_verdict(self):
        res = super()._compute_verdict()
        for test in self.filtered("decided_verdict"):
            test.verdict = test.decided_verdict
        return res

    def _is_incomplete(self):
        return not self.decided_verdict and super()._is_incomplete()

    def action_override(self):
        """Ask what to decide, and why."""
        return self.env["qms.override.wizard"]._open("test", self)
