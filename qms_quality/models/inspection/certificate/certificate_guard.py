from odoo import api, models
from odoo.exceptions import UserError


class QmsCertificate(models.Model):
    """A certificate is made by its actions only, and stays once it was issued."""

    _inherit = "qms.certificate"

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "A certificate is made from the readings of quality orders: use the button"
            " Certificate on a quality order, a lot or a delivery."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        # a draft is nobody's proof yet
        kept = self.filtered(lambda one: one.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Certificates that were issued stay: %s. Withdraw them instead.",
                    ", ".join(kept.mapped("name")),
                )
            )
