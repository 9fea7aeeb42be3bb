from odoo import models
from odoo.fields import Domain


class QmsQualityAssociation(models.Model):
    _inherit = "qms.quality.association"

    def _get_covered_domain(self):
        """Return the domain of the products that this rule is about."""
        self.ensure_one()
        domain = Domain.TRUE
        if self.product_ids:
            domain &= Domain("id", "in", self.product_ids.ids)
        if self.categ_ids:
            domain &= Domain("categ_id", "child_of", self.categ_ids.ids)
        values = "product_template_attribute_value_ids.product_attribute_value_id"
        for own in self.attribute_value_ids.grouped("attribute_id").values():
            domain &= Domain(values, "in", own.ids)
        return domain
