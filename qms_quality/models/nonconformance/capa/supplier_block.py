from odoo import api, fields, models
from odoo.fields import Domain

from ...sentinel import trusted
from .capa import MANAGER


class QmsSupplierBlock(models.Model):
    """Of a supplier nothing more is bought, or not these products, until it is lifted.

    Purchase orders are refused when they are confirmed.
    """

    _name = "qms.supplier.block"
    _description = "Blocked Supplier"
    _inherit = ["mail.thread", "qms.staged.mixin", "qms.audit.mixin"]
    _order = "state, date_from desc, id desc"
    _check_company_auto = True
    _mail_post_access = "read"

    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="With its addresses and contacts.",
    )
    product_ids = fields.Many2many(
        "product.product",
        "qms_supplier_block_product_rel",
        "block_id",
        "product_id",
        string="Products",
        ondelete="restrict",
        check_company=True,
        help="Without products and categories: all.",
    )
    categ_ids = fields.Many2many(
        "product.category",
        "qms_supplier_block_categ_rel",
        "block_id",
        "categ_id",
        string="Product Categories",
        ondelete="restrict",
        help="With the categories inside them.",
    )
    reason = fields.Char(required=True, tracking=True)
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="Until", tracking=True, help="Empty: until lifted.")
    state = fields.Selection(
        [("active", "Blocked"), ("lifted", "Lifted")],
        required=True,
        readonly=True,
        copy=False,
        default="active",
        index=True,
        tracking=True,
    )
    lifted_by_id = fields.Many2one(
        "res.users", string="Lifted by", readonly=True, copy=False
    )
    date_lifted = fields.Datetime(string="Lifted on", readonly=True, copy=False)
    capa_id = fields.Many2one(
        "qms.capa",
        string="CAPA",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )

    _dates_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A block can't end before it begins."
    )

    @api.depends("partner_id", "product_ids", "categ_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for block in self:
            goods = block.product_ids.mapped("display_name")
            goods += block.categ_ids.mapped("display_name")
            what = ", ".join(goods) or self.env._("all products")
            block.display_name = f"{block.partner_id.display_name or ''}: {what}"

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"lifted_by_id", "date_lifted"}

    def _check_change(self, vals):
        if vals.keys() - {"message_follower_ids"}:
            self._check_stage(["active"], self.env._("Changing"))
        return super()._check_change(vals)

    def action_lift(self):
        """Let the supplier deliver again.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if a block was lifted already
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")
        self._check_stage(["active"], self.env._("Lifting"))
        trusted(self).write(
            {
                "state": "lifted",
                "lifted_by_id": self.env.uid,
                "date_lifted": fields.Datetime.now(),
            }
        )
        self._audit("lift")

    # -- What is refused ---------------------------------------------------------------

    @api.model
    def _get_in_force_domain(self, partners, companies):
        """Return the domain of the blocks that count today."""
        today = fields.Date.context_today(self)
        return (
            Domain("state", "=", "active")
            & Domain("company_id", "in", companies.ids)
            & Domain(
                "partner_id", "in", (partners | partners.commercial_partner_id).ids
            )
            & Domain("date_from", "<=", today)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", today))
        )

    @api.model
    def _find(self, lines):
        """Return the blocks that lines of purchase orders run into.

        One query, for all of them.

        :param lines: ``purchase.order.line``
        :return: ``{line: blocks}``, of the lines that run into any, in sudo
        """
        lines = lines.sudo().filtered("product_id")
        orders = lines.order_id
        if not orders:
            return {}
        # sudo: who buys need not be allowed to read the blocks
        blocks = self.sudo().search(
            self._get_in_force_domain(orders.partner_id, orders.company_id)
        )
        found = {
            line: blocks.filtered(lambda block, line=line: block._matches(line))
            for line in lines
        }
        return {line: found[line] for line in lines if found[line]}

    def _matches(self, line):
        partner = line.order_id.partner_id
        if self.company_id != line.order_id.company_id:
            return False
        if self.partner_id not in (partner, partner.commercial_partner_id):
            return False
        product = line.product_id
        if not self.product_ids and not self.categ_ids:
            return True
        path = product.categ_id.parent_path or ""
        inside = {int(key) for key in path.split("/") if key}
        return product in self.product_ids or bool(inside & set(self.categ_ids.ids))

    @api.model
    def _get_refusals(self, lines):
        """Return why lines of purchase orders are refused, a text for each."""
        return [
            self.env._(
                "%(order)s, %(product)s: %(partner)s is blocked: %(reason)s%(capa)s",
                order=line.order_id.name,
                product=line.product_id.display_name,
                partner=block.partner_id.display_name,
                reason=block.reason,
                capa=f" ({block.capa_id.name})" if block.capa_id else "",
            )
            for line, blocks in self._find(lines).items()
            for block in blocks[:1]
        ]
