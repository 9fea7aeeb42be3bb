from odoo import models
from odoo.tools import plaintext2html


class StockPicking(models.Model):
    """A refusal that nobody saw becomes something to do."""

    _inherit = "stock.picking"

    def _qms_report_refusal(self):
        """Give somebody the task to sort out transfers that the gate refused."""
        # sudo: a cashier has no rights on transfers
        for picking in self.sudo():
            lines = picking.move_line_ids
            refused = [
                (movement, blocking)
                for movement, reasons in lines._qms_ask(lines._qms_get_movements())
                if (blocking := [r for r in reasons if r.policy == "block"])
            ]
            if refused:
                picking.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=picking._qms_get_refusal_user(refused).id,
                    summary=self.env._("Held goods were sold"),
                    note=plaintext2html(lines._qms_get_refusal(refused)),
                )

    def _qms_get_refusal_user(self, refused):
        """Return who holds the goods, if a person does, or who acts now."""
        holds = self.env["qms.hold"].sudo()
        for _movement, reasons in refused:
            holds = holds.union(*(reason.hold for reason in reasons))
        people = holds.placed_by_id.filtered(
            lambda user: (
                user.active and user._is_internal() and not user._is_superuser()
            )
        )
        return people[:1] or self.env.user
