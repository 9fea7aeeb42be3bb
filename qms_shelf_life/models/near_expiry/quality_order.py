from odoo import fields, models


class QmsQualityOrder(models.Model):
    """Goods near their date are tested again, to be used longer."""

    _name = "qms.quality.order"
    _inherit = ["qms.quality.order", "qms.expiry.carrying.mixin"]

    event = fields.Selection(
        selection_add=[("near_expiry", "Re-test near expiry")],
        ondelete={"near_expiry": "set default"},
    )

    def _validate(self):
        res = super()._validate()
        self._follow_expiry()
        return res

    def _cancel(self):
        res = super()._cancel()
        self._follow_expiry()
        return res

    def _follow_expiry(self):
        # sudo: who inspects need not be allowed to decide
        for order in self.sudo().filtered("qms_expiry_decision_id"):
            order.qms_expiry_decision_id._follow_test(order)
