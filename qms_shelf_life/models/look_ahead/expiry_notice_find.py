from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

from ..near_expiry.near_window import get_last_near_day


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
        self.env.cr.execute(self._get_delivered_query(company, lots))
        return self.env.cr.fetchall()

    @api.model
    def _find_near_lots(self, company, window, products):
        """Return the lots that come near their date and have not expired."""
        # sudo: who tells customers need not have rights in Inventory
        lots = self.env["stock.lot"].sudo().with_company(company)
        warehouse = self.env["stock.warehouse"].with_company(company)
        today = warehouse._qms_get_day()
        base = (
            Domain("company_id", "in", [company.id, False])
            & Domain("product_id.use_expiration_date", "=", True)
            & Domain("expiration_date", ">=", warehouse._qms_get_day_start(today))
        )
        if products is not None:
            base &= Domain("product_id", "in", products.ids)
        if window:
            return lots.search(base & self._get_near_domain(warehouse, window, today))
        windows = self._get_windows(company, products)
        return lots.search(
            base
            & Domain.OR(
                Domain("product_id", "in", group.ids)
                & self._get_near_domain(warehouse, text, today)
                for text, group in windows.items()
            )
        )

    @api.model
    def _get_near_domain(self, warehouse, window, today):
        last = get_last_near_day(window, today)
        if last.year >= 9999:
            return Domain.TRUE
        end = warehouse._qms_get_day_start(last + timedelta(days=1))
        return Domain("expiration_date", "<", end)

    @api.model
    def _get_windows(self, company, products):
        """Return the products of each near-expiry window: ``{formula: products}``."""
        # sudo: what is near holds for those, too, who may not read products
        goods = self.env["product.product"].sudo().with_company(company)
        if products is None:
            products = goods.search([("use_expiration_date", "=", True)])
        else:
            products = goods.browse(products.ids)
        windows = products.grouped(
            lambda product: product.product_tmpl_id._qms_get_near_expiry(company)
        )
        windows.pop(False, None)
        return windows

    @api.model
    def _get_delivered_query(self, company, lots):
        """Return what selects deliveries of lots to customers, net of returns."""
        return SQL(
            """
            SELECT line.lot_id,
                   COALESCE(partner.commercial_partner_id, partner.id) AS customer_id,
                   sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                            ELSE -line.quantity_product_uom END),
                   max(line.date) FILTER (WHERE d.usage = 'customer')::date
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
        )

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
        warehouse = self.env["stock.warehouse"].with_company(company)
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
