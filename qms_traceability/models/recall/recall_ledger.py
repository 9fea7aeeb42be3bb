from odoo import api, models
from odoo.tools import SQL

from .recall_lot import LEDGER
from .recall_scope import INSIDE

# What goods that come from, or go to, a kind of place count as.
CAME = {"supplier": "received", "production": "produced", "inventory": "found"}
WENT = {"supplier": "returned_vendor", "production": "used", "customer": "shipped"}
# Links of goods that got another number.
RENAMING = ("split", "merge", "relabel")


class QmsRecall(models.Model):
    """What the ledger of stock says of lots."""

    _inherit = "qms.recall"

    @api.model
    def _read_ledger(self, lots):
        """Return what became of lots, in their products' units, in two queries.

        What a customer sends back is less shipped.

        :param lots: ``stock.lot``
        :return dict: ``{lot id: {figure: quantity}}``, a row for each lot
        """
        figures = {lot: dict.fromkeys(LEDGER, 0.0) for lot in lots.ids}
        if not figures:
            return figures
        self.env.flush_all()
        for lot, came, went, scrap, quantity in self._query_moved(lots):
            self._add_moved(figures[lot], came, went, scrap, quantity)
        for lot, quantity in self._read_on_hand(lots):
            figures[lot.id]["on_hand"] = quantity
        return figures

    @api.model
    def _add_moved(self, row, came, went, scrap, quantity):
        if came == "customer":
            row["shipped"] -= quantity
        elif came in CAME:
            row[CAME[came]] += quantity
        if went == "inventory":
            row["scrapped" if scrap else "lost"] += quantity
        elif went in WENT:
            row[WENT[went]] += quantity

    @api.model
    def _query_moved(self, lots):
        """Return what came from outside or went there, by kinds of places.

        Goods that got another number went through a place of losses; they are neither
        lost nor found: they were used for the other lot, and the other was made.
        """
        return self.env.execute_query(
            SQL(
                """
                SELECT line.lot_id,
                       CASE WHEN renamed.made THEN 'production' ELSE l.usage END,
                       CASE WHEN renamed.used THEN 'production' ELSE d.usage END,
                       m.scrap_id IS NOT NULL, sum(line.quantity_product_uom)
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN stock_location l ON l.id = line.location_id
                  JOIN stock_location d ON d.id = line.location_dest_id
                  CROSS JOIN LATERAL (
                      SELECT d.usage = 'inventory' AND EXISTS (
                                 SELECT FROM qms_lot_link k
                                  WHERE k.from_line_id = line.id
                                    AND k.to_line_id IS DISTINCT FROM line.id
                                    AND k.kind IN %(renaming)s) AS used,
                             l.usage = 'inventory' AND EXISTS (
                                 SELECT FROM qms_lot_link k
                                  WHERE k.to_line_id = line.id
                                    AND k.from_line_id IS DISTINCT FROM line.id
                                    AND k.kind IN %(renaming)s) AS made) renamed
                 WHERE line.lot_id IN %(lots)s AND line.state = 'done'
                   AND NOT (l.usage IN %(inside)s AND d.usage IN %(inside)s)
                 GROUP BY 1, 2, 3, 4
                """,
                lots=tuple(lots.ids),
                inside=INSIDE,
                renaming=RENAMING,
            )
        )

    @api.model
    def _read_on_hand(self, lots):
        # sudo: all there is counts, wherever it is
        return (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [("lot_id", "in", lots.ids), ("location_id.usage", "in", INSIDE)],
                ["lot_id"],
                ["quantity:sum"],
            )
        )

    @api.model
    def _query_delivered(self, lots):
        """Return what customers got of lots, and sent back, by transfer.

        :return: rows of lot, company, partner, picking, document, quantity, date; a
            return is less than nothing
        """
        if not lots:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.lot_id, line.company_id,
                       COALESCE(partner.commercial_partner_id, partner.id),
                       m.picking_id, COALESCE(picking.name, m.reference),
                       sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                                ELSE -line.quantity_product_uom END),
                       max(line.date)
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN stock_location l ON l.id = line.location_id
                  JOIN stock_location d ON d.id = line.location_dest_id
                  LEFT JOIN stock_picking picking ON picking.id = m.picking_id
                  LEFT JOIN res_partner partner
                         ON partner.id = COALESCE(picking.partner_id, m.partner_id)
                 WHERE line.lot_id IN %(lots)s AND line.state = 'done'
                   AND (l.usage = 'customer') != (d.usage = 'customer')
                 GROUP BY 1, 2, 3, 4, 5
                 ORDER BY 7, 4, 1
                """,
                lots=tuple(lots.ids),
            )
        )

    @api.model
    def _query_received(self, lots):
        """Return what suppliers delivered of lots, by transfer.

        :return: rows of lot, company, partner, picking, document, quantity, date
        """
        if not lots:
            return []
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.lot_id, line.company_id,
                       COALESCE(partner.commercial_partner_id, partner.id),
                       m.picking_id, COALESCE(picking.name, m.reference),
                       sum(line.quantity_product_uom), min(line.date)
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN stock_location l ON l.id = line.location_id
                  LEFT JOIN stock_picking picking ON picking.id = m.picking_id
                  LEFT JOIN res_partner partner
                         ON partner.id = COALESCE(picking.partner_id, m.partner_id)
                 WHERE line.lot_id IN %(lots)s AND line.state = 'done'
                   AND l.usage = 'supplier'
                 GROUP BY 1, 2, 3, 4, 5
                 ORDER BY 7, 4, 1
                """,
                lots=tuple(lots.ids),
            )
        )
