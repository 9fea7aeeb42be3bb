from odoo import models


class StockPicking(models.Model):
    """Transfers show what the orders of their goods ask for."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "qms.required.order.mixin"]

    def _qms_get_order_requirements(self):
        found = self.move_ids._qms_get_requirements()
        none = self.env["qms.qrs.document.line"].sudo()
        return {
            picking: none.union(*(found[move] for move in picking.move_ids))
            for picking in self
        }
