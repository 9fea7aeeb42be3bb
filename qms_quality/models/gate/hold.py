from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..sentinel import is_trusted, trusted, untrusted
from .transaction import GateReason, as_types


class QmsHold(models.Model):
    """One reason why goods may not be used, in the ledger that the gate reads.

    A hold covers a lot, a lot in one place (with the places inside it), the content of
    a package, or an untracked product in a place. It has no quantity: to hold a part,
    the part goes to a place, a package or a lot of its own.
    """

    _name = "qms.hold"
    _description = "Quality Hold"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.audit.mixin"]
    _order = "id desc"
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
        string="Held since", readonly=True, default=fields.Datetime.now
    )
    placed_by_id = fields.Many2one(
        "res.users", string="Held by", readonly=True, default=lambda self: self.env.uid
    )
    date_released = fields.Datetime(string="Released on", readonly=True)
    released_by_id = fields.Many2one("res.users", string="Released by", readonly=True)
    release_reason = fields.Char(readonly=True)
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

    @api.model_create_multi
    def create(self, vals_list):
        self._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        # mail.thread keeps its own counters and followers on the record
        if not set(vals) <= self._get_free_fields():
            self._check_trusted()
        return super().write(vals)

    @api.model
    def _get_free_fields(self):
        return {"message_follower_ids", "message_main_attachment_id", "activity_ids"}

    def _check_trusted(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "Holds are placed and released by their buttons only, so that each"
                    " has its reason and its trail."
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("A hold is never deleted. Release it: its history stays.")
        )

    def copy_data(self, default=None):
        raise UserError(self.env._("A hold can't be copied."))

    # -- Placing -----------------------------------------------------------------------

    @api.model
    def _place(self, vals_list):
        """Place holds, update the badges, free the reservations, write the trail.

        The caller's action has checked the rights.

        :param list vals_list: dicts of ``product_id``, ``status_id``, ``reason``, one
            or more of ``lot_id``, ``location_id``, ``package_id``, and optionally
            ``comment``, ``res_model``, ``res_id``, ``company_id``, ``date_term``,
            ``next_status_id``, ``root_id``, ``provisional``
        :return: the holds
        """
        if not vals_list:
            return self.browse()
        # sudo: a clerk's receipt holds goods, but no clerk may write the ledger
        ledger = trusted(self.sudo())
        holds = ledger.with_context(mail_create_nolog=True, tracking_disable=True)
        names = self.env["ir.sequence"]._qms_draw("qms.hold", len(vals_list))
        holds = holds.create(
            [
                ledger._prepare_hold(vals, name)
                for vals, name in zip(vals_list, names, strict=True)
            ]
        )
        holds._bump_gate()
        holds._audit_placing()
        placed = untrusted(holds.with_env(ledger.env))
        placed.filtered(lambda hold: not hold.provisional)._free_reservations()
        return self.browse(placed.ids)

    def _prepare_hold(self, vals, name):
        if "company_id" not in vals:
            vals = dict(vals, company_id=self._get_hold_company(vals).id)
        return dict(vals, name=name, placed_by_id=self.env.uid)

    def _get_hold_company(self, vals):
        for model, field in (
            ("stock.location", "location_id"),
            ("stock.lot", "lot_id"),
            ("stock.package", "package_id"),
        ):
            company = self.env[model].browse(vals.get(field)).company_id
            if company:
                return company
        return self.env["res.company"]

    def _audit_placing(self):
        available = self.env["qms.inspection.status"]._get_available().name
        self.env["qms.audit.entry"]._log(
            self,
            "place",
            {
                hold.id: [
                    (
                        hold._get_goods_name(),
                        hold.root_id.name or available,
                        hold.status_id.name,
                    )
                ]
                for hold in self
            },
            self[:1].reason,
        )

    def _get_goods_name(self):
        """Return what is held, for people: product, lot, package, place."""
        self.ensure_one()
        parts = [
            self.product_id.display_name,
            self.lot_id.name,
            self.package_id.name,
            self.location_id.display_name,
        ]
        return " · ".join(part for part in parts if part)

    # -- Releasing ---------------------------------------------------------------------

    def action_release(self):
        """Ask for the reason, then release.

        :raise UserError: if the user may not release one of the holds
        """
        self._check_release()
        return self.env["qms.hold.wizard"]._open_release(self)

    def action_open_document(self):
        """Open the document that holds the goods."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }

    def _check_release(self):
        """Refuse unless the user may release every one of the holds by hand.

        :raise AccessError: names each hold and the group that may release it
        :raise UserError: if a hold only extends another one
        """
        extensions = self.filtered("root_id")
        if extensions:
            raise UserError(
                self.env._(
                    "These holds travelled with their goods. Release the holds that"
                    " they extend: %(roots)s.",
                    roots=", ".join(extensions.root_id.mapped("name")),
                )
            )
        groups = self.env.user.all_group_ids
        refused = self.filtered(
            lambda hold: hold.status_id._get_release_group() not in groups
        )
        if refused:
            raise AccessError(
                self.env._(
                    "You may not release these holds:\n%(holds)s",
                    holds="\n".join(hold._get_release_hint() for hold in refused),
                )
            )

    def _get_release_hint(self):
        return self.env._(
            "%(hold)s on %(goods)s: ask someone of the group %(group)s.",
            hold=self.display_name,
            goods=self._get_goods_name(),
            group=self.status_id._get_release_group().sudo().full_name,
        )

    def _release(self, reason, comment=None):
        """Release open holds with what they were extended to, and reserve again.

        The caller's action has checked the rights.

        :param str reason: why
        :param str comment: more words
        """
        # sudo: validating a quality order releases, but nobody may write the ledger
        holds = trusted(self.sudo())
        holds = (holds | holds.child_ids).filtered(lambda hold: hold.state == "open")
        if not holds:
            return
        holds._bump_gate()
        holds.write(
            {
                "state": "released",
                "date_released": fields.Datetime.now(),
                "released_by_id": self.env.uid,
                "release_reason": reason,
                "release_comment": comment,
            }
        )
        holds.activity_unlink(["mail.mail_activity_data_todo"])
        self.env["qms.audit.entry"]._log(
            holds, "release", holds._prepare_release_changes(), reason
        )
        untrusted(holds)._reserve_again()

    def _get_roots(self):
        """Return the holds that these came from: what a person releases."""
        return self.root_id | self.filtered(lambda hold: not hold.root_id)

    def _prepare_release_changes(self):
        available = self.env["qms.inspection.status"]._get_available().name
        return {
            hold.id: [
                (
                    hold._get_goods_name(),
                    hold.status_id.name,
                    hold.lot_id.inspection_status_id.name or available,
                )
            ]
            for hold in self
        }

    @api.model
    def _search_open(self, res_model, res_ids):
        """Return the open holds that documents placed, without their extensions."""
        # sudo: who acts on the document need not read the ledger
        holds = self.sudo().search(self._get_document_domain(res_model, res_ids))
        return holds.sudo(self.env.su)

    def _get_document_domain(self, res_model, res_ids):
        return [
            ("res_model", "=", res_model),
            ("res_id", "in", res_ids),
            ("state", "=", "open"),
            ("root_id", "=", False),
        ]

    # -- No race -----------------------------------------------------------------------

    def _bump_gate(self):
        """Touch the rows that a posting locks, so that the two never pass each other.

        A posting reads its lots' rows ``FOR SHARE`` (the product's, where there is no
        lot). A hold that commits first makes it fail and run again; one that comes
        second waits. In id order, so that two holds never wait for each other.
        """
        self.flush_recordset()
        lotless = self.filtered(lambda hold: not hold.lot_id)
        lots = self.lot_id | lotless._get_quants().lot_id
        for table, ids in (
            ("stock_lot", lots.ids),
            ("product_product", lotless.product_id.ids),
        ):
            if ids:
                self.env.cr.execute(self._get_bump_query(table, ids))

    def _get_bump_query(self, table, ids):
        return SQL(
            """UPDATE %(table)s SET qms_gate_counter = COALESCE(qms_gate_counter, 0) + 1
               WHERE id IN (
                   SELECT id FROM %(table)s WHERE id IN %(ids)s ORDER BY id FOR UPDATE)
            """,
            table=SQL.identifier(table),
            ids=tuple(sorted(ids)),
        )

    # -- Goods that are held -----------------------------------------------------------

    def _get_quants(self):
        """Return the stock that these holds cover, in any company."""
        if not self:
            return self.env["stock.quant"]
        return self.env["stock.quant"].sudo().search(self._get_quant_domain())

    def _get_quant_domain(self):
        return Domain("quantity", "!=", 0) & self._get_covered_domain()

    def _get_covered_domain(self):
        """Return the domain of what these holds cover, on quants or on move lines."""
        lot_wide = self.filtered(lambda hold: hold.scope == "lot")
        domains = [hold._get_goods_domain() for hold in self - lot_wide]
        if lot_wide:
            domains.append(Domain("lot_id", "in", lot_wide.lot_id.ids))
        return Domain.OR(domains)

    def _get_goods_domain(self):
        self.ensure_one()
        domain = Domain("product_id", "=", self.product_id.id)
        if self.lot_id:
            domain &= Domain("lot_id", "=", self.lot_id.id)
        if self.package_id:
            domain &= Domain("package_id", "=", self.package_id.id)
        if self.location_id:
            domain &= Domain("location_id", "child_of", self.location_id.id)
        return domain

    def _covers(self, goods):
        """Tell whether ``self`` covers ``goods``.

        A hold without a lot covers every lot of its product in its place: stock of a
        tracked product without a lot can leave under any lot's name.
        """
        return (
            self.product_id == goods.product
            and (not self.lot_id or self.lot_id == goods.lot)
            and (not self.package_id or self.package_id == goods.package)
            and (not self.location_id or self.location_id._qms_covers(goods.location))
        )

    @api.model
    def _get_covering(self, goods):
        """Return for each of ``goods`` the open holds that cover it. One query.

        :param list goods: of :class:`Goods`
        :return: list of recordsets, in sudo
        """
        found = self.sudo().browse()
        held = [one for one in goods if one.product._qms_is_held()]
        if held:
            found = found.search_fetch(
                self._get_covering_domain(held),
                ["product_id", "lot_id", "location_id", "package_id", "status_id"],
            )
        return found._match_goods(goods)

    def _match_goods(self, goods):
        """Return for each of ``goods`` those of ``self`` that cover it."""
        by_key = self.grouped(lambda hold: (hold.product_id, hold.lot_id))
        nothing, no_lot = self.browse(), self.env["stock.lot"]
        return [
            nothing.union(
                by_key.get((one.product, one.lot), nothing),
                by_key.get((one.product, no_lot), nothing),
            ).filtered(lambda hold, one=one: hold._covers(one))
            for one in goods
        ]

    def _get_covering_domain(self, goods):
        products = {one.product.id for one in goods}
        lots = {one.lot.id for one in goods if one.lot}
        return (
            Domain("state", "=", "open")
            & Domain("product_id", "in", list(products))
            & (Domain("lot_id", "in", list(lots)) | Domain("lot_id", "=", False))
        )

    # -- The gate's answer -------------------------------------------------------------

    @api.model
    def _qms_gate_reasons(self, goods, type, *, move=None, partner=None, date=None):
        """Answer the one question: may these goods be used for this, here, now?

        Add-ons override this to add reasons of their own: dates, requirements.

        :param list goods: of :class:`Goods` (product, lot, location, package)
        :param type: a transaction type, or several that must all allow it
        :param move: ``stock.move`` recordset that the goods are for
        :param partner: ``res.partner`` that they go to or come from
        :param datetime date: when they will move; now if empty
        :return: for each of the goods a list of :class:`GateReason` that refuse
            (policy ``block``) or warn (policy ``warn``), the strictest first
        """
        types = as_types(type)
        if not types or not goods:
            return [[] for _one in goods]
        return [holds._get_gate_reasons(types) for holds in self._get_covering(goods)]

    def _get_gate_reasons(self, types):
        reasons = []
        for hold in self:
            policy = hold.status_id._get_policy(types)
            if policy != "allow":
                reasons.append(GateReason(policy, hold.status_id, hold, ""))
        # "block" comes before "warn" in the alphabet too
        return sorted(reasons, key=lambda reason: reason.policy)

    def _get_reason_text(self):
        """Return one line for people: status, why, since when, which document."""
        self.ensure_one()
        hold = self.sudo()
        since = fields.Datetime.context_timestamp(self, hold.date_placed)
        parts = [hold.status_id.name, hold.reason, hold.document_name]
        return self.env._(
            "%(what)s, since %(since)s (%(hold)s). Released by: %(group)s",
            what=" · ".join(part for part in parts if part),
            since=since.strftime("%Y-%m-%d %H:%M"),
            hold=hold.name,
            group=hold.status_id._get_release_group().name,
        )

    # -- Next status after a term ------------------------------------------------------

    def _prepare_next_statuses(self):
        """Return the values of the holds that follow these, none where nothing does."""
        return [
            {
                "product_id": hold.product_id.id,
                "lot_id": hold.lot_id.id,
                "location_id": hold.location_id.id,
                "package_id": hold.package_id.id,
                "status_id": hold.next_status_id.id,
                "reason": self.env._("Follows %(status)s", status=hold.status_id.name),
                "res_model": hold.res_model,
                "res_id": hold.res_id,
                "company_id": hold.company_id.id,
            }
            for hold in self
            if hold.next_status_id._restricts()
        ]

    # -- Narrow holds travel -----------------------------------------------------------

    def _prepare_extension(self, goods):
        """Return the values of the hold that follows ``goods`` to where they are."""
        self.ensure_one()
        root = self.root_id or self
        in_package = bool(goods.package)
        return {
            "root_id": root.id,
            "product_id": self.product_id.id,
            "lot_id": goods.lot.id,
            "package_id": goods.package.id,
            "location_id": False if in_package else goods.location.id,
            "status_id": self.status_id.id,
            "reason": root.reason,
            "res_model": root.res_model,
            "res_id": root.res_id,
        }

    def _close_empty(self):
        """Release the extensions of ``self`` that cover no goods any more."""
        extensions = self.filtered("root_id")
        if not extensions:
            return
        quants = extensions._get_quants().filtered(lambda quant: quant.quantity > 0)
        goods = quants._qms_get_goods()
        empty = extensions.filtered(
            lambda hold: not any(hold._covers(one) for one in goods)
        )
        empty._release(self.env._("No goods are left here"))
