from odoo import models


class QmsQualityOrderTest(models.Model):
    """Where the values of tests go when their order is validated."""

    _inherit = "qms.quality.order.test"

    def _write_lot_attribute(self):
        """Write the values of these tests where their lots keep them.

        Called when their orders are validated. Does nothing by itself: add-ons that
        give lots attributes override it.
        """
