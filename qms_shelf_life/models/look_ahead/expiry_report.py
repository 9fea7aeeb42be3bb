from odoo import api, fields, models
from odoo.tools import SQL, drop_view_if_exists

STATUSES = [
    ("expired", "Expired"),
    ("past_sell_by", "Past Sell-by"),
    ("at_risk", "At Risk"),
    ("good", "Good"),
    ("undated", "No Date"),
]
# Without aggregator they would be missing in pivots; see ``_read_group_select``.
QUANTITIES = ("quantity", "at_risk_quantity")


class QmsExpiryReport(models.Model):
    """What expires when, where, and what it is worth: one row per piece of stock.

    A view, since stock changes all day. Only what is at risk is reckoned beforehand.
    """

    _name = "qms.expiry.report"
    _description = "Expiration Report"
    _auto = False
    _order = "expiry_day, id"
    _rec_name = "lot_id"
    _depends = {
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": [
            "categ_id",
            "lot_valuated",
            "uom_id",
            "use_expiration_date",
        ],
        "qms.expiry.forecast": [
            "daily_use",
            "date_computed",
            "ordered",
            "product_id",
            "warehouse_id",
        ],
        "qms.expiry.forecast.line": ["quant_ref", "quantity"],
        "resource.calendar": ["tz"],
        "res.company": ["currency_id", "partner_id", "resource_calendar_id"],
        "res.partner": ["tz"],
        "stock.location": ["company_id", "usage", "warehouse_id"],
        "stock.lot": ["expiration_date", "qms_sell_by_date", "standard_price"],
        "stock.quant": [
            "company_id",
            "location_id",
            "lot_id",
            "owner_id",
            "package_id",
            "product_id",
            "quantity",
        ],
        "stock.warehouse": ["company_id", "partner_id"],
    }

    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product Template", readonly=True
    )
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    package_id = fields.Many2one("stock.package", readonly=True)
    owner_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="In the product's unit. Summed up only where all goods have the same one.",
    )
    value = fields.Monetary(
        readonly=True,
        help="At cost: the lot's, where the product is valued by lot. Goods that belong"
        " to others are worth nothing to us.",
    )
    expiry_day = fields.Date(
        string="Expires on",
        readonly=True,
        help="The last day on which the goods may be used, by the warehouse's"
        " calendar.",
    )
    sell_by_day = fields.Date(string="Sell by", readonly=True)
    days_left = fields.Integer(
        readonly=True,
        aggregator="min",
        help="0: today is the last day. Less than 0: expired.",
    )
    status = fields.Selection(STATUSES, readonly=True)
    at_risk_quantity = fields.Float(
        string="Quantity at Risk",
        readonly=True,
        digits="Product Unit",
        help="What open orders and the average use of the last weeks will not take"
        " before the sell-by day, first expired first out. Reckoned every night.",
    )
    at_risk_value = fields.Monetary(string="Value at Risk", readonly=True)
    daily_use = fields.Float(
        string="Average Use per Day",
        readonly=True,
        digits=(16, 4),
        aggregator=None,
        help="Of the product in the warehouse, when it was last reckoned.",
    )
    ordered = fields.Float(
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="What open orders take of the product out of the warehouse.",
    )
    date_computed = fields.Datetime(string="Risk Reckoned on", readonly=True)

    def init(self):
        """Make the view anew."""
        drop_view_if_exists(self.env.cr, self._table)
        self.env.cr.execute(
            SQL(
                "CREATE VIEW %s AS (%s)", SQL.identifier(self._table), self._get_query()
            )
        )

    @api.model
    def _get_query(self):
        """Return what the view selects. Extension point."""
        return SQL(
            """
            WITH place AS (
                SELECT l.id, COALESCE(wp.tz, rc.tz, cp.tz, 'UTC') AS zone
                  FROM stock_location l
                  LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
                  LEFT JOIN res_partner wp ON wp.id = w.partner_id
                  LEFT JOIN res_company c ON c.id = COALESCE(w.company_id, l.company_id)
                  LEFT JOIN resource_calendar rc ON rc.id = c.resource_calendar_id
                  LEFT JOIN res_partner cp ON cp.id = c.partner_id
                 WHERE l.usage IN ('internal', 'transit')
            ), calendar AS MATERIALIZED (
                SELECT id, zone, (now() AT TIME ZONE zone)::date AS today FROM place
            ), stock AS (
                SELECT q.id, q.product_id, p.product_tmpl_id, t.categ_id, q.lot_id,
                       q.location_id, l.warehouse_id, q.package_id, q.owner_id,
                       q.company_id, c.currency_id, t.uom_id, q.quantity,
                       day.expiry_day,
                       lot.qms_sell_by_date AS sell_by_day,
                       calendar.today,
                       CASE WHEN l.company_id IS NULL THEN 0
                            WHEN q.owner_id IS NOT NULL
                                 AND q.owner_id != c.partner_id THEN 0
                            WHEN t.lot_valuated THEN COALESCE(
                                (lot.standard_price ->> c.id::text)::numeric, 0)
                            ELSE COALESCE(
                                (p.standard_price ->> c.id::text)::numeric, 0)
                       END AS cost,
                       LEAST(COALESCE(line.quantity, 0), q.quantity)
                           AS at_risk_quantity,
                       f.daily_use, f.ordered, f.date_computed
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                  JOIN calendar ON calendar.id = l.id
                  JOIN product_product p ON p.id = q.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN stock_lot lot ON lot.id = q.lot_id
                 CROSS JOIN LATERAL (
                       SELECT (lot.expiration_date AT TIME ZONE 'UTC'
                               AT TIME ZONE calendar.zone)::date AS expiry_day
                       -- reckoned once for each row, not once for each use
                       OFFSET 0) day
                  LEFT JOIN res_company c ON c.id = q.company_id
                  LEFT JOIN qms_expiry_forecast_line line ON line.quant_ref = q.id
                  LEFT JOIN qms_expiry_forecast f
                    ON f.product_id = q.product_id AND f.warehouse_id = l.warehouse_id
                 WHERE t.use_expiration_date AND q.quantity > 0
            )
            SELECT id, product_id, product_tmpl_id, categ_id, lot_id, location_id,
                   warehouse_id, package_id, owner_id, company_id, currency_id, uom_id,
                   quantity, expiry_day, sell_by_day,
                   expiry_day - today AS days_left,
                   CASE WHEN expiry_day IS NULL THEN 'undated'
                        WHEN expiry_day < today THEN 'expired'
                        WHEN sell_by_day < today THEN 'past_sell_by'
                        WHEN at_risk_quantity > 0 THEN 'at_risk'
                        ELSE 'good'
                   END AS status,
                   quantity * cost AS value,
                   at_risk_quantity,
                   at_risk_quantity * cost AS at_risk_value,
                   daily_use, ordered, date_computed
              FROM stock
            """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Leave sums of different units empty."""
        name, _colon, function = aggregate_spec.partition(":")
        select = super()._read_group_select(aggregate_spec, query)
        if name in QUANTITIES and function == "sum":
            unit = self._field_to_sql(self._table, "uom_id", query)
            return SQL("CASE WHEN MIN(%s) = MAX(%s) THEN %s END", unit, unit, select)
        return select
