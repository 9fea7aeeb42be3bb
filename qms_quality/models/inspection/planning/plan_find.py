from odoo import api, fields, models
from odoo.fields import Domain


class QmsQualityPlan(models.Model):
    """Which plan is in force for which goods."""

    _inherit = "qms.quality.plan"

    @api.model
    def _find(self, requests):
        """Return the plan in force for each of ``requests``: one of the code that is
        asked for, else the most specific one.

        :param list requests: of (company, product, code), where the code may be empty
        :return: list of recordsets in sudo, empty where no plan is in force
        """
        if not requests or not self._is_used():
            # sudo: as below
            return [self.sudo().browse() for _one in requests]
        # sudo: who receives goods need not be allowed to read the plans
        plans = self.sudo().search(self._get_find_domain(requests))
        return [
            plans.filtered(
                lambda plan, company=company, product=product: (
                    plan.company_id == company and plan._covers(product)
                )
            )._get_most_specific(code)
            for company, product, code in requests
        ]

    @api.model
    def _get_find_domain(self, requests):
        companies = self.env["res.company"].union(*(one[0] for one in requests))
        products = self.env["product.product"].union(*(one[1] for one in requests))
        today = fields.Date.context_today(self)
        return Domain.AND(
            [
                Domain("state", "=", "active"),
                Domain("company_id", "in", companies.ids),
                Domain("product_id", "in", [*products.ids, False]),
                Domain("date_from", "=", False) | Domain("date_from", "<=", today),
                Domain("date_to", "=", False) | Domain("date_to", ">=", today),
            ]
        )

    def _covers(self, product):
        """Tell whether this plan is about ``product``."""
        self.ensure_one()
        if self.product_id:
            return self.product_id == product
        if not self.categ_id:
            return True
        path = product.sudo().categ_id.parent_path or ""
        return str(self.categ_id.id) in path.split("/")

    def _get_most_specific(self, code=None):
        """Return the plan of ``self`` that counts: of the code, then the narrowest,
        then the one that came in force last."""
        return max(
            self,
            key=lambda plan: (
                bool(code) and plan.code == code,
                bool(plan.product_id),
                (plan.categ_id.parent_path or "").count("/"),
                plan.date_from or fields.Date.to_date("1900-01-01"),
                -plan.id,
            ),
            default=self.browse(),
        )
