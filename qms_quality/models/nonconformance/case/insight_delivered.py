from odoo import api, fields, models
from odoo.tools import SQL


class QmsNonconformance(models.Model):
    """Which customers have the goods: those who got a lot of the case, a part that was
    split off it, what it was merged into, or what was made of it."""

    _inherit = "qms.nonconformance"

    delivered_line_ids = fields.Many2many(
        "stock.move.line",
        string="Delivered",
        compute="_compute_delivered",
        compute_sudo=True,
    )
    customer_ids = fields.Many2many(
        "res.partner",
        string="Customers who Got it",
        compute="_compute_delivered",
        compute_sudo=True,
    )
    customer_count = fields.Integer(
        string="Customers", compute="_compute_delivered", compute_sudo=True
    )
    delivered_quantity = fields.Float(
        digits="Product Unit",
        compute="_compute_delivered",
        compute_sudo=True,
        help="Of the case's own product: what was made of it isn't counted.",
    )

    @api.depends("lot_ids")
    def _compute_delivered(self):
        lines_by_case = self._get_delivered_lines()
        for case in self:
            lines = lines_by_case.get(case._origin.id, self.env["stock.move.line"])
            case.delivered_line_ids = lines
            case.customer_ids = lines.picking_id.partner_id
            case.customer_count = len(case.customer_ids)
            own = lines.filtered(
                lambda line, case=case: line.product_id == case.product_id
            )
            case.delivered_quantity = sum(own.mapped("quantity_product_uom"))

    def _get_delivered_lines(self):
        """Return ``{case id: done move lines to customers}``, the newest first.

        Two queries, however many cases and levels of production.
        """
        lines = self.env["stock.move.line"]
        pairs = [
            (case_id, lot_id)
            for case_id, lot_ids in self._get_delivered_lots().items()
            for lot_id in lot_ids
        ]
        if not pairs:
            return {}
        lines.flush_model(["state", "lot_id", "location_id", "location_dest_id"])
        rows = self.env.execute_query(self._get_delivered_query(pairs))
        found = lines.browse([line_id for _case_id, ids in rows for line_id in ids])
        return {
            case_id: lines.browse(ids).with_prefetch(found.ids) for case_id, ids in rows
        }

    def _get_delivered_lots(self):
        """Return the lots that have goods of these cases in them: ``{case id: ids}``.

        The lots of the cases, what was split off them, what they were merged into, and
        what was made of them, level by level, by the links that Odoo keeps between
        what an order used and what it made. Extension point.
        """
        if not self.ids:
            return {}
        self.flush_recordset(["lot_ids"])
        self.env["stock.lot"].flush_model(["parent_lot_id", "merged_lot_id"])
        self.env["stock.move.line"].flush_model(
            ["state", "lot_id", "consume_line_ids", "produce_line_ids"]
        )
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE lot AS (
                       SELECT nonconformance_id AS case_id, lot_id
                       FROM qms_nonconformance_lot_rel WHERE nonconformance_id IN %s
                       UNION
                       SELECT lot.case_id, next.id
                       FROM lot CROSS JOIN LATERAL (%s) next)
                   SELECT case_id, array_agg(lot_id) FROM lot GROUP BY case_id""",
                tuple(self.ids),
                SQL(" UNION ALL ").join(self._get_next_lot_queries()),
            )
        )
        return dict(rows)

    @api.model
    def _get_next_lot_queries(self):
        """Return the queries of the lots that goods of ``lot.lot_id`` are in next."""
        return [
            SQL("SELECT id FROM stock_lot WHERE parent_lot_id = lot.lot_id"),
            SQL(
                """SELECT merged_lot_id FROM stock_lot
                   WHERE id = lot.lot_id AND merged_lot_id IS NOT NULL"""
            ),
            # Odoo names these columns after the other end
            SQL(
                """SELECT made.lot_id FROM stock_move_line used
                   JOIN stock_move_line_consume_rel rel ON rel.produce_line_id = used.id
                   JOIN stock_move_line made ON made.id = rel.consume_line_id
                   WHERE used.lot_id = lot.lot_id AND used.state = 'done'
                     AND made.state = 'done' AND made.lot_id IS NOT NULL
                     AND used.quantity > 0 AND made.quantity > 0"""
            ),
        ]

    def _get_delivered_query(self, pairs):
        """Return the query of ``(case id, line ids)`` for pairs of case and lot."""
        return SQL(
            """SELECT lot.case_id, array_agg(line.id ORDER BY line.date DESC, line.id)
               FROM (VALUES %s) lot (case_id, lot_id)
               JOIN stock_move_line line ON line.lot_id = lot.lot_id
               JOIN stock_location source ON source.id = line.location_id
               JOIN stock_location dest ON dest.id = line.location_dest_id
               JOIN qms_nonconformance c ON c.id = lot.case_id
               WHERE line.state = 'done' AND line.company_id = c.company_id
                 AND dest.usage = 'customer' AND source.usage <> 'customer'
               GROUP BY lot.case_id""",
            SQL(", ").join(SQL("%s", pair) for pair in pairs),
        )

    @api.model
    def _get_delivered_domain(self):
        """Return the domain of move lines that went to customers."""
        return fields.Domain("state", "=", "done") & fields.Domain(
            "location_dest_id.usage", "=", "customer"
        )

    def action_open_customers(self):
        """Open the customers who got goods of these cases."""
        return self.customer_ids.sudo(False)._get_records_action(
            name=self.env._("Customers who Got it")
        )
