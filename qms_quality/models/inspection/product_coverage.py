from odoo import api, fields, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """Which products no rule asks to inspect."""

    _inherit = "product.product"

    qms_is_covered = fields.Boolean(
        string="Inspected by a Rule",
        compute="_compute_qms_is_covered",
        search="_search_qms_is_covered",
        help="Some association is about this product, for some event.",
    )

    def _compute_qms_is_covered(self):
        covered = self.search(
            Domain("id", "in", self.ids) & self._qms_get_covered_domain()
        )
        for product in self:
            product.qms_is_covered = product in covered

    def _search_qms_is_covered(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._qms_get_covered_domain()

    @api.model
    def _qms_get_covered_domain(self):
        """Return the domain of the products that some rule in effect is about."""
        # sudo: rules count for those who may not read them
        rules = self.env["qms.quality.association"].sudo()
        rules = rules.search([("company_id", "in", [False, *self.env.companies.ids])])
        return Domain.OR(
            rule._get_covered_domain() for rule in rules if rule._matches_dates()
        )
