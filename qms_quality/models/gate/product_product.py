from collections import defaultdict

from odoo import api, fields, models


class ProductProduct(models.Model):
    _inherit = "product.product"

    qms_gate_counter = fields.Integer(readonly=True, copy=False)
    qms_hold_ids = fields.One2many(
        "qms.hold", "product_id", string="Holds", readonly=True
    )
    # Asked before every reservation, so that goods of which nothing is held cost
    # nothing more than in plain Odoo.
    qms_has_held_lots = fields.Boolean(
        compute="_compute_qms_held_scopes", compute_sudo=True
    )
    qms_has_narrow_holds = fields.Boolean(
        compute="_compute_qms_held_scopes", compute_sudo=True
    )

    @api.depends(
        "qms_hold_ids.state", "qms_hold_ids.scope", "qms_hold_ids.blocked_types"
    )
    def _compute_qms_held_scopes(self):
        scopes = defaultdict(set)
        for product, scope in self.env["qms.hold"]._read_group(
            self._qms_get_blocking_domain(), ["product_id", "scope"]
        ):
            scopes[product.id].add(scope)
        for product in self:
            found = scopes[product._origin.id]
            product.qms_has_held_lots = "lot" in found
            product.qms_has_narrow_holds = bool(found - {"lot"})

    def _qms_get_blocking_domain(self):
        return [
            ("product_id", "in", self._origin.ids),
            ("state", "=", "open"),
            ("blocked_types", "!=", False),
        ]
