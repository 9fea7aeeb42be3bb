from odoo import fields, models

SIZE = 100
MAX_SIZE = 1000
_LIMITS = ("target", "lower_limit", "upper_limit", "lower_warning", "upper_warning")


class QmsQualityOrderResult(models.Model):
    """Readings as the points of a chart."""

    _inherit = "qms.quality.order.result"

    product_id = fields.Many2one(
        related="order_id.product_id", store=True, precompute=True
    )

    _chart_idx = models.Index(
        "(test_id, product_id, recorded_on DESC, id DESC) WHERE verdict IS NOT NULL"
    )

    def _prepare_chart_point(self, value, rules):
        lots = self.lot_id.name or self.order_id.lot_names or ""
        return {
            "id": self.id,
            "order_id": self.order_id.id,
            "label": " · ".join(name for name in (self.order_id.name, lots) if name),
            "date": fields.Datetime.to_string(self.recorded_on),
            "value": value,
            "verdict": self.verdict,
            "is_warning": self.is_warning,
            "rules": rules,
        }
