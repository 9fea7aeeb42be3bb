from odoo import api, models
from odoo.fields import Domain


class QmsQualityOrderTest(models.Model):
    """Which tests somebody still has to do."""

    _inherit = "qms.quality.order.test"

    @api.model
    def _get_missing_domain(self):
        """Return the domain of tests of open orders that miss a reading of somebody.

        What is worked out from other readings is nobody's to enter.
        """
        missing = Domain("is_recorded", "=", False) & Domain("is_automatic", "=", False)
        todo = self.env["qms.quality.order"]._get_todo_domain()
        return Domain("order_id", "any", todo) & Domain("result_ids", "any", missing)
