from odoo import fields, models


class StockLot(models.Model):
    """A lot knows that something was registered of it, so that registrations queue."""

    _inherit = "stock.lot"

    qms_registration_count = fields.Integer(
        string="Registrations", copy=False, readonly=True, qms_audit=False
    )

    def _qms_lock_registrations(self):
        """Let registrations of one lot take turns: who comes second runs again."""
        self.env.cr.execute(
            """UPDATE stock_lot
               SET qms_registration_count = COALESCE(qms_registration_count, 0) + 1
               WHERE id = %s""",
            [self.id],
        )
