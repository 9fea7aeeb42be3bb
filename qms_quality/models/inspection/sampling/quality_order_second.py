from odoo import models

from ...sentinel import trusted
from ..quality_order import MANAGER


class QmsQualityOrder(models.Model):
    """The second sample, and lots that are submitted again."""

    _inherit = "qms.quality.order"

    def _follow_counts(self):
        """Ask for the second sample where the first one doesn't decide.

        A count that was corrected can take it back, as long as nothing was read of it.
        """
        orders = trusted(self.sudo())
        for order in orders:
            needed = any(order.defect_ids.mapped("needs_second"))
            if needed == (order.sample_stage == 2):
                continue
            if not needed and order._has_second_readings():
                continue
            order.sample_stage = 2 if needed else 1
            order._resize()
            if needed:
                order._audit("second_sample")
                order._message_log(
                    body=self.env._("Second sample asked for: %s", order.sample_text)
                )

    def _has_second_readings(self):
        units = self.unit_ids.filtered(lambda unit: unit.stage == 2)
        read = self.result_ids.filtered("is_recorded").unit_id
        return bool(units.filtered("is_taken") | units & read)

    def action_toggle_resubmission(self):
        """Say that a lot was rejected before, or that it wasn't.

        :raise AccessError: if the user is no quality manager
        :raise UserError: if an order is validated or cancelled
        """
        self._check_group(MANAGER)
        self._check_state(["draft", "open"], self.env._("Submitted again"))
        yes_no = self.env._("Yes"), self.env._("No")
        for order in trusted(self):
            order.is_resubmission = not order.is_resubmission
            change = yes_no[::-1] if order.is_resubmission else yes_no
            order._audit("resubmission", {"is_resubmission": change})
