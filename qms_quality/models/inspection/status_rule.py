from odoo import api, fields, models
from odoo.fields import Domain

from .event import ARRIVING


class QmsStatusRule(models.Model):
    """What a status rule means for goods that are inspected too."""

    _inherit = "qms.status.rule"

    outlasts_inspection = fields.Boolean(
        compute="_compute_outlasts_inspection",
        help="Goods of this rule may be inspected too, and keep its status when they"
        " have passed.",
    )

    @api.depends("arrival", "product_id", "categ_id", "status_id", "term", "company_id")
    def _compute_outlasts_inspection(self):
        waiting = self.env["qms.quality.order"]._get_waiting_status()
        # sudo: who may read status rules need not be allowed to read associations
        associations = self.env["qms.quality.association"].sudo()
        for rule in self:
            domain = rule._get_inspected_domain()
            rule.outlasts_inspection = bool(
                rule.status_id
                and not rule.term
                and rule.status_id != waiting
                and rule.status_id._restricts()
                and associations.search_count(domain, limit=1)
            )

    def _get_inspected_domain(self):
        """Return the domain of the associations that may concern the same goods."""
        self.ensure_one()
        events = list(ARRIVING)
        domain = Domain("event", "in", [self.arrival] if self.arrival else events)
        if self.company_id:
            domain &= Domain("company_id", "in", [self.company_id.id, False])
        associations = self.env["qms.quality.association"]
        if self.product_id:
            return domain & associations._get_product_domain(self.product_id)
        if self.categ_id:
            return domain & associations._get_category_domain(self.categ_id)
        return domain
