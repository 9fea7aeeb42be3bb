from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_qms_open_expiry(self):
        """Show where these lots are, what they are worth and what is at risk.

        :return: action
        """
        return self.env["qms.expiry.report"]._get_action("lot_id", self)
