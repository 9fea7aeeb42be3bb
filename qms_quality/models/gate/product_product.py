from collections import defaultdict

from odoo import api, fields, models

from .transaction import join_types


class ProductProduct(models.Model):
    _inherit = "product.product"

    qms_gate_counter = fields.Integer(readonly=True, copy=False, qms_audit=False)
    qms_hold_ids = fields.One2many(
        "qms.hold", "product_id", string="Holds", readonly=True
    )
    # Asked before every reservation and posting, once for all products: goods of which
    # nothing is held cost nothing more than in plain Odoo.
    qms_has_held_lots = fields.Boolean(
        compute="_compute_qms_held_scopes", compute_sudo=True
    )
    qms_has_narrow_holds = fields.Boolean(
        compute="_compute_qms_held_scopes", compute_sudo=True
    )
    qms_blocked_types = fields.Char(
        compute="_compute_qms_held_scopes",
        compute_sudo=True,
        help="The transaction types that some hold on these goods blocks.",
    )

    @api.depends(
        "qms_hold_ids.state", "qms_hold_ids.scope", "qms_hold_ids.blocked_types"
    )
    def _compute_qms_held_scopes(self):
        scopes, blocked = defaultdict(set), defaultdict(set)
        for product, scope, types in self.env["qms.hold"]._read_group(
            [("product_id", "in", self._origin.ids), ("state", "=", "open")],
            ["product_id", "scope", "blocked_types"],
        ):
            scopes[product.id].add(scope)
            blocked[product.id].add(types)
        for product in self:
            found = scopes[product._origin.id]
            product.qms_has_held_lots = "lot" in found
            product.qms_has_narrow_holds = bool(found - {"lot"})
            product.qms_blocked_types = join_types(blocked[product._origin.id])

    def _qms_is_held(self):
        """Tell whether anything of this product is held, in any scope."""
        self.ensure_one()
        return self.qms_has_held_lots or self.qms_has_narrow_holds

    def _qms_is_blocked(self, types):
        """Tell whether a hold on some goods of this product blocks one of ``types``."""
        self.ensure_one()
        blocked = self.qms_blocked_types or ""
        return any(f",{name}," in blocked for name in types)
