from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.qms_quality.models.sentinel import trusted

# A run that was cut off goes on where it stopped; the next night begins anew.
FRESH = timedelta(hours=12)
KEPT = timedelta(days=7)
AT_ONCE = 200


class QmsExpiryForecast(models.Model):
    """When forecasts are made: every night, and when people ask for it."""

    _inherit = "qms.expiry.forecast"

    @api.model
    def _cron_compute(self, limit=200):
        """Reckon what is at risk, in batches that are committed one by one.

        :param int limit: how many products in warehouses are done at a time
        """
        since = fields.Datetime.now() - FRESH
        progress = self.env["ir.cron"]._commit_progress
        pairs = self._find_due(since)
        time = progress(remaining=len(pairs))
        while pairs and time:
            batch, pairs = pairs[:limit], pairs[limit:]
            self._make(set(batch))._compute_risk()
            time = progress(len(batch), remaining=len(pairs))

    @api.model
    def _find_due(self, since):
        """Return the products in warehouses that have dated stock, and no forecast yet.

        :param datetime since: forecasts that are older don't count
        :return: list of ``(product id, warehouse id)``
        """
        return self._query(
            SQL(
                """
                SELECT q.product_id, l.warehouse_id
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                  JOIN product_product p ON p.id = q.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
             LEFT JOIN qms_expiry_forecast f
                    ON f.product_id = q.product_id AND f.warehouse_id = l.warehouse_id
                 WHERE t.use_expiration_date AND q.lot_id IS NOT NULL
                   AND q.quantity > 0
                   AND l.usage = 'internal' AND l.warehouse_id IS NOT NULL
                   AND (f.date_computed IS NULL OR f.date_computed < %(since)s)
                 GROUP BY 1, 2 ORDER BY 1, 2
                """,
                since=since,
            )
        )

    @api.model
    def _refresh(self, pairs):
        """Reckon anew what is at risk of products in warehouses, as people ask for it.

        :param set pairs: of ``(product id, warehouse id)``
        :return bool: whether it is done; otherwise the scheduled action does it soon
        """
        if len(pairs) <= AT_ONCE:
            self._make(pairs)._compute_risk()
            return True
        forecasts = self._make(pairs)
        forecasts.date_computed = False
        cron = self.env.ref("qms_shelf_life.ir_cron_expiry_forecast")
        # sudo: who may read the report may have it brought up to date
        cron.sudo()._trigger()
        return False

    @api.autovacuum
    def _gc_forecasts(self):
        """Take away what is known of products that are no longer there."""
        old = fields.Datetime.now() - KEPT
        trusted(self).search([("date_computed", "<", old)], limit=10_000).unlink()
