from odoo import models


class QmsQualityOrderTest(models.Model):
    """A test with its limits is part of what is approved with its order."""

    _inherit = "qms.quality.order.test"

    def _qms_content_changed(self):
        """Void the requests on the orders, if what they ask has changed."""
        self.order_id._qms_content_changed()
