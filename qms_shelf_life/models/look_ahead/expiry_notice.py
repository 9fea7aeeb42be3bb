from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.sentinel import is_trusted

KEEPER = "qms_shelf_life.group_shelf_life_manager"
SELLER = "sales_team.group_sale_manager"
KINDS = [("offer", "Offer"), ("return", "Return Label")]
STATES = [("draft", "To Review"), ("sent", "Sent"), ("discarded", "Discarded")]
# What a reviewer may change before it is sent.
TOLD = {"kind", "text"}


class QmsExpiryNotice(models.Model):
    """A customer is told, once, that a lot he got comes near its date."""

    _name = "qms.expiry.notice"
    _description = "Notice to a Customer about a Lot near its Date"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin", "mail.thread"]
    _order = "state, expiry_day, partner_id, id"
    _mail_post_access = "read"

    name = fields.Char(string="Reference", required=True, readonly=True, copy=False)
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    email = fields.Char(related="partner_id.email")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        related="lot_id.product_id", store=True, index=True, precompute=True
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="What the customer got of the lot, less what he sent back, when the notice"
        " was made.",
    )
    expiry_day = fields.Date(string="Expires on", readonly=True)
    date_delivered = fields.Date(string="Last Delivery", readonly=True)
    kind = fields.Selection(
        KINDS,
        string="Brings",
        required=True,
        default="offer",
        help="Offer: the text says what you offer. Return Label: a label to send the"
        " goods back with is attached.",
    )
    text = fields.Text(
        string="Offer",
        help="What the mail says besides the goods and their dates, in the customer's"
        " language.",
    )
    state = fields.Selection(
        STATES,
        string="Status",
        required=True,
        readonly=True,
        default="draft",
        index=True,
        copy=False,
    )
    date_sent = fields.Datetime(string="Sent on", readonly=True, copy=False)
    sent_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    main_id = fields.Many2one(
        "qms.expiry.notice",
        string="Told with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The notice whose mail tells of this lot, too.",
    )
    told_ids = fields.One2many(
        "qms.expiry.notice", "main_id", string="Told of", readonly=True
    )
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    _once = models.Constraint(
        "unique(lot_id, partner_id)",
        "There is a notice to this customer about this lot already. Nobody is told"
        " twice.",
    )

    def write(self, vals):
        if set(vals) & TOLD and not is_trusted(self.env):
            self._check_draft()
        return super().write(vals)

    def _check_draft(self):
        """Refuse what can't be done to notices that are sent or discarded.

        :raise UserError: names them
        """
        done = self.filtered(lambda notice: notice.state != "draft")
        if done:
            states = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "These notices are no longer to be reviewed: %s.",
                    ", ".join(f"{one.name} ({states[one.state]})" for one in done),
                )
            )

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | TOLD

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Notices are proposed by Find Customers or by the scheduled action, and"
            " move by their buttons only."
        )

    @api.depends("name", "partner_id.display_name")
    def _compute_display_name(self):
        for notice in self:
            # sudo: who reads the notice may read whom it is to
            notice.display_name = f"{notice.name} · {notice.sudo().partner_id.name}"

    @api.depends("kind", "text", "state", "partner_id")
    def _compute_preview(self):
        template = self.env.ref(
            "qms_shelf_life.mail_template_expiry_notice", raise_if_not_found=False
        )
        for notice in self:
            notice.preview = (
                bool(template and notice.id)
                and template._render_field("body_html", notice.ids, compute_lang=True)[
                    notice.id
                ]
            )

    # -- What a mail tells -------------------------------------------------------------

    def _get_told(self):
        """Return the notices that the mail of this one tells of, itself included.

        All that are to be reviewed for one customer go into one mail.
        """
        self.ensure_one()
        if self.state != "draft":
            return self.main_id.told_ids or self
        return self.search(
            [
                ("state", "=", "draft"),
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("kind", "=", self.kind),
            ]
        )

    def _get_texts(self):
        """Return what is offered, each text once."""
        return list(dict.fromkeys(one.text for one in self._get_told() if one.text))

    def _get_lang(self):
        self.ensure_one()
        # sudo: who may tell a customer need not read all of his card
        return self.sudo().partner_id.lang or self.company_id.partner_id.lang

    def _get_quantity_text(self):
        self.ensure_one()
        # sudo: see above
        unit = self.sudo().uom_id
        number = self.env["ir.qweb.field.float"].value_to_html(
            self.quantity, {"decimal_precision": "Product Unit"}
        )
        return f"{number} {unit.name}"
