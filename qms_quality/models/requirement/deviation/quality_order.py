from odoo import models


class QmsQualityOrder(models.Model):
    """A decided order gives the values that requirements have waited for."""

    _inherit = "qms.quality.order"

    def _validate(self):
        res = super()._validate()
        self._qms_compare_waiting()
        return res

    def _cancel(self):
        res = super()._cancel()
        # what was waited for will not be told
        self._qms_compare_waiting()
        return res

    def _qms_compare_waiting(self):
        """Compare goods that were posted before these orders were decided."""
        # sudo: whoever validates makes the system compare
        waiting = self.env["qms.deviation.waiting"].sudo()
        if self.lot_ids:
            found = waiting.search([("lot_id", "in", self.lot_ids.ids)])
            found.move_line_id._qms_compare_again(found)
