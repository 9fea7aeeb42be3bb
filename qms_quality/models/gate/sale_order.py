from odoo import api, fields, models


class SaleOrder(models.Model):
    """An order that can't be delivered because goods are held says so."""

    _inherit = "sale.order"

    qms_shortage = fields.Text(string="Shortage", compute="_compute_qms_shortage")

    @api.depends("picking_ids.qms_shortage")
    def _compute_qms_shortage(self):
        for order in self:
            # sudo: a salesperson need not be allowed to read transfers
            pickings = order.sudo().picking_ids
            order.qms_shortage = "\n".join(
                picking.qms_shortage for picking in pickings if picking.qms_shortage
            )

    def action_qms_why(self):
        """Show what refuses the goods of these orders' deliveries.

        :return: action
        """
        self.check_access("read")
        return self.sudo().picking_ids.action_qms_why()
