from odoo import models

from .transaction import INSIDE, Goods


class StockMoveLine(models.Model):
    """Narrow holds travel with their goods."""

    _inherit = "stock.move.line"

    def _qms_travel(self, movements, covering):
        """Extend the narrow holds of the goods that moved to where they are now."""
        vals_list, left = [], self.env["qms.hold"].sudo()
        for movement, narrow in zip(movements, covering, strict=True):
            if not narrow:
                continue
            left |= narrow
            if movement.location_dest.usage in INSIDE:
                vals_list += movement.line._qms_prepare_extensions(movement, narrow)
        if left:
            extensions = self._qms_get_new_extensions(vals_list)
            self.env["qms.hold"]._place(extensions, exact=True)
            left._close_empty()

    def _qms_prepare_extensions(self, movement, holds):
        goods = Goods(
            movement.product,
            movement.lot,
            movement.location_dest,
            movement.package_dest,
        )
        return [
            hold._prepare_extension(goods) for hold in holds if not hold._covers(goods)
        ]

    def _qms_get_new_extensions(self, vals_list):
        """Leave out what is extended there already, in the ledger or in the list."""
        Hold = self.env["qms.hold"].sudo()
        keys = ("root_id", "product_id", "lot_id", "location_id", "package_id")
        roots = list({vals["root_id"] for vals in vals_list})
        seen = {
            tuple(hold[key].id for key in keys)
            for hold in Hold.search([("root_id", "in", roots), ("state", "=", "open")])
        }
        new = []
        for vals in vals_list:
            key = tuple(vals[name] or False for name in keys)
            if key not in seen:
                seen.add(key)
                new.append(vals)
        return new
