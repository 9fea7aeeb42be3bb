from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted


class QmsCertificate(models.Model):
    """What of a certificate can't be written by hand: everything it says."""

    _inherit = "qms.certificate"

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {
            "name",
            "state",
            "order_id",
            "lot_id",
            "picking_id",
            "partner_id",
            "lang",
            "rule_id",
            "goods_ids",
            "line_ids",
            "date_issued",
            "issued_by_id",
            "superseded_by_id",
            "token",
            "content_hash",
            "company_id",
        }

    @api.model_create_multi
    def create(self, vals_list):
        self._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        if self._get_protected_fields() & vals.keys():
            self._check_trusted()
        return super().write(vals)

    def _check_trusted(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "A certificate is made from the readings of quality orders: use the"
                    " button Certificate on a quality order, a lot or a delivery."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        kept = self.filtered(lambda one: one.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Certificates that were issued stay: %s. Withdraw them instead.",
                    ", ".join(kept.mapped("name")),
                )
            )
