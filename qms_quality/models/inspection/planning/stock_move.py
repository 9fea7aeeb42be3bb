from odoo import models
from odoo.fields import Domain


class StockMove(models.Model):
    """Deliveries wait for tests before shipment."""

    _inherit = "stock.move"

    def _qms_get_blocking_domains(self):
        leaving = self.filtered(lambda move: move._qms_is_leaving())
        return [
            *super()._qms_get_blocking_domains(),
            Domain("is_pre_ship", "=", True)
            & Domain("block_transfer", "=", True)
            & Domain("product_id", "in", leaving.product_id.ids),
        ]

    def _qms_is_leaving(self):
        """Tell whether this move takes goods to somebody else."""
        self.ensure_one()
        return "delivery" in self._qms_get_types()

    def _qms_waits_for(self, order):
        if super()._qms_waits_for(order):
            return True
        if not order.is_pre_ship or not self._qms_is_leaving():
            return False
        lines = self.move_line_ids
        if not order._covers_goods(self.product_id, lines.lot_id):
            return False
        place = order.location_id
        return (
            bool(order.lot_ids)
            or not place
            or any(line.location_id._child_of(place) for line in lines)
        )
