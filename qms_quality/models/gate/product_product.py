from collections import defaultdict

from odoo import api, fields, models


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

    @api.depends("qms_hold_ids.state", "qms_hold_ids.scope")
    def _compute_qms_held_scopes(self):
        scopes = defaultdict(set)
        for product, scope in self.env["qms.hold"]._read_group(
            [("product_id", "in", self._origin.ids), ("state", "=", "open")],
            ["product_id", "scope"],
        ):
            scopes[product.id].add(scope)
        for product in self:
            found = scopes[product._origin.id]
            product.qms_has_held_lots = "lot" in found
            product.qms_has_narrow_holds = bool(found - {"lot"})

    def _qms_is_held(self):
        """Tell whether anything of this product is held, in any scope."""
        self.ensure_one()
        return self.qms_has_held_lots or self.qms_has_narrow_holds
