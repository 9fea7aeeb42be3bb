from odoo import models


class QmsQualityOrder(models.Model):
    """Who can't approve what an order concludes, and when there is nothing left to."""

    _inherit = "qms.quality.order"

    def _qms_get_involved_users(self, action):
        # sudo: the readings are looked at whoever approves
        order = self.sudo()
        recorded = order.result_ids.recorded_by_id
        involved = super()._qms_get_involved_users(action)
        return involved | recorded | order.validated_by_id

    def _cancel(self):
        res = super()._cancel()
        self._qms_void_approvals(self.env._("it was cancelled."))
        return res
