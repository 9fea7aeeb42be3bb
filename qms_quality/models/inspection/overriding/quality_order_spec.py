from odoo import api, models


class QmsQualityOrderSpec(models.Model):
    """What somebody decided counts, with a quality plan and without."""

    _inherit = "qms.quality.order.spec"

    @api.depends("decided_verdict")
    def _compute_verdict(self):
        return super()._compute_verdict()

    def _get_verdict(self):
        if self.decided_verdict and not self.order_id.plan_copy_id:
            return self.decided_verdict
        return super()._get_verdict()

    def action_override(self):
        """Ask what to decide, and why."""
        return self.env["qms.override.wizard"]._open("spec", self)
