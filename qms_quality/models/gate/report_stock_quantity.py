from odoo import models
from odoo.tools import SQL
from odoo.tools.sql import table_exists


class ReportStockQuantity(models.Model):
    """The graph of the forecast counts what the forecast itself counts.

    Of goods held in a status that is not expected to end, it keeps what is reserved, as
    it does of goods that are about to expire.
    """

    _inherit = "report.stock.quantity"

    _depends = {
        "qms.hold": [
            "state",
            "product_id",
            "lot_id",
            "location_id",
            "package_id",
            "status_id",
            "blocked_types",
        ],
        "qms.inspection.status": ["expected_release"],
        "stock.quant": ["reserved_quantity"],
    }

    def _get_product_qty_col(self):
        quantity = super()._get_product_qty_col()
        leaving = self.env.context.get("qms_uninstall")
        # while the addon is being installed, the ledger's table may come later
        if leaving or not table_exists(self.env.cr, "qms_hold"):
            return quantity
        lost = self.env.cr.mogrify(self._qms_get_lost_sql()).decode()
        # the view is made with parameters of its own
        lost = lost.replace("%", "%%")
        return f"CASE WHEN {lost} THEN q.reserved_quantity ELSE {quantity} END"

    def _qms_get_lost_sql(self):
        """Return the condition of quants ``q`` to leave out on a ``date``."""
        lost = self.env["stock.quant"]._qms_get_lost_sql("q", ("delivery",))
        # the list of products is asked for once, and spares the rest the look-up
        return SQL(
            """date >= (now() at time zone 'utc')::date
               AND q.product_id IN (SELECT product_id FROM qms_hold
                                    WHERE state = 'open')
               AND %s""",
            lost,
        )
