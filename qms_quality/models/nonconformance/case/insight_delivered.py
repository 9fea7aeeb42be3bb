from odoo import api, fields, models
from odoo.tools import SQL


class QmsNonconformance(models.Model):
    """Which customers have the goods: those who got a lot of the case, a part that was
    split off it, or what it was merged into."""

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
        digits="Product Unit", compute="_compute_delivered", compute_sudo=True
    )

    @api.depends("lot_ids")
    def _compute_delivered(self):
        lines_by_case = self._get_delivered_lines()
        for case in self:
            lines = lines_by_case.get(case._origin.id, self.env["stock.move.line"])
            case.delivered_line_ids = lines
            case.customer_ids = lines.picking_id.partner_id
            case.customer_count = len(case.customer_ids)
            case.delivered_quantity = sum(lines.mapped("quantity_product_uom"))

    def _get_delivered_lines(self):
        """Return ``{case id: done move lines to customers}``, the newest first."""
        lines = self.env["stock.move.line"]
        if not self.ids:
            return {}
        self.flush_recordset(["lot_ids"])
        self.env["stock.lot"].flush_model(["parent_lot_id", "merged_lot_id"])
        lines.flush_model(["state", "lot_id", "location_id", "location_dest_id"])
        rows = self.env.execute_query(self._get_delivered_query())
        found = lines.browse([line_id for _case_id, ids in rows for line_id in ids])
        return {
            case_id: lines.browse(ids).with_prefetch(found.ids) for case_id, ids in rows
        }

    def _get_delivered_query(self):
        return SQL(
            """WITH RECURSIVE lot AS (
                   SELECT nonconformance_id AS case_id, lot_id
                   FROM qms_nonconformance_lot_rel WHERE nonconformance_id IN %s
                   UNION
                   SELECT lot.case_id, next.id FROM lot CROSS JOIN LATERAL (
                       SELECT id FROM stock_lot WHERE parent_lot_id = lot.lot_id
                       UNION ALL
                       SELECT merged_lot_id FROM stock_lot
                       WHERE id = lot.lot_id AND merged_lot_id IS NOT NULL) next)
               SELECT lot.case_id, array_agg(line.id ORDER BY line.date DESC, line.id)
               FROM lot JOIN stock_move_line line ON line.lot_id = lot.lot_id
               JOIN stock_location source ON source.id = line.location_id
               JOIN stock_location dest ON dest.id = line.location_dest_id
               JOIN qms_nonconformance c ON c.id = lot.case_id
               WHERE line.state = 'done' AND line.company_id = c.company_id
                 AND dest.usage = 'customer' AND source.usage <> 'customer'
               GROUP BY lot.case_id""",
            tuple(self.ids),
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
