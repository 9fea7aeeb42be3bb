from odoo import api, fields, models
from odoo.exceptions import UserError

from ..case.nonconformance import DONE_STATES as CASE_DONE_STATES
from ..case.nonconformance import INSPECTOR
from .claim import DONE_STATES


class QmsNonconformance(models.Model):
    """What the vendor is told of a case."""

    _inherit = "qms.nonconformance"

    claim_ids = fields.One2many(
        "qms.supplier.claim", "nonconformance_id", string="Supplier Claims", copy=False
    )
    # only a number: whoever reads cases may know that there is a claim
    claim_count = fields.Integer(compute="_compute_claim_count", compute_sudo=True)

    @api.depends("claim_ids")
    def _compute_claim_count(self):
        for case in self:
            case.claim_count = len(case.claim_ids)

    def action_make_claim(self):
        """Open the claim to the vendor of this case; make it, if none is open.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the case isn't a supplier's
        """
        self.ensure_one()
        self.env.user._qms_check_group(INSPECTOR)
        self.check_access("write")
        self._check_make_claim()
        claim = self._get_open_claims()[:1] or self.env["qms.supplier.claim"]._make(
            self
        )
        return claim._get_records_action()

    def _check_make_claim(self):
        if self.state in CASE_DONE_STATES:
            raise UserError(
                self.env._(
                    "%s is closed or cancelled. Reopen it before you claim.", self.name
                )
            )
        if self.type != "supplier" or not self.partner_id:
            raise UserError(
                self.env._(
                    "%s has no supplier to claim from. Set the type to Supplier, and"
                    " the partner.",
                    self.name,
                )
            )

    def _get_open_claims(self):
        return self.claim_ids.filtered(lambda claim: claim.state not in DONE_STATES)

    def _get_closing_problems(self):
        return super()._get_closing_problems() + self._get_claim_problems()

    def _get_cancel_problems(self):
        return super()._get_cancel_problems() + self._get_claim_problems()

    def _get_claim_problems(self):
        """Return that the vendor still waits, or is waited for."""
        claims = self._get_open_claims()
        if not claims:
            return []
        return [
            self.env._(
                "its supplier claims are open: %s. Accept the answers or withdraw them;"
                " delete drafts.",
                ", ".join(claims._get_name_and_state()),
            )
        ]

    def action_open_claims(self):
        """Open the claims of these cases."""
        return self.claim_ids._get_records_action(name=self.env._("Supplier Claims"))
