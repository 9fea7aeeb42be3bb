from odoo import models


class QmsQualityAssociation(models.Model):
    """Rules whose test group is no draft make orders."""

    _inherit = "qms.quality.association"

    def _matches(self, arrival):
        # a draft inspects nothing yet
        return self.test_group_id.state == "active" and super()._matches(arrival)
