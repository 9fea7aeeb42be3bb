from odoo import models


class StockLot(models.Model):
    """Part of returned goods that becomes a lot of its own."""

    _inherit = "stock.lot"

    def _qms_split(self, quantity, location, name=None, package=None, owner=None):
        child = super()._qms_split(quantity, location, name, package, owner)
        self.env["qms.quality.order"]._copy_to_new_lot(self, child, quantity)
        return child
