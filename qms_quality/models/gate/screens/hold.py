from odoo import models


class QmsHold(models.Model):
    _inherit = "qms.hold"

    def action_open_quants(self):
        """Open the stock that these holds, and what they were extended to, cover."""
        quants = (self | self.child_ids)._get_quants()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Held Stock"),
            "res_model": "stock.quant",
            "views": [
                (self.env.ref("stock.view_stock_quant_tree").id, "list"),
                (False, "form"),
            ],
            "domain": [("id", "in", quants.ids)],
        }
