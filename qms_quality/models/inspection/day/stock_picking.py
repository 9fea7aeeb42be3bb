from collections import defaultdict

from odoo import models

INSIDE = ("internal", "transit")


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_qms_check(self):
        """Ask for a check of what this transfer moves."""
        self.ensure_one()
        self.check_access("read")
        return self.env["qms.check.request"]._open(
            self._qms_get_checkable(),
            picking_id=self.id,
            partner_id=self.partner_id.id,
            company_id=self.company_id.id,
        )

    def _qms_get_checkable(self):
        """Return the goods of this transfer as values of lines of the request.

        Each lot alone, the serial numbers of a product together.
        """
        done = self.state == "done"
        goods = defaultdict(lambda: [self.env["stock.lot"], 0.0])
        for line in self.move_line_ids:
            place = line.location_dest_id if done else line.location_id
            product = line.product_id
            key = product, product.tracking != "serial" and line.lot_id, place
            goods[key][0] |= line.lot_id
            goods[key][1] += line.quantity_product_uom
        if not goods:
            for move in self.move_ids:
                goods[move.product_id, False, move.location_id][1] += move.product_qty
        return [
            {
                "product_id": product.id,
                "lot_ids": [(6, 0, lots.ids)],
                "quantity": quantity,
                "location_id": place.id if place.usage in INSIDE else False,
            }
            for (product, _lot, place), (lots, quantity) in goods.items()
        ]
