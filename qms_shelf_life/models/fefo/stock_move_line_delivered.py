from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL

# Which lots a question is about: of ``usage`` customer, what was delivered to partners;
# of usage supplier, what was received from them. ``until``: posted before, in UTC;
# ``moves`` are left out, with all of their transfers.
Asked = namedtuple("Asked", "usage partners products company until moves")


class StockMoveLine(models.Model):
    """Which lots a partner has, of all that was delivered to it and not returned."""

    _inherit = "stock.move.line"

    @api.model
    def _qms_get_delivered(self, asked):
        """Return the lots that partners got and have, or gave and didn't get back.

        One query, by index: from a partner to its transfers, and to their lines.

        :param asked: :class:`Asked`
        :return: list of ``(commercial partner id, product id, lot id)``
        """
        if not asked.partners or not asked.products:
            return []
        self.flush_model()
        self.env["stock.picking"].flush_model(["partner_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return self.env.execute_query(self._qms_get_delivered_sql(asked))

    @api.model
    def _qms_get_delivered_sql(self, asked):
        return SQL(
            """SELECT p.commercial_partner_id, l.product_id, l.lot_id
               FROM res_partner p
               JOIN stock_picking k ON k.partner_id = p.id
               JOIN stock_move_line l ON l.picking_id = k.id
               JOIN stock_location s ON s.id = l.location_id
               JOIN stock_location d ON d.id = l.location_dest_id
               WHERE p.commercial_partner_id IN %(partners)s
                 AND l.product_id IN %(products)s AND l.state = 'done'
                 AND l.lot_id IS NOT NULL AND s.usage <> d.usage
                 AND %(usage)s IN (s.usage, d.usage) AND %(limits)s
               GROUP BY p.commercial_partner_id, l.product_id, l.lot_id
               HAVING ROUND(SUM(
                   CASE WHEN %(theirs)s = %(usage)s
                   THEN l.quantity_product_uom ELSE -l.quantity_product_uom END
               )::numeric, 6) > 0""",
            partners=tuple(asked.partners.ids),
            products=tuple(asked.products.ids),
            usage=asked.usage,
            theirs=SQL("d.usage" if asked.usage == "customer" else "s.usage"),
            limits=self._qms_get_limits_sql(asked),
        )

    @api.model
    def _qms_get_limits_sql(self, asked):
        """Return the SQL of which postings count."""
        limits = [SQL("TRUE")]
        if asked.company:
            limits.append(SQL("l.company_id = %s", asked.company.id))
        if asked.until:
            limits.append(SQL("l.date < %s", asked.until))
        if asked.moves:
            limits.append(SQL("l.move_id NOT IN %s", tuple(asked.moves.ids)))
        if asked.moves.picking_id:
            limits.append(
                SQL("l.picking_id NOT IN %s", tuple(asked.moves.picking_id.ids))
            )
        return SQL(" AND ").join(limits)
