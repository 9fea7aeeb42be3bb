from odoo import models


class StockMoveLine(models.Model):
    """What is produced gets its dates as it is posted, with what it was made from."""

    _inherit = "stock.move.line"

    def _qms_after_posting(self, movements):
        dated = [m for m in movements if m.lot and m.product.use_expiration_date]
        if dated:
            self._qms_date_production(dated)
        return super()._qms_after_posting(movements)

    def _qms_date_production(self, movements):
        """Date the lots that movements produce, and those they are ingredients of.

        :param list movements: of :class:`Movement`, of lots with dates
        """
        made = {
            movement.lot: movement.line.move_id.production_id
            for movement in movements
            if movement.line.move_id.production_id
            and movement.location.usage == "production"
        }
        consumed = (m.line.move_id.raw_material_production_id for m in movements)
        orders = self.env["mrp.production"].union(*consumed)
        made = {**orders._qms_get_made_lots(), **made}
        self.env["stock.lot"].union(*made)._qms_date_produced(made)
