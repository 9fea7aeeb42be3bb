from odoo import api, models

from ...sentinel import is_trusted

ASSESSMENT = {"impact_quality", "impact_system", "impact_filing", "assessment"}
DECISION = {"decision_reason"}


class QmsDeviation(models.Model):
    """What people write of a deviation themselves, and until when."""

    _inherit = "qms.deviation"

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Deviations are recorded when goods are posted, or with Record Deviation;"
            " they move by their own buttons, and are never changed or deleted."
        )

    @api.model
    def _get_free_fields(self):
        return {*super()._get_free_fields(), *ASSESSMENT, *DECISION}

    def write(self, vals):
        if not is_trusted(self.env):
            self._check_phase(ASSESSMENT & vals.keys(), "open")
            self._check_phase(DECISION & vals.keys(), "assessed")
        return super().write(vals)
