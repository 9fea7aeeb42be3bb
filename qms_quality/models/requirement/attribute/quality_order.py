from odoo import models


class QmsQualityOrder(models.Model):
    """Readings that no attribute takes are put right before they count."""

    _inherit = "qms.quality.order"

    def _get_validation_problems(self):
        problems = super()._get_validation_problems()
        return problems or self.test_ids._get_attribute_problems()
