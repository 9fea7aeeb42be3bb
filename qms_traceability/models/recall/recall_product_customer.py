from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL, format_date

from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsRecallProduct(models.Model):
    """Who got goods without lots, and of how much they say what became of it."""

    _inherit = "qms.recall.product"

    customer_line_ids = fields.One2many(
        "qms.recall.customer.line", "product_row_id", readonly=True
    )
    elsewhere = fields.Float(
        string="Shipped by Other Companies",
        readonly=True,
        digits="Product Unit",
        aggregator=None,
        help="Delivered to their customers. They are told by a recall of that company.",
    )
    answered = fields.Float(
        string="Customers Account for",
        compute="_compute_answered",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="What came back, and what customers say they returned, destroyed or used.",
    )
    answer_gap = fields.Float(
        string="Unaccounted by Customers",
        compute="_compute_answered",
        store=True,
        digits="Product Unit",
        aggregator=None,
        qms_audit=False,
        help="Delivered less what customers account for. What other companies shipped"
        " is part of it.",
    )

    @api.depends(
        "elsewhere",
        "decision",
        "customer_line_ids.delivered",
        "customer_line_ids.came_back",
        "customer_line_ids.returned",
        "customer_line_ids.destroyed",
        "customer_line_ids.used",
        "customer_line_ids.customer_id.state",
    )
    def _compute_answered(self):
        for row in self:
            lines = row.customer_line_ids
            row.answered = lines._sum_accounted()
            got = sum(lines.mapped("delivered")) + row.elsewhere
            is_recalled = row.decision == "included"
            gap = got - row.answered if is_recalled else 0
            # sudo: who reads the recall may know the unit
            row.answer_gap = row.sudo().uom_id.round(gap)

    def _get_shipped_facts(self):
        """Return who got how much, as figures and in words."""
        delivered = self._query_deliveries()
        own = self.company_id.id
        return {
            "shipped": sum(row[4] for row in delivered),
            "elsewhere": sum(row[4] for row in delivered if row[0] != own),
            "shipped_to": self._get_customers_text(delivered) or False,
        }

    def _get_gap_problem(self):
        return self.env._(
            "%(product)s without lots: customers don't account for %(gap)s %(unit)s."
            " Say on the tab Goods without Lots what was done.",
            product=self.product_id.display_name,
            gap=format_quantity(self.env, self.answer_gap),
            unit=self.uom_id.name,
        )

    def _get_lot_text(self):
        """Return what a notice says instead of a lot."""
        return self.env._(
            "no lot, delivered since %s",
            format_date(self.env, self.recall_id._get_day(self.date_from)),
        )

    def _query_deliveries(self):
        """Return what customers got of these goods since affected ones may be in them.

        What is sent back is less, if it is known to be of these deliveries: older goods
        that come back say nothing of what is still out there.

        :return: rows of company, partner, picking, document, quantity, date
        """
        self.ensure_one()
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.company_id,
                       COALESCE(partner.commercial_partner_id, partner.id),
                       m.picking_id, COALESCE(picking.name, m.reference),
                       sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                                ELSE -line.quantity_product_uom END),
                       max(line.date)
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN stock_location l ON l.id = line.location_id
                  JOIN stock_location d ON d.id = line.location_dest_id
                  LEFT JOIN stock_move origin ON origin.id = m.origin_returned_move_id
                  LEFT JOIN stock_picking picking ON picking.id = m.picking_id
                  LEFT JOIN res_partner partner
                         ON partner.id = COALESCE(picking.partner_id, m.partner_id)
                 WHERE line.product_id = %(product)s AND line.lot_id IS NULL
                   AND line.state = 'done' AND line.date >= %(date)s
                   AND (l.usage = 'customer') != (d.usage = 'customer')
                   AND (d.usage = 'customer' OR origin.date >= %(date)s)
                 GROUP BY 1, 2, 3, 4
                 ORDER BY 6, 3
                """,
                product=self.product_id.id,
                date=self.date_from,
            )
        )

    def _get_customers_text(self, delivered):
        """Return who got how much by which document; other companies by their names.

        :param list delivered: see :meth:`_query_deliveries`
        """
        own = self.company_id
        ids = {row[1] for row in delivered if row[1] and row[0] == own.id}
        partners = self.env["res.partner"].browse(sorted(ids))
        names = {one.id: one.complete_name for one in partners}
        elsewhere = defaultdict(float)
        texts = []
        for company, partner, _picking, document, quantity, _date in delivered:
            if company == own.id:
                customer = names.get(partner) or self.env._("Unknown customer")
                text = format_quantity(self.env, quantity)
                texts.append(f"{customer}: {text} ({document or ''})")
            else:
                elsewhere[company] += quantity
        for company, quantity in elsewhere.items():
            name = own.browse(company).name
            texts.append(f"{name}: {format_quantity(self.env, quantity)}")
        return "\n".join(texts)
