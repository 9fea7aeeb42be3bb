from odoo import api, models
from odoo.fields import Domain

from .trace_amounts import OUTSIDE

NEWEST = 50


class QmsTrace(models.AbstractModel):
    """Goods without lots: where they may have come from."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_candidates(self, product_ids, date=None):
        """Return what came in of products without lots, up to a moment, newest first.

        Which of it was used nobody knows; how likely each is, its date tells.

        :param list product_ids: ids of ``product.product``
        :param date: the moment of use: a text in UTC or a datetime; now if empty
        :return: list of ``{"product_id": int, "product": str, "uom": str, "quantity":
            float, "date": str, "document": {"model", "id", "name"}, "partner": str or
            False, "kind": "receipt", "production" or "count"}``, at most 50 a product
        """
        self.env["qms.lot.link"].check_access("read")
        date = self._get_moment(date)
        products = self.env["product.product"].browse(
            [one for one in product_ids or () if self._are_ids([one])]
        )
        products.check_access("read")
        lines = self.env["stock.move.line"]
        for product in products:
            domain = self._get_candidates_domain(product, date)
            lines |= lines.search(domain, order="date desc, id desc", limit=NEWEST)
        # sudo: names of documents and partners of lines that the user may read
        return [self._prepare_candidate(line) for line in lines.sudo()]

    @api.model
    def _get_candidates_domain(self, product, date):
        return (
            Domain("product_id", "=", product.id)
            & Domain("lot_id", "=", False)
            & Domain("state", "=", "done")
            & Domain("location_id.usage", "in", OUTSIDE)
            & Domain("location_dest_id.usage", "not in", OUTSIDE)
            & (Domain("date", "<=", date) if date else Domain.TRUE)
        )

    @api.model
    def _prepare_candidate(self, line):
        kinds = {"supplier": "receipt", "production": "production"}
        document = line.picking_id or line.move_id.production_id or line.move_id
        return {
            "product_id": line.product_id.id,
            "product": line.product_id.display_name,
            "uom": line.product_id.uom_id.name,
            "quantity": line.quantity_product_uom,
            "date": self._get_text(line.date),
            "document": {
                "model": document._name,
                "id": document.id,
                "name": document.display_name,
            },
            "partner": line.picking_id.partner_id.display_name or False,
            "kind": kinds.get(line.location_id.usage, "count"),
        }
