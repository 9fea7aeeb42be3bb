from odoo import models


class StockMove(models.Model):
    """Who waits for goods that became too old is told."""

    _inherit = "stock.move"

    def _qms_tell_lost_by_date(self, lots):
        """Give each responsible of these moves one activity about the lots they lost.

        :param lots: ``stock.lot``
        """
        moves = self.filtered("company_id.qms_notify_lost_reservation")
        for user in moves._qms_get_responsibles():
            own = moves.filtered(lambda m, user=user: user in m._qms_get_responsibles())
            some = lots.filtered(lambda lot, own=own: lot.product_id in own.product_id)
            some[:1].activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=self.env._("Reserved goods became too old"),
                note=self.env._(
                    "%(lots)s may not be used any more, or not when these documents"
                    " are due. They wait for other goods: %(documents)s",
                    lots=", ".join(some[:10].mapped("display_name")),
                    documents=", ".join(own._qms_get_document_names()),
                ),
            )
