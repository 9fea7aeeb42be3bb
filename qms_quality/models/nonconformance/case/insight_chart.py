from odoo import api, models
from odoo.fields import Domain


class QmsTest(models.Model):
    """Control charts of what failed."""

    _inherit = "qms.test"

    @api.model
    def _get_chart_choices_domain(self, model, res_id):
        if model != "qms.nonconformance" or not isinstance(res_id, int):
            return super()._get_chart_choices_domain(model, res_id)
        case = self.env[model].browse(res_id).exists()
        failed = case.failure_ids.test_id or case.quality_order_id.test_ids.test_id
        return Domain("product_id", "=", case.product_id.id) & Domain(
            "test_id", "in", failed.ids
        )
