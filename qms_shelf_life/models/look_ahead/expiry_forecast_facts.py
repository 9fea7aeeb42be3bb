from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .fefo_simulation import DatedLot

# Places whose goods a warehouse has given away, as seen from ``l``, its own place.
OUTSIDE = SQL(
    """(d.usage IN ('customer', 'production', 'transit')
        OR (d.usage = 'internal' AND d.warehouse_id IS DISTINCT FROM l.warehouse_id))"""
)


class QmsExpiryForecast(models.Model):
    """What a forecast is reckoned from: stock, orders and use. Read in sets."""

    _inherit = "qms.expiry.forecast"

    @api.model
    def _query(self, query):
        self.env.flush_all()
        return self.env.execute_query(query)

    @api.model
    def _get_dated_lots(self, products, warehouse):
        """Return the stock of products in a warehouse, lot by lot.

        Goods that belong to others are no stock of ours. Lots that are blocked for
        delivery, and not expected to be released, serve no demand.

        :return: ``{product id: [DatedLot]}``, and under ``(product id, "held")`` those
            that serve no demand
        """
        zone = str(warehouse._qms_get_zone_info())
        rows = self._query(
            SQL(
                """
                SELECT q.product_id, q.id, q.quantity, lot.expiration_date,
                       COALESCE(lot.qms_sell_by_date,
                           (lot.expiration_date AT TIME ZONE 'UTC'
                            AT TIME ZONE %(zone)s)::date),
                       COALESCE(lot.qms_blocked_types, '') LIKE '%%,delivery,%%'
                           AND NOT COALESCE(status.expected_release, FALSE)
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                  JOIN stock_lot lot ON lot.id = q.lot_id
                  LEFT JOIN qms_inspection_status status
                         ON status.id = lot.inspection_status_id
                 WHERE q.product_id IN %(products)s
                   AND l.warehouse_id = %(warehouse)s AND l.usage = 'internal'
                   AND q.quantity > 0
                   AND (q.owner_id IS NULL OR q.owner_id = %(owner)s)
                 ORDER BY lot.expiration_date, q.in_date, q.id
                """,
                zone=zone,
                products=tuple(products.ids),
                warehouse=warehouse.id,
                owner=warehouse.company_id.partner_id.id,
            )
        )
        lots = defaultdict(list)
        for product, quant, quantity, expiry, last_day, held in rows:
            lot = DatedLot(quant, quantity, expiry and expiry.date(), last_day)
            if not held:
                lots[product].append(lot)
            elif last_day:
                lots[product, "held"].append(lot)
        return lots

    @api.model
    def _get_ordered(self, products, warehouse, today):
        """Return what open moves still take out of a warehouse, by its days.

        :return: ``{product id: {date: quantity}}``; what is late is due today
        """
        rows = self._query(
            SQL(
                """
                SELECT m.product_id,
                       GREATEST((m.date AT TIME ZONE 'UTC'
                                 AT TIME ZONE %(zone)s)::date, %(today)s),
                       sum(m.product_qty)
                  FROM stock_move m
                  JOIN stock_location l ON l.id = m.location_id
                  JOIN stock_location d ON d.id = m.location_dest_id
                 WHERE m.product_id IN %(products)s
                   AND m.state IN ('waiting', 'confirmed', 'partially_available',
                                   'assigned')
                   AND l.warehouse_id = %(warehouse)s AND l.usage = 'internal'
                   AND (d.usage = 'supplier' OR %(outside)s)
                 GROUP BY 1, 2
                """,
                zone=str(warehouse._qms_get_zone_info()),
                today=today,
                products=tuple(products.ids),
                warehouse=warehouse.id,
                outside=OUTSIDE,
            )
        )
        ordered = defaultdict(dict)
        for product, day, quantity in rows:
            ordered[product][day] = quantity
        return ordered

    @api.model
    def _get_daily_use(self, products, warehouse, today):
        """Return what a warehouse used of products on an average day of the last weeks.

        Today is not over, and does not count.

        :return: ``{product id: quantity}``
        """
        days = 7 * max(warehouse.company_id.qms_use_weeks, 1)
        rows = self._query(
            SQL(
                """
                SELECT line.product_id,
                       sum(CASE WHEN l.warehouse_id = %(warehouse)s
                                     AND l.usage = 'internal'
                                THEN line.quantity_product_uom
                                ELSE -line.quantity_product_uom END)
                  FROM stock_move_line line
                  JOIN stock_location l ON l.id = line.location_id
                  JOIN stock_location d ON d.id = line.location_dest_id
                 WHERE line.product_id IN %(products)s AND line.state = 'done'
                   AND line.date >= %(start)s AND line.date < %(end)s
                   AND ((l.warehouse_id = %(warehouse)s AND l.usage = 'internal'
                         AND %(outside)s)
                     OR (d.warehouse_id = %(warehouse)s AND d.usage = 'internal'
                         AND l.usage = 'customer'))
                 GROUP BY 1
                """,
                products=tuple(products.ids),
                warehouse=warehouse.id,
                start=warehouse._qms_get_day_start(today - timedelta(days=days)),
                end=warehouse._qms_get_day_start(today),
                outside=OUTSIDE,
            )
        )
        return {product: max(quantity, 0) / days for product, quantity in rows}
