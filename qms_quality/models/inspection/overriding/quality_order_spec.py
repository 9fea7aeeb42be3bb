from odoo import api, models
from odoo.exceptions import UserError


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

    def _set_by_hand(self, verdict):
        overridden = self.filtered(lambda spec: spec._is_overridden())
        if overridden:
            raise UserError(
                self.env._(
                    "A quality manager overrode the status of: %s. Only another"
                    " override changes it.",
                    ", ".join(overridden.mapped("name")),
                )
            )
        return super()._set_by_hand(verdict)

    def _is_overridden(self):
        """Tell whether the status is what a quality manager decided last."""
        self.ensure_one()
        # sudo: it counts for those, too, who may not read it
        overrides = self.sudo().order_id.override_ids
        kept = overrides.filtered(lambda one: one.spec_id == self)
        last = kept.sorted("id")[-1:]
        return bool(self.decided_verdict) and last.new_verdict == self.decided_verdict
