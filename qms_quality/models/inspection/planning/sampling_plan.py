from odoo import api, models


class QmsSamplingPlan(models.Model):
    """What is inspected together by a quality plan, where no sample is taken of it."""

    _inherit = "qms.sampling.plan"

    @api.model
    def _take(self, matches):
        return self.env["qms.quality.plan"]._split(super()._take(matches))
