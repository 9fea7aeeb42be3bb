from odoo import models


class StockMoveLine(models.Model):
    """Where what a line moved is, and where it came from."""

    _inherit = "stock.move.line"

    def _qms_get_way_back(self):
        """Return where the goods of this line go back to: out of a quality zone, to
        the stock."""
        self.ensure_one()
        place = self.location_id
        return place.warehouse_id.lot_stock_id if place.qms_zone_id else place

    def _qms_get_package_back(self, dest):
        """Return the package that the goods were taken from, if it is still there."""
        self.ensure_one()
        package = self.package_id
        return package if package.location_id == dest else package.browse()

    def _qms_get_quants(self):
        """Return the goods of this line where it brought them, in their package first:
        what was shared with other samples can have been packed anew since."""
        self.ensure_one()
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.lot_id.id),
                ("location_id", "=", self.location_dest_id.id),
                ("owner_id", "=", self.owner_id.id),
                ("quantity", ">", 0),
            ],
            order="id",
        )
        package = self.result_package_id
        return quants.sorted(lambda quant: (quant.package_id != package, quant.id))
