from odoo import models

# In the context while several differences are posted: an object, which no client sends.
LATER = object()


class StockMove(models.Model):
    """What was consumed is corrected."""

    _inherit = "stock.move"

    def _qms_sync_links(self, past=False, posted=None):
        # between two differences of one correction nothing is true of the genealogy
        if self.env.context.get("qms_links") is LATER:
            return self.env["qms.lot.link"]
        return super()._qms_sync_links(past=past, posted=posted)

    def _qms_consume_more(self, lot, quantity):
        """Consume more of a lot, or less where the quantity is negative.

        :param float quantity: in the product's unit
        """
        self.ensure_one()
        if self.product_id.uom_id.compare(quantity, 0) < 0:
            self._qms_give_back(lot, -quantity)
        elif quantity:
            self._qms_revive()
            self._qms_consume_in_places(lot, quantity)

    def _qms_revive(self):
        """Let this take goods, though closing the order cancelled it as unused."""
        if self.state == "cancel":
            self.write({"state": "done", "picked": True})

    def _qms_give_back(self, lot, quantity):
        compare = self.product_id.uom_id.compare
        for line in self.move_line_ids.filtered(lambda line: line.lot_id == lot):
            back = min(line.quantity_product_uom, quantity)
            if compare(back, 0) <= 0:
                continue
            quantity -= back
            line.quantity = self.product_id.uom_id._compute_quantity(
                line.quantity_product_uom - back, line.product_uom_id
            )

    def _qms_consume_in_places(self, lot, quantity):
        """Take from where the lot lies; lines of a done component post at once."""
        lines = self.move_line_ids.filtered(
            lambda line: line.lot_id == lot and line.quantity
        )
        quants = self._qms_get_quants(lot)
        for quant, taken in self._qms_get_places(quantity, quants):
            values = self._qms_prepare_registered_line(lot, quant, taken)
            same = lines.filtered(
                lambda line, place=values: (
                    line.location_id.id == place["location_id"]
                    and line.package_id.id == place["package_id"]
                )
            )[:1]
            if same:
                same.quantity += self.product_id.uom_id._compute_quantity(
                    taken, same.product_uom_id
                )
            else:
                self.env["stock.move.line"].create(values)
