from odoo import api, fields, models


class StockPicking(models.Model):
    """A transfer that is short because goods are held says so."""

    _inherit = "stock.picking"

    qms_shortage = fields.Text(string="Shortage", compute="_compute_qms_shortage")

    @api.depends("move_ids.qms_shortage")
    def _compute_qms_shortage(self):
        moves = self.filtered(lambda p: p.state not in ("done", "cancel")).move_ids
        moves._fields["qms_shortage"].compute_value(moves)
        for picking in self:
            short = (picking.move_ids & moves).filtered("qms_shortage")
            picking.qms_shortage = "\n".join(
                f"{move.product_id.display_name}: {move.qms_shortage}" for move in short
            )

    def action_qms_why(self):
        """Show what refuses the goods of these transfers.

        :return: action
        """
        return self.move_ids.action_qms_why()
