from odoo import api, models
from odoo.tools import SQL


class StockMoveLine(models.Model):
    """When lots came in, and what of them went to whom."""

    _inherit = "stock.move.line"

    _qms_lot_idx = models.Index("(lot_id, date) WHERE state = 'done'")
    _qms_partner_lot_idx = models.Index(
        "(picking_id, product_id) WHERE state = 'done' AND lot_id IS NOT NULL"
    )

    @api.model
    def _qms_get_first_arrivals(self, lots):
        """Return when each lot first came in, or was made: ``{lot id: datetime}``.

        One query, by index. What never came in isn't in it.
        """
        if not lots.ids:
            return {}
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT l.lot_id, MIN(l.date) FROM %s GROUP BY l.lot_id",
                    self._qms_get_arrivals_sql(SQL("l.lot_id IN %s", tuple(lots.ids))),
                )
            )
        )

    @api.model
    def _qms_get_arrivals_sql(self, condition):
        """Return the SQL of the done lines ``l`` by which goods came in."""
        return SQL(
            """stock_move_line l
               JOIN stock_location s ON s.id = l.location_id
               JOIN stock_location d ON d.id = l.location_dest_id
               WHERE l.state = 'done' AND %s
                 AND s.usage NOT IN ('internal', 'transit')
                 AND d.usage IN ('internal', 'transit')""",
            condition,
        )
