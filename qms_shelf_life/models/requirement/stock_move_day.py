from odoo import models


class StockMove(models.Model):
    """The day by which goods of a move are judged."""

    _inherit = "stock.move"

    def _qms_get_own_day(self, moment):
        """Return the day on which the goods move, where they leave or arrive.

        A move that is late moves today. One that is posted moved when it was.
        """
        day = super()._qms_get_own_day(moment)
        warehouse = self.location_id.warehouse_id
        if not warehouse:
            warehouse = self.location_dest_id.warehouse_id
            day = moment and warehouse._qms_get_day(moment)
        if day and self.state == "done":
            return day
        return max(day or warehouse._qms_get_day(), warehouse._qms_get_day())
