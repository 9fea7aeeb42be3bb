from odoo import models
from odoo.tools.sql import table_exists


class ReportStockQuantity(models.Model):
    """The graph of the forecast counts what the forecast itself counts.

    Of goods held in a status that is not expected to end, it keeps what is reserved, as
    it does of goods that are about to expire.
    """

    _inherit = "report.stock.quantity"

    _depends = {
        "qms.hold": [
            "blocked_types",
            "location_id",
            "lot_id",
            "package_id",
            "product_id",
            "state",
            "status_id",
        ],
        "qms.inspection.status": ["expected_release"],
        "stock.location": ["parent_path"],
        "stock.quant": ["lot_id", "package_id", "reserved_quantity"],
    }

    def _get_product_qty_col(self):
        quantity = super()._get_product_qty_col()
        leaving = self.env.context.get("qms_uninstall")
        # while the addon is being installed, the ledger's table may come later
        if leaving or not table_exists(self.env.cr, "qms_hold"):
            return quantity
        return f"""CASE WHEN date >= (now() at time zone 'utc')::date
                             AND q.id IN ({self._qms_get_lost_query()})
                        THEN q.reserved_quantity ELSE {quantity} END"""

    def _qms_get_lost_query(self):
        """Return the query of the quants that can't be delivered, for good.

        It asks nothing of the row it is used for, so that PostgreSQL answers it once
        and not for each quant on each day. Its percent signs are doubled for ``init``.
        """
        query = """
            SELECT lost.id
              FROM qms_hold h
              JOIN qms_inspection_status s ON s.id = h.status_id
              JOIN stock_quant lost ON {covered}
         LEFT JOIN stock_location held_at ON held_at.id = h.location_id
         LEFT JOIN stock_location lies_at ON lies_at.id = lost.location_id
             WHERE h.state = 'open'
               AND h.blocked_types LIKE '%%,delivery,%%'
               AND s.expected_release IS NOT TRUE
               AND (h.package_id IS NULL OR h.package_id = lost.package_id)
               AND (h.location_id IS NULL
                    OR lies_at.parent_path LIKE held_at.parent_path || '%%')"""
        # apart, so that each finds its quants by an index
        by_lot = query.format(covered="lost.lot_id = h.lot_id")
        by_product = query.format(
            covered="h.lot_id IS NULL AND lost.product_id = h.product_id"
        )
        return f"{by_lot} UNION ALL {by_product}"
