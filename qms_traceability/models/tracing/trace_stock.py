from odoo import api, models
from odoo.tools import SQL


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
        rows = self._add_goods(self._read_movements(lots))
        return [self._prepare_movement(row) for row in rows]

    @api.model
    def _read_movements(self, lots):
        """Return the done lines of lots that the user may read, oldest first.

        In one query: a lot may have been moved hundreds of times.
        """
        lines = self.env["stock.move.line"]._search(
            [("lot_id", "in", lots.ids), ("state", "=", "done")]
        )
        self.env.flush_all()
        return self.env.execute_query_dict(
            SQL(
                """SELECT line.id AS line_id, line.lot_id, line.product_id, line.date,
                          move.reference, line.quantity_product_uom AS quantity,
                          place.id AS from_id, place.complete_name AS "from",
                          dest.id AS to_id, dest.complete_name AS "to",
                          packed.id AS package_id, packed.name AS package,
                          unpacked.id AS from_package_id,
                          unpacked.name AS from_package, owner.complete_name AS owner
                   FROM stock_move_line AS line
                   JOIN stock_location AS place ON place.id = line.location_id
                   JOIN stock_location AS dest ON dest.id = line.location_dest_id
                   LEFT JOIN stock_move AS move ON move.id = line.move_id
                   LEFT JOIN stock_package AS packed
                     ON packed.id = line.result_package_id
                   LEFT JOIN stock_package AS unpacked ON unpacked.id = line.package_id
                   LEFT JOIN res_partner AS owner ON owner.id = line.owner_id
                   WHERE line.id IN %s
                   ORDER BY line.date, line.id""",
                lines.subselect(),
            )
        )

    @api.model
    def _prepare_movement(self, row):
        return {
            **{name: value or False for name, value in row.items()},
            "date": self._get_text(row["date"]),
            "reference": row["reference"] or "",
            "quantity": row["quantity"],
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
