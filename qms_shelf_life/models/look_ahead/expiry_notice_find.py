from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted


class QmsExpiryNotice(models.Model):
    """Which customers have goods that come near their date."""

    _inherit = "qms.expiry.notice"

    @api.model
    def _cron_propose(self, limit=500):
        """Propose notices in the companies that want them, in committed batches.

        None is sent: people review them first.

        :param int limit: how many notices are made at a time
        """
        progress = self.env["ir.cron"]._commit_progress
        companies = self.env["res.company"].search([("qms_expiry_notices", "=", True)])
        for company in companies:
            found = self._find_told(company)
            time = progress(remaining=len(found))
            for batch in split_every(limit, found, list):
                self._propose(company, batch)
                time = progress(len(batch))
                if not time:
                    return

    @api.model
    def _find_told(self, company, window=None, products=None):
        """Return what customers of a company have of lots near their date, as far as
        they aren't told yet.

        :param company: ``res.company``
        :param str window: a date formula; if empty, that of each product
        :param products: ``product.product``; if None, all
        :return: list of ``(lot id, partner id, quantity, last delivery)``
        """
        lots = self._find_near_lots(company, window, products)
        if not lots:
            return []
        self.env.flush_all()
        return self.env.execute_query(self._get_delivered_query(company, lots))

    @api.model
    def _find_near_lots(self, company, window, products):
        """Return the lots that come near their date and have not expired, by the
        calendar of the company's first warehouse."""
        places = self.env["stock.warehouse"].sudo()
        warehouse = places.search([("company_id", "=", company.id)], limit=1)
        # sudo: who tells customers need not have rights in Inventory
        lots = self.env["stock.lot"].sudo()
        if not warehouse:
            return lots
        today = warehouse._qms_get_day()
        domain = (
            Domain("company_id", "in", [company.id, False])
            & Domain("product_id.use_expiration_date", "=", True)
            & Domain("expiration_date", ">=", warehouse._qms_get_day_start(today))
        )
        if products is not None:
            domain &= Domain("product_id", "in", products.ids)
        if window:
            limit = warehouse._qms_get_near_limits([window])[window]
            domain &= Domain("expiration_date", "<", limit)
        else:
            domain &= Domain("id", "in", self._get_near_ids(warehouse))
        return lots.search(domain)

    @api.model
    def _get_near_ids(self, warehouse):
        """Return the lots in the near-expiry windows of their products."""
        self.env.flush_all()
        near = self.env["qms.expiry.decision"]._get_near_sql(warehouse)
        if near is None:
            return []
        return [lot for (lot,) in self.env.execute_query(SQL("SELECT l.id %s", near))]

    @api.model
    def _get_delivered_query(self, company, lots):
        """Return what selects deliveries of lots to customers, net of returns."""
        return SQL(
            """
            SELECT line.lot_id,
                   COALESCE(partner.commercial_partner_id, partner.id) AS customer_id,
                   sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                            ELSE -line.quantity_product_uom END),
                   (max(line.date) FILTER (WHERE d.usage = 'customer')
                    AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date
              FROM stock_move_line line
              JOIN stock_move m ON m.id = line.move_id
              JOIN stock_location l ON l.id = line.location_id
              JOIN stock_location d ON d.id = line.location_dest_id
              LEFT JOIN stock_picking picking ON picking.id = m.picking_id
              JOIN res_partner partner
                ON partner.id = COALESCE(picking.partner_id, m.partner_id)
             WHERE line.product_id IN %(products)s AND line.lot_id IN %(lots)s
               AND line.state = 'done' AND line.company_id = %(company)s
               AND (l.usage = 'customer') != (d.usage = 'customer')
               AND NOT EXISTS (
                   SELECT FROM qms_expiry_notice told
                    WHERE told.lot_id = line.lot_id
                      AND told.partner_id = COALESCE(
                          partner.commercial_partner_id, partner.id))
             GROUP BY 1, 2
            HAVING sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                            ELSE -line.quantity_product_uom END) > 0
             ORDER BY 1, 2
            """,
            products=tuple(lots.product_id.ids),
            lots=tuple(lots.ids),
            company=company.id,
            zone=str(self._get_calendar(company)._qms_get_zone_info()),
        )

    @api.model
    def _get_calendar(self, company):
        """Return the calendar by which a company's customers are told of days."""
        return self.env["stock.warehouse"].with_company(company)

    @api.model
    def _propose(self, company, rows, **vals):
        """Make notices to be reviewed.

        :param list rows: as :meth:`_find_told` returns them
        :param vals: kind and text; else those of the settings
        :return: the notices
        """
        # sudo: they are made by the wizard and the scheduled action only
        notices = trusted(self.sudo())
        vals = vals or {
            "kind": company.qms_expiry_notice_kind,
            "text": company.qms_expiry_notice_text,
        }
        warehouse = self._get_calendar(company)
        lots = self.env["stock.lot"].sudo().browse([row[0] for row in rows])
        days = {lot.id: lot._qms_get_expiry_day(warehouse) for lot in lots}
        sequence = self.env["ir.sequence"].sudo()
        made = notices.create(
            [
                {
                    **vals,
                    "name": sequence.next_by_code("qms.expiry.notice"),
                    "company_id": company.id,
                    "lot_id": lot,
                    "partner_id": partner,
                    "quantity": quantity,
                    "expiry_day": days[lot],
                    "date_delivered": delivered,
                }
                for lot, partner, quantity, delivered in rows
            ]
        )
        return untrusted(made).sudo(False)

    @api.autovacuum
    def _gc_expired(self):
        """Discard what nobody reviewed while the goods could be used."""
        today = fields.Date.today() - timedelta(days=7)
        late = self.search([("state", "=", "draft"), ("expiry_day", "<", today)])
        trusted(late).write({"state": "discarded"})
