from odoo import api, models
from odoo.exceptions import UserError

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

    def _check_phase(self, names, state):
        """Refuse to write fields of deviations that are past that.

        :raise UserError: names the deviations and the fields
        """
        wrong = self.filtered(lambda deviation: deviation.state != state)
        if names and wrong:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(names)
            ]
            raise UserError(
                self.env._(
                    "This can't be written now: %(fields)s. Deviations: %(names)s.",
                    fields=", ".join(labels),
                    names=", ".join(wrong._get_name_and_state()),
                )
            )

    def _get_name_and_state(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{one.name} ({states[one.state]})" for one in self]
