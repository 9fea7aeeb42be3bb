from odoo import api, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted
from .claim import ANSWERS

DATES = {"date_containment", "date_deadline"}


class QmsSupplierClaim(models.Model):
    """What of a claim people write themselves, and until when."""

    _inherit = "qms.supplier.claim"

    @api.model
    def _get_told_fields(self):
        """Return the fields that tell the vendor something: fixed when it is sent."""
        return {
            "partner_id",
            "lang",
            "subject",
            "product_name",
            "lot_names",
            "quantity",
            "uom_id",
            "order_ref",
            "problem",
            "file_ids",
            "charge_ids",
        }

    @api.model
    def _get_answer_fields(self):
        """Return the fields of the vendor's answer: open while it is awaited."""
        return {*ANSWERS, "answer_file_ids"}

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "A claim is made on its nonconformance, with the button Claim to Vendor,"
            " and moves by its own buttons only."
        )

    @api.model
    def _get_free_fields(self):
        return {
            *super()._get_free_fields(),
            *self._get_told_fields(),
            *self._get_answer_fields(),
            *DATES,
            "user_id",
        }

    def write(self, vals):
        names = set(vals)
        if not is_trusted(self.env):
            self._check_phase(names & self._get_told_fields(), {"draft"})
            self._check_phase(names & self._get_answer_fields(), {"sent"})
            self._check_phase(names & DATES, {"draft", "sent"})
        res = super().write(vals)
        if names & DATES and not is_trusted(self.env):
            self._update_dates()
        return res

    def _check_phase(self, names, states):
        """Refuse to write fields of claims that are not in one of ``states``.

        :raise UserError: names the claims and the fields
        """
        wrong = self.filtered(lambda claim: claim.state not in states)
        if names and wrong:
            labels = [
                self._fields[name]._description_string(self.env)
                for name in sorted(names)
            ]
            raise UserError(
                self.env._(
                    "This can't be changed now: %(fields)s. Claims: %(claims)s.",
                    fields=", ".join(labels),
                    claims=", ".join(wrong._get_name_and_state()),
                )
            )

    def _get_name_and_state(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{claim.name} ({states[claim.state]})" for claim in self]

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        kept = self.filtered(lambda claim: claim.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Claims that were sent stay: %s. Withdraw them instead.",
                    ", ".join(kept._get_name_and_state()),
                )
            )
