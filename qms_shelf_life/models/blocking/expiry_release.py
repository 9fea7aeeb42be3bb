from odoo import api, fields, models

from odoo.addons.qms_quality.models.evidence.content import field_line

KINDS = [("special_sale", "Special Sale"), ("donate", "Donation")]
DOCUMENTS = ("picking_id", "sale_order_id", "partner_id")
SIGNED = ("lot_id", "kind", *DOCUMENTS, "reason")


class QmsExpiryRelease(models.Model):
    """A decision: a lot near its date may go, for one document or partner.

    It lifts the block of the days before the expiry, never that of what has expired.
    """

    _name = "qms.expiry.release"
    _description = "Release before Expiry"
    _inherit = ["qms.protected.mixin", "qms.guarded.mixin"]
    _order = "id desc"
    _check_company_auto = True

    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, index=True, precompute=True
    )
    expiration_date = fields.Datetime(related="lot_id.expiration_date")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    sale_order_id = fields.Many2one(
        "sale.order",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    partner_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="Whatever goes to this partner's company.",
    )
    document_name = fields.Char(
        string="For", compute="_compute_document_name", compute_sudo=True
    )
    reason = fields.Char(required=True, readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("granted", "Granted"), ("revoked", "Revoked")],
        required=True,
        readonly=True,
        default="waiting",
    )
    decided_by_id = fields.Many2one("res.users", readonly=True, qms_audit=False)
    date_decided = fields.Datetime(string="Decided on", readonly=True, qms_audit=False)
    company_id = fields.Many2one("res.company", readonly=True, index=True)

    _document_check = models.Constraint(
        "CHECK(num_nonnulls(picking_id, sale_order_id, partner_id) = 1)",
        "A release is for one transfer, one sales order or one partner.",
    )

    @api.depends(*DOCUMENTS)
    def _compute_document_name(self):
        for release in self:
            document = release.picking_id or release.sale_order_id or release.partner_id
            release.document_name = document.display_name

    @api.depends("lot_id", "document_name")
    def _compute_display_name(self):
        for release in self:
            release.display_name = f"{release.lot_id.name} · {release.document_name}"

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "A release before expiry is granted and revoked by its buttons only, so"
            " that it has its reason and its trail."
        )

    def copy_data(self, default=None):
        # a copy would be written by hand
        self._check_trusted()
        return super().copy_data(default)

    # -- For which goods ---------------------------------------------------------------

    def _filter_for(self, move=None, partner=None):
        """Return those granted for the document of a move, or for its partner.

        :param move: ``stock.move`` that the goods are for
        :param partner: ``res.partner`` that they go to
        """
        granted = self.filtered(lambda release: release.state == "granted")
        if not granted:
            return granted
        moves = move._qms_get_followers() if move else self.env["stock.move"].sudo()
        pickings = moves.picking_id
        partners = (
            moves.partner_id | pickings.partner_id | (partner or pickings.partner_id)
        )
        orders = pickings.sale_id | moves.sale_line_id.order_id
        # sudo: whoever posts need not be allowed to read the partner
        companies = partners.sudo().commercial_partner_id
        return granted.filtered(
            lambda release: (
                release.picking_id in pickings
                or release.sale_order_id in orders
                or release.partner_id.commercial_partner_id in companies
            )
        )

    # -- What is signed or approved ----------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "grant": self.env._("Release a lot before its expiry"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in SIGNED),
        ]
