from odoo import models


class QmsQualityOrderTest(models.Model):
    """Tests whose class of defects the tables judge."""

    _inherit = "qms.quality.order.test"

    def _counts(self):
        return super()._counts() and not self._is_judged_by_class()

    def _is_judged_by_class(self):
        """Tell whether the sampling decides about the defects that this test counts."""
        self.ensure_one()
        if self.test_type != "attribute":
            return False
        return self.defect_class in self.order_id.defect_ids.mapped("defect_class")
