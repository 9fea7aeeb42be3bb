from odoo import models


class QmsQualityOrderResult(models.Model):
    """How a reading that failed is kept with its case."""

    _inherit = "qms.quality.order.result"

    def _prepare_failure(self):
        """Return this reading as values of a failure."""
        self.ensure_one()
        return {
            "quality_order_id": self.order_id.id,
            "test_id": self.test_id.id,
            "name": self.test_line_id.name or self.display_name,
            "value": self._get_value_text(),
            "limits": self.limits,
            "lot_id": self.lot_id.id,
        }
