from odoo import models


class QmsQualityOrderSpec(models.Model):
    """A specification is part of what is approved with its order."""

    _inherit = "qms.quality.order.spec"

    def _qms_content_changed(self):
        """Void the requests on the orders, if what they ask has changed."""
        self.order_id._qms_content_changed()

    def unlink(self):
        orders = self.order_id
        res = super().unlink()
        orders._qms_content_changed()
        return res
