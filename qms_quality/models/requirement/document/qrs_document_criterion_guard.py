from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted


class QmsQrsDocumentCriterion(models.Model):
    """What is true of the copy is true of its criteria, by whatever way they change."""

    _inherit = "qms.qrs.document.criterion"

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        if not is_trusted(self.env):
            criteria.line_id._check_edit()
            criteria.line_id._mark_updated()
        return criteria

    def write(self, vals):
        if not is_trusted(self.env):
            if "line_id" in vals:
                raise AccessError(
                    self.env._("A criterion stays with the order line it was made for.")
                )
            self.line_id._check_edit()
            self._check_accepted()
            self.line_id._mark_updated()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_guarded(self):
        if is_trusted(self.env):
            return
        self.line_id._check_edit()
        self._check_accepted()
        self._check_deviations()
        self.line_id._mark_updated()

    def _check_accepted(self):
        """Refuse to change what somebody accepted departures from: as it was then."""
        if deviation := self._find_deviation([("decision", "=", "accepted")]):
            raise UserError(
                self.env._(
                    "“%(criterion)s” stays as it is: goods that depart from it were"
                    " accepted by deviation %(deviation)s. Add another criterion for"
                    " what is asked besides.",
                    criterion=deviation.criterion_id.display_name,
                    deviation=deviation.name,
                )
            )

    def _find_deviation(self, domain=()):
        """Return a deviation from these criteria, in sudo."""
        # sudo: whether there are any decides, whoever may read them
        deviations = self.env["qms.deviation"].sudo()
        return deviations.search([("criterion_id", "in", self.ids), *domain], limit=1)

    def _check_deviations(self):
        """Refuse to delete what deviations tell of."""
        if deviation := self._find_deviation():
            raise UserError(
                self.env._(
                    "“%(criterion)s” stays: deviation %(deviation)s tells of it. Change"
                    " what it asks for instead.",
                    criterion=deviation.criterion_id.display_name,
                    deviation=deviation.name,
                )
            )
