from odoo import models


class MrpProduction(models.Model):
    _inherit = "mrp.production"

    def action_qms_why(self):
        """Show what refuses the components of these orders.

        :return: action
        """
        return self.move_raw_ids.action_qms_why()
