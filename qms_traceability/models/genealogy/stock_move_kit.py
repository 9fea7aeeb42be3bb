from odoo import models


class StockMove(models.Model):
    """Lots that were delivered as parts of a kit: the kit itself is never in stock."""

    _inherit = "stock.move"

    def _qms_sync_kits(self, past=False):
        links = self.env["qms.lot.link"]
        kits = self.filtered(lambda move: move._qms_is_of_kit())
        if not kits:
            return links
        pickings = kits.picking_id
        wanted = [
            links._qms_prepare_kit(line)
            for line in pickings.move_ids.move_line_ids
            if line.lot_id
            and line.quantity_product_uom > 0
            and line.move_id._qms_is_of_kit()
        ]
        return links._qms_sync(pickings, wanted, past)

    def _qms_is_of_kit(self):
        return (
            self.state == "done"
            and bool(self.picking_id)
            and self.bom_line_id.bom_id.type == "phantom"
            and self.location_dest_id.usage == "customer"
        )
