from odoo import api, models


class StockMoveLine(models.Model):
    """Posting puts goods into places and packages, where they may not be mixed."""

    _inherit = "stock.move.line"

    @api.model
    def _qms_after_posting(self, movements):
        res = super()._qms_after_posting(movements)
        self.env["stock.quant"]._qms_check_mixing(
            {
                (movement.product, place)
                for movement in movements
                for place in self._qms_get_unmixed(movement)
            }
        )
        return res

    @api.model
    def _qms_get_unmixed(self, movement):
        """Yield the place and the package that may have one lot of a product."""
        product, package = movement.product, movement.package_dest
        if product.tracking == "none":
            return
        if product.qms_one_lot_place and movement.location_dest.usage == "internal":
            yield movement.location_dest
        # what is moved within its package is not put into it
        if product.qms_one_lot_package and package and package != movement.package:
            yield package._qms_get_outermost()
