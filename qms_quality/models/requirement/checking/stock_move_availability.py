from odoo import models


class StockMove(models.Model):
    """What is promised to a move is what it may take."""

    _inherit = "stock.move"

    def _compute_forecast_information(self):
        res = super()._compute_forecast_information()
        self._qms_take_off_unfit()
        return res

    def _qms_take_off_unfit(self):
        """Don't promise goods in stock that moves can't take.

        What is still to come is promised as before: nobody knows yet what it will be.
        """
        waiting = self.filtered(
            lambda move: move.state != "assigned" and not move.forecast_expected_date
        )
        for shortage in waiting._origin._qms_get_shortages():
            if not shortage.others:
                continue
            move = self.filtered(lambda one, s=shortage: one._origin == s.move)
            move.forecast_availability = min(
                move.forecast_availability, shortage.available
            )
