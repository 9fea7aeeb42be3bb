from odoo import api, fields, models
from odoo.tools import SQL, drop_view_if_exists

REASONS = [
    ("expired", "Expired"),
    ("near", "Near Expiry"),
    ("damaged", "Damaged"),
    ("other", "Other"),
    ("used", "Used or Sold"),
]
# Which waste each percentage is about.
PERCENTAGES = {
    "waste_percent": "waste_value",
    "expired_percent": "expired_value",
    "near_percent": "near_value",
    "other_percent": "other_value",
}


def _percent(label, text):
    return fields.Float(
        string=label, readonly=True, digits=(16, 2), aggregator="avg", help=text
    )


class QmsExpiryWaste(models.Model):
    """Goods with dates that were used or wasted: one row for each piece that left.

    Waste percentage = value wasted ÷ (value used or sold + value wasted), as food
    retail and manufacturers report it.
    """

    _name = "qms.expiry.waste"
    _description = "Waste of Goods with Dates"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _depends = {
        "product.template": ["categ_id", "uom_id", "use_expiration_date"],
        "qms.expiry.decision": ["kind"],
        "res.company": ["currency_id"],
        "stock.location": ["usage", "warehouse_id"],
        "stock.lot": ["expiration_date"],
        "stock.move": [
            "product_uom",
            "qms_expiry_decision_id",
            "quantity",
            "scrap_id",
            "value",
        ],
        "stock.move.line": [
            "date",
            "location_dest_id",
            "location_id",
            "lot_id",
            "product_id",
            "qms_scrapped_expiration_date",
            "quantity_product_uom",
            "state",
        ],
    }

    date = fields.Date(readonly=True, help="In the warehouse's calendar.")
    product_id = fields.Many2one("product.product", readonly=True)
    product_tmpl_id = fields.Many2one(
        "product.template", string="Product Template", readonly=True
    )
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    lot_id = fields.Many2one("stock.lot", string="Lot/Serial Number", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    move_id = fields.Many2one("stock.move", string="Stock Move", readonly=True)
    scrap_id = fields.Many2one("stock.scrap", string="Scrap Order", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    reason = fields.Selection(
        REASONS,
        readonly=True,
        help="Expired: after the last day that the lot had when it was scrapped. Near"
        " Expiry: a decision about goods near their date. Damaged: the scrap order"
        " gives a reason. Other: it doesn't.",
    )
    quantity = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
    used_value = fields.Monetary(
        string="Used or Sold",
        readonly=True,
        help="Delivered and consumed, less what customers sent back. At cost.",
    )
    waste_value = fields.Monetary(string="Wasted", readonly=True, help="At cost.")
    expired_value = fields.Monetary(string="Wasted: Expired", readonly=True)
    near_value = fields.Monetary(string="Wasted: Near Expiry", readonly=True)
    other_value = fields.Monetary(string="Wasted: Damaged or Other", readonly=True)
    waste_percent = _percent(
        "Waste %", "Value wasted ÷ (value used or sold + value wasted)."
    )
    expired_percent = _percent(
        "Waste %: Expired", "The part of the waste percentage that had expired."
    )
    near_percent = _percent(
        "Waste %: Near Expiry",
        "The part of the waste percentage that was near its date.",
    )
    other_percent = _percent(
        "Waste %: Damaged or Other", "The rest of the waste percentage."
    )

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
            WITH place AS MATERIALIZED (
                SELECT l.id, l.usage, l.warehouse_id,
                       COALESCE(wp.tz, rc.tz, cp.tz, 'UTC') AS zone
                  FROM stock_location l
                  LEFT JOIN stock_warehouse w ON w.id = l.warehouse_id
                  LEFT JOIN res_partner wp ON wp.id = w.partner_id
                  LEFT JOIN res_company c ON c.id = COALESCE(w.company_id, l.company_id)
                  LEFT JOIN resource_calendar rc ON rc.id = c.resource_calendar_id
                  LEFT JOIN res_partner cp ON cp.id = c.partner_id
            ), gone AS (
                SELECT line.id, line.move_id, line.product_id, line.lot_id,
                       line.company_id, m.scrap_id,
                       COALESCE(source.warehouse_id, dest.warehouse_id) AS warehouse_id,
                       day.date,
                       CASE WHEN dest.usage = 'inventory' OR d.id IS NOT NULL THEN
                            (COALESCE(line.qms_scrapped_expiration_date,
                                      lot.expiration_date)
                             AT TIME ZONE 'UTC' AT TIME ZONE source.zone)::date
                            END AS expiry_day,
                       CASE WHEN source.usage = 'customer' THEN -1 ELSE 1 END AS sign,
                       line.quantity_product_uom AS quantity,
                       CASE WHEN line.quantity = m.quantity
                                 AND line.product_uom_id = m.product_uom THEN m.value
                            ELSE COALESCE(m.value * line.quantity_product_uom
                                / NULLIF(m.quantity * mu.factor / u.factor, 0), 0)
                       END AS value,
                       t.id AS product_tmpl_id, t.categ_id, t.uom_id,
                       dest.usage = 'inventory' AS is_waste,
                       d.id IS NOT NULL AS is_near
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN product_product p ON p.id = line.product_id
                  JOIN product_template t ON t.id = p.product_tmpl_id
                  JOIN uom_uom u ON u.id = t.uom_id
                  JOIN uom_uom mu ON mu.id = m.product_uom
                  JOIN place source ON source.id = line.location_id
                  JOIN place dest ON dest.id = line.location_dest_id
                 CROSS JOIN LATERAL (
                       SELECT (line.date AT TIME ZONE 'UTC' AT TIME ZONE
                               CASE WHEN source.warehouse_id IS NULL THEN dest.zone
                                    ELSE source.zone END)::date AS date
                       OFFSET 0) day
                  LEFT JOIN stock_lot lot ON lot.id = line.lot_id
                  LEFT JOIN qms_expiry_decision d
                    ON d.id = m.qms_expiry_decision_id
                   AND d.kind IN ('destroy', 'donate')
                 WHERE line.state = 'done' AND t.use_expiration_date
                   AND ((source.usage IN ('internal', 'transit')
                         AND (dest.usage IN ('customer', 'production')
                              OR (dest.usage = 'inventory'
                                  AND m.scrap_id IS NOT NULL)))
                     OR (source.usage = 'customer'
                         AND dest.usage IN ('internal', 'transit')))
            ), judged AS (
                SELECT gone.*,
                       CASE WHEN NOT (is_waste OR is_near) THEN 'used'
                            WHEN expiry_day < date THEN 'expired'
                            WHEN is_near THEN 'near'
                            WHEN EXISTS (
                                SELECT FROM stock_scrap_stock_scrap_reason_tag_rel tag
                                 WHERE tag.stock_scrap_id = gone.scrap_id)
                            THEN 'damaged' ELSE 'other' END AS reason
                  FROM gone
            )
            SELECT j.id, j.date, j.product_id, j.product_tmpl_id, j.categ_id, j.lot_id,
                   j.warehouse_id, j.move_id, j.scrap_id, j.company_id, c.currency_id,
                   j.uom_id, j.reason, j.sign * j.quantity AS quantity,
                   CASE WHEN j.reason = 'used' THEN j.sign * j.value ELSE 0 END
                       AS used_value,
                   CASE WHEN j.reason = 'used' THEN 0 ELSE j.value END AS waste_value,
                   CASE WHEN j.reason = 'expired' THEN j.value ELSE 0 END
                       AS expired_value,
                   CASE WHEN j.reason = 'near' THEN j.value ELSE 0 END AS near_value,
                   CASE WHEN j.reason IN ('damaged', 'other') THEN j.value ELSE 0 END
                       AS other_value,
                   NULL::float8 AS waste_percent, NULL::float8 AS expired_percent,
                   NULL::float8 AS near_percent, NULL::float8 AS other_percent
              FROM judged j
              JOIN res_company c ON c.id = j.company_id
            """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """A percentage of a group is that of its sums, not a mean of percentages."""
        name = aggregate_spec.partition(":")[0]
        if name not in PERCENTAGES:
            return super()._read_group_select(aggregate_spec, query)
        part, wasted, used = (
            super(QmsExpiryWaste, self)._read_group_select(f"{one}:sum", query)
            for one in (PERCENTAGES[name], "waste_value", "used_value")
        )
        total = SQL("NULLIF(GREATEST(%s + %s, 0), 0)", wasted, used)
        return SQL("100.0 * %s / %s", part, total)

    def action_open_move(self):
        """Open the transfer, order or scrap order by which the goods left."""
        self.ensure_one()
        if self.scrap_id:
            return {
                "type": "ir.actions.act_window",
                "res_model": "stock.scrap",
                "res_id": self.scrap_id.id,
                "views": [(False, "form")],
            }
        return self.move_id.action_open_reference()
