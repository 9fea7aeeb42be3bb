from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

STATES = {"done": "done", "assigned": "open", "partially_available": "open"}


class QmsTrace(models.AbstractModel):
    """Whom the goods came from and went to."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_deliveries(self, lot_ids):
        """Return what of lots went to customers, is on its way, or came back.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"lot_id", "lot", "product_id", "product", "uom",
            "picking_id": int, "picking": str, "partner_id": int or False, "partner":
            str or False, "date": str, "quantity": float, below 0 where it came back,
            "state": "done", "transit" (left the warehouse, not there yet), "open"
            (reserved) or "returned", "package_id": int or False, "package": str or
            False, "owner_id": int or False, "owner": whose goods they are, where not
            the company's own, str or False}``, by date
        :raise UserError: where the question makes no sense
        :raise AccessError: where the user may not read the lots, genealogy or transfers
        """
        lots = self._get_lots(lot_ids)
        goes = [("location_dest_id.usage", "in", ("customer", "transit"))]
        comes = [("location_id.usage", "=", "customer"), ("state", "=", "done")]
        domain = Domain("location_id.usage", "!=", "customer") & Domain(goes)
        domain &= Domain("state", "in", list(STATES))
        rows = self._read_lines(lots, domain | Domain(comes))
        return [
            self._prepare_delivery(row)
            for row in rows
            if row["dest_usage"] != "transit" or row["there"]
        ]

    @api.model
    def _prepare_delivery(self, row):
        state = STATES[row["state"]]
        if row["usage"] == "customer":
            state, row["quantity"] = "returned", -row["quantity"]
        elif row["dest_usage"] == "transit" and state == "done":
            state = "transit"
        return {**self._prepare_line(row), "state": state}

    @api.model
    @api.readonly
    def get_receipts(self, lot_ids):
        """Return what of lots came from vendors, or went back to them.

        :param list lot_ids: see :meth:`get_stock`
        :return: list as of :meth:`get_deliveries`, with ``"purchase_id": int or False,
            "purchase": str or False`` and the states "done" and "returned"
        """
        lots = self._get_lots(lot_ids)
        domain = Domain("state", "=", "done") & (
            Domain("location_id.usage", "=", "supplier")
            | Domain("location_dest_id.usage", "=", "supplier")
        )
        rows = self._read_lines(lots, domain)
        return [self._prepare_receipt(row) for row in rows]

    @api.model
    def _prepare_receipt(self, row):
        returned = row["dest_usage"] == "supplier"
        if returned:
            row["quantity"] = -row["quantity"]
        return {
            **self._prepare_line(row),
            "state": "returned" if returned else "done",
            "purchase_id": row["purchase_id"] or False,
            "purchase": row["purchase"] or False,
        }

    @api.model
    @api.readonly
    def get_invoices(self, lot_ids):
        """Return the customer invoices of what was delivered of lots.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"invoice_id": int, "invoice": str, "partner_id": int,
            "partner": str, "date": str or False, "state": str, "lot_ids": list}``
        :raise AccessError: also where the user may not read invoices
        """
        lots = self._get_lots(lot_ids)
        self.env["account.move"].check_access("read")
        delivered = Domain("lot_id", "in", lots.ids) & Domain("state", "=", "done")
        lines = self.env["stock.move.line"].search(
            delivered & Domain("location_dest_id.usage", "=", "customer")
        )
        found = {}
        # sudo: only to find the way to invoices, which are read with the user's rights
        for line in lines.sudo():
            for move in line.move_id.sale_line_id.invoice_lines.move_id:
                found.setdefault(move.id, set()).add(line.lot_id.id)
        invoices = self.env["account.move"].search([("id", "in", list(found))])
        return [
            {
                "invoice_id": invoice.id,
                "invoice": invoice.name or invoice.display_name,
                "partner_id": invoice.partner_id.id,
                "partner": invoice.partner_id.display_name,
                "date": self._get_text(invoice.invoice_date),
                "state": invoice.state,
                "lot_ids": sorted(found[invoice.id]),
            }
            for invoice in invoices
        ]

    @api.model
    def _get_deliveries_ahead(self, lots):
        """Return what of lots, and of all that was made of them, went to customers.

        The same as ``stock.lot.delivery_ids``, in one query.

        :param lots: ``stock.lot``
        :return: ``stock.picking`` that the user may read
        """
        pickings = self.env["stock.picking"]
        if not lots:
            return pickings
        self._flush_links()
        rows = self.env.execute_query(
            SQL(
                """WITH RECURSIVE %s, went AS MATERIALIZED (
                       SELECT DISTINCT line.picking_id AS id
                       FROM reached
                       JOIN stock_move_line AS line ON line.lot_id = reached.id
                       WHERE line.state = 'done' AND line.location_dest_id IN (
                           SELECT id FROM stock_location WHERE usage = 'customer')
                   )
                   SELECT id FROM went WHERE id IN %s""",
                self._get_reached_sql(lots, "forward", companies=self.env.companies),
                pickings._search([]).subselect(),
            )
        )
        return pickings.browse(one for (one,) in rows)

    # -- Lines of transfers ------------------------------------------------------------

    @api.model
    def _read_lines(self, lots, domain):
        """Return transfers' lines of lots that the user may read, oldest first.

        In one query: a lot may have gone to thousands of customers.
        """
        lines = self.env["stock.move.line"]._search(
            Domain("lot_id", "in", lots.ids)
            & Domain("picking_id", "!=", False)
            & domain
        )
        self.env["stock.move"].flush_model()
        self._flush_links()
        rows = self.env.execute_query_dict(
            SQL(
                """SELECT line.lot_id, line.product_id, line.picking_id,
                          picking.name AS picking, picking.partner_id,
                          partner.complete_name AS partner, line.date, line.state,
                          line.quantity_product_uom AS quantity,
                          place.usage, dest.usage AS dest_usage,
                          purchase.id AS purchase_id, purchase.name AS purchase,
                          package.id AS package_id, package.name AS package,
                          owner.id AS owner_id, owner.complete_name AS owner,
                          (dest.usage = 'transit' AND EXISTS (
                              SELECT FROM stock_quant AS quant
                              WHERE quant.lot_id = line.lot_id
                                AND quant.location_id = line.location_dest_id
                                AND quant.quantity > 0)) AS there
                   FROM stock_move_line AS line
                   JOIN stock_picking AS picking ON picking.id = line.picking_id
                   JOIN stock_move AS move ON move.id = line.move_id
                   JOIN stock_location AS place ON place.id = line.location_id
                   JOIN stock_location AS dest ON dest.id = line.location_dest_id
                   LEFT JOIN res_partner AS partner ON partner.id = picking.partner_id
                   LEFT JOIN purchase_order_line AS bought
                     ON bought.id = move.purchase_line_id
                   LEFT JOIN purchase_order AS purchase ON purchase.id = bought.order_id
                   LEFT JOIN stock_package AS package
                     ON package.id = COALESCE(line.result_package_id, line.package_id)
                   LEFT JOIN res_partner AS owner ON owner.id = line.owner_id
                   WHERE line.id IN %s AND picking.id IN %s
                   ORDER BY line.date, line.id""",
                lines.subselect(),
                self.env["stock.picking"]._search([]).subselect(),
            )
        )
        return self._add_goods(rows)

    @api.model
    def _add_goods(self, rows):
        """Add the names of lots and products to rows that have their ids."""
        # sudo: names of goods whose lines the user may read
        lots = self.env["stock.lot"].sudo().browse({row["lot_id"] for row in rows})
        names = {lot.id: lot.name for lot in lots}
        products = lots.product_id
        goods = {
            product.id: (product.display_name, product.uom_id.name)
            for product in products
        }
        for row in rows:
            row["lot"] = names[row["lot_id"]]
            row["product"], row["uom"] = goods[row["product_id"]]
        return rows

    @api.model
    def _prepare_line(self, row):
        return {
            "lot_id": row["lot_id"],
            "lot": row["lot"],
            "product_id": row["product_id"],
            "product": row["product"],
            "uom": row["uom"],
            "picking_id": row["picking_id"],
            "picking": row["picking"],
            "partner_id": row["partner_id"] or False,
            "partner": row["partner"] or False,
            "date": self._get_text(row["date"]),
            "quantity": row["quantity"],
            "package_id": row["package_id"] or False,
            "package": row["package"] or False,
            "owner_id": row["owner_id"] or False,
            "owner": row["owner"] or False,
        }
