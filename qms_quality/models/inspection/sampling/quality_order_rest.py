from odoo import api, models


class QmsQualityOrder(models.Model):
    """Samples of goods that never came."""

    _inherit = "qms.quality.order"

    @api.model
    def _find_remainders(self, moves):
        """Return the orders on what was still to come, where nothing of it came and
        nothing comes any more, in sudo.

        :param moves: ``stock.move`` that were cancelled
        """
        # sudo: whoever cancels need not be allowed to read orders or purchases
        waiting = self.sudo().search(
            [
                ("is_remainder", "=", True),
                ("state", "in", ("draft", "open")),
                ("lot_ids", "=", False),
                ("product_id", "in", moves.product_id.ids),
            ]
        )
        plans = self.env["qms.sampling.plan"].sudo()
        cancelled = {plans._get_move_source(move) for move in moves if waiting}
        return waiting.filtered(
            lambda order: (
                (source := plans._get_move_source(order.move_id)) in cancelled
                and not plans._get_coming(source, order.product_id)
                # what came without a lot is held
                and not order.hold_ids
            )
        )

    def _has_readings(self):
        counted = any(defect._get_counts() for defect in self.defect_ids)
        return counted or super()._has_readings()
