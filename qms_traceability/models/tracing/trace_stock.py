from odoo import api, models


class QmsTrace(models.AbstractModel):
    """Where the goods are."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_stock(self, lot_ids):
        """Return what is on hand of lots, in all places inside.

        :param list lot_ids: ids of ``stock.lot``, or such records
        :return: list of ``{"lot_id": int, "lot": str, "product_id": int, "product":
            str, "location_id": int, "location": str, "package_id": int or False,
            "package": str or False, "owner_id": int or False, "owner": str or False,
            "quantity": float, "reserved": float, "uom": str, "transit": bool}``
        :raise UserError: where the question makes no sense
        :raise AccessError: where the user may not read the lots, or no genealogy
        """
        lots = self._get_lots(lot_ids)
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", lots.ids),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", "!=", 0),
            ],
            order="lot_id, location_id, id",
        )
        # sudo: names of places, packages and owners of stock that the user may read
        return [self._prepare_quant(quant) for quant in quants.sudo()]

    @api.model
    @api.readonly
    def get_movements(self, lot_ids):
        """Return all that lots have been through, oldest first.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"line_id": int, "lot_id", "lot", "product_id", "product",
            "uom", "date": str, "reference": str, "quantity": float, "from_id": int,
            "from": str, "to_id": int, "to": str, "package_id": int or False, "package":
            str or False, "from_package_id": int or False, "from_package": str or
            False, "owner": str or False}``, places with their full names
        """
        lots = self._get_lots(lot_ids)
        lines = self.env["stock.move.line"].search(
            [("lot_id", "in", lots.ids), ("state", "=", "done")], order="date, id"
        )
        # sudo: names of places, packages and owners of lines that the user may read
        return [self._prepare_movement(line) for line in lines.sudo()]

    @api.model
    def _prepare_movement(self, line):
        return {
            **self._prepare_goods(line),
            "line_id": line.id,
            "date": self._get_text(line.date),
            "reference": line.reference or "",
            "quantity": line.quantity_product_uom,
            "from_id": line.location_id.id,
            "from": line.location_id.complete_name,
            "to_id": line.location_dest_id.id,
            "to": line.location_dest_id.complete_name,
            "package_id": line.result_package_id.id,
            "package": line.result_package_id.name or False,
            "from_package_id": line.package_id.id,
            "from_package": line.package_id.name or False,
            "owner": line.owner_id.display_name or False,
        }

    @api.model
    def _prepare_quant(self, quant):
        return {
            **self._prepare_goods(quant),
            "location_id": quant.location_id.id,
            "location": quant.location_id.complete_name,
            "package_id": quant.package_id.id,
            "package": quant.package_id.name or False,
            "owner_id": quant.owner_id.id,
            "owner": quant.owner_id.display_name or False,
            "quantity": quant.quantity,
            "reserved": quant.reserved_quantity,
            "transit": quant.location_id.usage == "transit",
        }

    @api.model
    def _prepare_goods(self, record):
        """Return which goods a record is about, that has a lot and a product."""
        return {
            "lot_id": record.lot_id.id,
            "lot": record.lot_id.name or False,
            "product_id": record.product_id.id,
            "product": record.product_id.display_name,
            "uom": record.product_id.uom_id.name,
        }
