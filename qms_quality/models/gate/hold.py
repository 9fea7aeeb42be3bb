from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsHold(models.Model):
    """One reason why goods may not be used, in the ledger that the gate reads.

    A hold covers a lot, a lot in one place (with the places inside it), the content of
    a package, or an untracked product in a place. It has no quantity: to hold a part,
    the part goes to a place, a package or a lot of its own.
    """

    _name = "qms.hold"
    _description = "Quality Hold"
    _inherit = [
        "qms.protected.mixin",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _qms_audit_made = "place"
    _order = "id desc"
    # nobody writes a hold, but whoever sees it may talk about it
    _mail_post_access = "read"
    _check_company_auto = True

    name = fields.Char(required=True, readonly=True, default="/", copy=False)
    state = fields.Selection(
        [("open", "Open"), ("released", "Released")],
        required=True,
        readonly=True,
        default="open",
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    package_id = fields.Many2one(
        "stock.package", readonly=True, ondelete="restrict", check_company=True
    )
    scope = fields.Selection(
        [
            ("lot", "Lot"),
            ("lot_place", "Lot in a place"),
            ("package", "Package"),
            ("product_place", "Product in a place"),
        ],
        compute="_compute_scope",
        store=True,
        qms_audit=False,
    )
    status_id = fields.Many2one(
        "qms.inspection.status", required=True, readonly=True, ondelete="restrict"
    )
    color = fields.Integer(related="status_id.color")
    blocked_types = fields.Char(related="status_id.blocked_types", store=True)
    reason = fields.Char(readonly=True)
    comment = fields.Text(readonly=True)
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", readonly=True
    )
    document_name = fields.Char(compute="_compute_document_name", string="Document")
    provisional = fields.Boolean(
        readonly=True,
        help="Placed when the lot was created; replaced when its goods arrive.",
    )
    date_placed = fields.Datetime(
        string="Held since",
        readonly=True,
        default=fields.Datetime.now,
        qms_audit=False,
    )
    placed_by_id = fields.Many2one(
        "res.users",
        string="Held by",
        readonly=True,
        default=lambda self: self.env.uid,
        qms_audit=False,
    )
    date_released = fields.Datetime(
        string="Released on", readonly=True, qms_audit=False
    )
    released_by_id = fields.Many2one(
        "res.users", string="Released by", readonly=True, qms_audit=False
    )
    release_reason = fields.Char(readonly=True, qms_audit=False)
    release_comment = fields.Text(readonly=True)
    date_term = fields.Datetime(
        string="Until",
        readonly=True,
        help="When this term has passed, the next status follows.",
    )
    next_status_id = fields.Many2one(
        "qms.inspection.status", readonly=True, ondelete="restrict"
    )
    root_id = fields.Many2one(
        "qms.hold",
        string="Extends",
        readonly=True,
        ondelete="restrict",
        index="btree_not_null",
        help="The hold that travelled here with its goods.",
    )
    child_ids = fields.One2many("qms.hold", "root_id", string="Extended to")
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    can_release = fields.Boolean(compute="_compute_can_release")

    _scope_check = models.Constraint(
        "CHECK(lot_id IS NOT NULL OR location_id IS NOT NULL"
        " OR package_id IS NOT NULL)",
        "A hold covers a lot, a place or a package.",
    )
    _open_lot_idx = models.Index("(lot_id, product_id) WHERE state = 'open'")
    _open_product_idx = models.Index("(product_id, scope) WHERE state = 'open'")
    _open_narrow_idx = models.Index(
        "(product_id, lot_id) WHERE state = 'open' AND scope <> 'lot'"
    )
    _lot_idx = models.Index("(lot_id) WHERE lot_id IS NOT NULL")
    _document_idx = models.Index("(res_model, res_id)")
    _term_idx = models.Index("(date_term) WHERE state = 'open'")

    @api.depends("lot_id", "location_id", "package_id")
    def _compute_scope(self):
        for hold in self:
            if hold.package_id:
                hold.scope = "package"
            elif hold.location_id:
                hold.scope = "lot_place" if hold.lot_id else "product_place"
            else:
                hold.scope = "lot"

    @api.depends("res_model", "res_id")
    def _compute_document_name(self):
        for model, holds in self.grouped("res_model").items():
            known = model in self.env
            # sudo: the name of the document that holds is part of the refusal
            records = known and self.env[model].sudo().browse(holds.mapped("res_id"))
            names = {r.id: r.display_name for r in records.exists()} if known else {}
            for hold in holds:
                hold.document_name = names.get(hold.res_id, False)

    @api.depends_context("uid")
    @api.depends("status_id", "state")
    def _compute_can_release(self):
        groups = self.env.user.all_group_ids
        for hold in self:
            hold.can_release = (
                hold.state == "open"
                and not hold.root_id
                and hold.status_id._get_release_group() in groups
            )

    @api.depends("name", "status_id")
    def _compute_display_name(self):
        for hold in self:
            hold.display_name = f"{hold.name} · {hold.status_id.name}"

    # -- The ledger can't be written by hand -------------------------------------------

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Holds are placed and released by their buttons only, so that each"
            " has its reason and its trail."
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_protected(self):
        raise UserError(
            self.env._("A hold is never deleted. Release it: its history stays.")
        )

    def copy_data(self, default=None):
        raise UserError(self.env._("A hold can't be copied."))
