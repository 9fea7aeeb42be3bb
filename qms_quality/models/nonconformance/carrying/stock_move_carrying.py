from odoo import models
from odoo.fields import Domain

from ...sentinel import trusted, untrusted

OVER = ("done", "cancel")


class StockMove(models.Model):
    """Moves of documents that others finish: what is left, and what they may take."""

    _inherit = "stock.move"

    # -- What is left of a move belongs to the same disposition ------------------------

    def _create_backorder(self):
        if not self.qms_disposition_id:
            return super()._create_backorder()
        return untrusted(super(StockMove, trusted(self))._create_backorder())

    def _prepare_move_split_vals(self, qty):
        vals = super()._prepare_move_split_vals(qty)
        if self.qms_disposition_id:
            vals["qms_disposition_id"] = self.qms_disposition_id.id
        return vals

    def _get_backorder_move_vals(self):
        vals = super()._get_backorder_move_vals()
        if self.qms_disposition_id:
            vals["qms_disposition_id"] = self.qms_disposition_id.id
        return vals

    def _qms_may_lack(self):
        # sudo: see below
        row = self.sudo().qms_disposition_id
        if row and not row._get_refusing()[row]:
            # how much it takes of what was decided is up to its document
            return False
        rebuilding = self.sudo()._qms_get_permitting() - row
        if rebuilding and self.product_id in rebuilding._get_held_parts().product_id:
            # the parts that are held are there for it
            return False
        return super()._qms_may_lack()

    # -- They reserve what was decided about, and nothing else -------------------------

    def _qms_get_gate_domain(self, product, location):
        # sudo: whoever reserves need not be allowed to read the decision
        disposition = self.sudo().qms_disposition_id
        if disposition:
            return disposition._get_goods_domain()
        rebuilding = self.sudo()._qms_get_permitting()
        if rebuilding and (parts := rebuilding._get_recovered(product)):
            return Domain("id", "in", parts.ids)
        return super()._qms_get_gate_domain(product, location)

    def _qms_get_permitting(self):
        """Return the disposition whose permits let the goods of this move pass.

        Its own, or that of the order which builds again what was taken apart: the
        parts are held, and it may use them up.
        """
        row = self.raw_material_production_id.qms_disposition_id
        return self.qms_disposition_id or row.filtered(
            lambda one: one.rework_way == "unbuild"
        )
