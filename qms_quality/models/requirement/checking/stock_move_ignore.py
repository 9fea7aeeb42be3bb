from odoo import models
from odoo.exceptions import UserError


class StockMove(models.Model):
    """The button with which requirements of a move's order line are ignored."""

    _inherit = "stock.move"

    def action_qms_ignore_qrs(self):
        """Ask why the requirements of these moves are to be ignored.

        :return: action
        :raise AccessError: for whoever lacks the right to
        :raise UserError: if nothing is required of the goods
        """
        self.check_access("read")
        copies = self.env["qms.qrs.document.line"].sudo()
        copies = copies.union(*self._qms_get_steering().values())
        if not copies:
            raise UserError(
                self.env._("Nothing is required of these goods, so nothing is ignored.")
            )
        return copies.sudo(False).action_ignore()
