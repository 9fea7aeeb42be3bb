from odoo import models


class StockLot(models.Model):
    """A lot is where many recalls start."""

    _inherit = "stock.lot"

    def action_qms_recall(self):
        """Open a new recall that starts from these lots.

        :return: action that opens the form
        :raise AccessError: if the user is no recall coordinator
        """
        self.env["qms.recall"]._check_opener()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Recall"),
            "res_model": "qms.recall",
            "view_mode": "form",
            "context": {
                "default_scope": "lots",
                "default_lot_ids": self.ids,
                "default_company_id": self.company_id[:1].id or self.env.company.id,
            },
        }
