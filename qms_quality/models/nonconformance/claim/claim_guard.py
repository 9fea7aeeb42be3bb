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
            self._check_phase(names & self._get_told_fields(), "draft")
            self._check_phase(names & self._get_answer_fields(), "sent")
            self._check_phase(names & DATES, "draft", "sent")
        res = super().write(vals)
        if names & DATES and not is_trusted(self.env):
            self._update_dates()
        return res

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
