from odoo import models


class StockMoveLine(models.Model):
    """Goods that have another number since a correction, and are more or less now."""

    _inherit = "stock.move.line"

    def _qms_requantify_renamed(self):
        """Let the links between a posted line's numbers be of its quantity.

        Of nothing there is no other number; more than nothing, there is again.
        """
        links = self.env["qms.lot.link"]
        for line_id, own in self._qms_get_number_links().grouped("res_id").items():
            quantity = self.browse(line_id).quantity_product_uom
            kept = own._qms_get_renamings()
            stale = kept.filtered(lambda link, much=quantity: not link._qms_is_of(much))
            held = stale - own.reverses_id
            held._qms_undo(is_emptied=quantity <= 0)
            if quantity > 0:
                links._qms_link([link._qms_prepare_again(quantity) for link in stale])

    def _qms_get_number_links(self):
        """Return all rows between numbers of these lines, in sudo."""
        # sudo: whoever corrects goods need not be allowed to read their history
        return (
            self.env["qms.lot.link"]
            .sudo()
            .search(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                order="id",
            )
        )
