from odoo import models

from .lot_trail import CONTEXT_KEY


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_open_trail(self):
        """Open the whole life of this lot on one page."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Trail of %(lot)s", lot=self.display_name),
            "res_model": "qms.lot.trail",
            "view_mode": "list",
            "context": {CONTEXT_KEY: self.id, "create": False},
        }

    def _get_trail(self):
        """Return the trail for printing, oldest first."""
        self.ensure_one()
        trail = self.env["qms.lot.trail"].with_context(**{CONTEXT_KEY: self.id})
        return trail.search([], order="date, id")

    def _get_trail_signatures(self, trail):
        """Return the signatures on the documents of the lot, for printing.

        :param trail: the lines of :meth:`_get_trail`
        """
        signed = trail.filtered(lambda line: line.kind == "signature")
        keys = {(line.res_model, line.res_id) for line in signed}
        signatures = self.env["qms.signature"]
        return signatures.union(*signatures._get_of(keys).values())
