from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from .expiry_decision import OPEN


class QmsExpiryDecision(models.Model):
    """Which goods come near their date, and which rows have nothing left to decide.

    One statement for each warehouse: what is listed isn't found again, so that a run
    goes on where the last one stopped.
    """

    _inherit = "qms.expiry.decision"

    @api.model
    def _find_near(self, warehouse, limit, failed=()):
        """Return lots in stock of a warehouse that are near and not listed.

        :param warehouse: ``stock.warehouse``
        :param int limit: how many lots at most, the first to expire
        :param failed: ids of lots to leave out
        :return: ``stock.lot``
        """
        lots = self.env["stock.lot"]
        near = self._get_near_sql(warehouse)
        if near is None:
            return lots
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT l.id %(near)s AND NOT l.id = ANY(%(failed)s)
                      AND %(in_stock)s AND NOT %(listed)s
                    ORDER BY l.expiration_date, l.id LIMIT %(limit)s""",
                near=near,
                failed=list(failed),
                in_stock=self._get_in_stock_sql(warehouse),
                listed=self._get_listed_sql(warehouse),
                limit=limit,
            )
        )
        return lots.browse(lot_id for (lot_id,) in rows)

    @api.model
    def _get_near_sql(self, warehouse):
        """Return SQL of the near lots ``l``, from FROM on; None where nothing is."""
        company = warehouse.company_id
        categories = self._get_category_windows()
        limits = warehouse._qms_get_near_limits(
            {*self._get_product_windows(), *categories.values()}
            | ({company.qms_near_expiry} if company.qms_near_expiry else set())
        )
        if not limits:
            return None
        # a row that nothing matches, so that there is always one
        by_category = [SQL("(%s, %s)", *row) for row in categories.items()]
        return SQL(
            """FROM stock_lot l
               JOIN product_product p ON p.id = l.product_id
               JOIN product_template t ON t.id = p.product_tmpl_id
               LEFT JOIN (VALUES %(categories)s) c(id, formula) ON c.id = t.categ_id
               JOIN (VALUES %(limits)s) w(formula, before) ON w.formula =
                   COALESCE(NULLIF(t.qms_near_expiry, ''), c.formula, %(company)s)
               WHERE t.use_expiration_date
                 AND l.expiration_date < w.before::timestamp
                 AND l.expiration_date < %(last)s""",
            categories=SQL(", ").join([SQL("(0, '')"), *by_category]),
            limits=SQL(", ").join(SQL("(%s, %s)", *row) for row in limits.items()),
            company=company.qms_near_expiry or "",
            last=max(limits.values()),
        )

    @api.model
    def _get_product_windows(self):
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT qms_near_expiry FROM product_template
                   WHERE qms_near_expiry > '' AND use_expiration_date"""
            )
        )
        return [text for (text,) in rows]

    @api.model
    def _get_category_windows(self):
        """Return what categories say, or the nearest of their parents: ``{id: text}``.

        Nothing of categories that are not told.
        """
        categories = self.env["product.category"].search([], order="parent_path")
        windows = {}
        for category in categories:
            # parents come first
            text = category.qms_near_expiry or windows.get(category.parent_id.id)
            if text:
                windows[category.id] = text
        return windows

    @api.model
    def _get_in_stock_sql(self, warehouse):
        return SQL(
            """EXISTS (
                   SELECT 1 FROM stock_quant q
                   JOIN stock_location s ON s.id = q.location_id
                   WHERE q.lot_id = l.id AND q.quantity > 0
                     AND s.usage = 'internal' AND s.warehouse_id = %s)""",
            warehouse.id,
        )

    @api.model
    def _get_listed_sql(self, warehouse):
        """Return SQL of whether the lot ``l`` is listed, or has been and stays off.

        What was to be used first, or left, is asked again after some days if so set,
        and at any rate once it has expired.
        """
        today = warehouse._qms_get_day()
        days = warehouse.company_id.qms_near_expiry_again
        since = warehouse._qms_get_day_start(today - timedelta(days=days - 1))
        return SQL(
            """EXISTS (
                   SELECT 1 FROM qms_expiry_decision d
                   WHERE d.lot_id = l.id AND d.warehouse_id = %(warehouse)s
                     AND (d.state IN %(open)s
                      OR d.is_settled AND (%(days)s = 0 OR d.date_done >= %(since)s)
                         AND (l.expiration_date >= %(start)s
                              OR %(done)s > %(expired)s)))""",
            warehouse=warehouse.id,
            done=self._get_day_sql(warehouse, SQL("d.date_done")),
            expired=self._get_day_sql(warehouse, SQL("l.expiration_date")),
            open=OPEN,
            days=days,
            since=since,
            start=warehouse._qms_get_day_start(today),
        )

    @api.model
    def _get_day_sql(self, warehouse, moment):
        """Return SQL of the day of a moment in a warehouse's calendar."""
        return SQL(
            "(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date",
            moment,
            warehouse._qms_get_zone_info().key,
        )

    # -- Nothing left to decide --------------------------------------------------------

    @api.model
    def _find_gone(self, warehouse):
        """Return the waiting rows of a warehouse whose goods are gone, or are what
        other rows carry out."""
        return self._find_waiting(
            warehouse,
            SQL(
                """COALESCE((
                       SELECT sum(q.quantity) FROM stock_quant q
                       JOIN stock_location s ON s.id = q.location_id
                       WHERE q.lot_id = l.id AND q.quantity > 0
                         AND s.usage = 'internal' AND s.warehouse_id = %(warehouse)s
                   ), 0) <= COALESCE((
                       SELECT sum(o.quantity - o.done_quantity)
                       FROM qms_expiry_decision o
                       WHERE o.lot_id = l.id AND o.warehouse_id = %(warehouse)s
                         AND o.state = 'decided'), 0) + 0.00001""",
                warehouse=warehouse.id,
            ),
        )

    @api.model
    def _find_far(self, warehouse):
        """Return the waiting rows whose goods are not near any more: their date or
        their window was changed."""
        near = self._get_near_sql(warehouse)
        if near is None:
            return self._find_waiting(warehouse, SQL("TRUE"))
        return self._find_waiting(warehouse, SQL("l.id NOT IN (SELECT l.id %s)", near))

    @api.model
    def _find_waiting(self, warehouse, condition):
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT r.id FROM qms_expiry_decision r
                   JOIN stock_lot l ON l.id = r.lot_id
                   WHERE r.warehouse_id = %s AND r.state = 'waiting' AND %s
                   ORDER BY r.id""",
                warehouse.id,
                condition,
            )
        )
        return self.browse(row_id for (row_id,) in rows)
