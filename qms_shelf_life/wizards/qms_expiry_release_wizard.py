from odoo import fields, models

from ..models.blocking.expiry_release import KINDS


class QmsExpiryReleaseWizard(models.TransientModel):
    """The dialog in which somebody lets lots near their date go."""

    _name = "qms.expiry.release.wizard"
    _description = "Release before Expiry"

    lot_ids = fields.Many2many("stock.lot", string="Lots", readonly=True)
    kind = fields.Selection(KINDS, required=True, default="special_sale")
    document = fields.Selection(
        [
            ("partner_id", "A partner"),
            ("sale_order_id", "A sales order"),
            ("picking_id", "A transfer"),
        ],
        string="For",
        required=True,
        default="partner_id",
    )
    partner_id = fields.Many2one("res.partner")
    sale_order_id = fields.Many2one("sale.order")
    picking_id = fields.Many2one("stock.picking", string="Transfer")
    reason = fields.Char(required=True)

    def action_grant(self):
        """Release the lots.

        :raise AccessError: if the user is no shelf-life manager
        :raise UserError: names the lots that have expired, or have no date
        :return: action where it must be signed or approved first, else ``None``
        """
        self.ensure_one()
        releases = self.env["qms.expiry.release"]._request(self._prepare_releases())
        return releases.action_grant()

    def _prepare_releases(self):
        return [
            {
                "lot_id": lot.id,
                "kind": self.kind,
                self.document: self[self.document].id,
                "reason": self.reason,
            }
            for lot in self.lot_ids
        ]
