from odoo import api, fields, models

from ...sentinel import is_trusted, trusted


class QmsQualityOrder(models.Model):
    """The rules that a quality order was made by."""

    _inherit = "qms.quality.order"

    plan_copy_id = fields.Many2one(
        "qms.quality.plan.copy",
        string="Quality Plan",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The rules by which the order is judged, as they were when it was made."
        " Empty: all required tests have to pass.",
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"plan_copy_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Make orders by the plans that are in force for their goods."""
        if is_trusted(self.env):
            vals_list = self._add_plans(vals_list)
        return super().create(vals_list)

    def _prepare_manual_vals_list(self, vals_list):
        vals_list = super()._prepare_manual_vals_list(vals_list)
        goods = self.default_get(["product_id", "company_id"])
        for vals in vals_list:
            del vals["plan_copy_id"]
        found = self._add_plans([{**goods, **vals} for vals in vals_list])
        return [
            {**vals, "plan_copy_id": one["plan_copy_id"]}
            for vals, one in zip(vals_list, found, strict=True)
        ]

    @api.model
    def _add_plans(self, vals_list):
        """Return values of orders with their plan, where they don't say any."""
        plans = self.env["qms.quality.plan"]
        # what is no product yet is judged by a plan when its goods are named
        asked = [
            vals
            for vals in vals_list
            if "plan_copy_id" not in vals and vals.get("product_id")
        ]
        if not asked or not plans._is_used():
            return [{"plan_copy_id": False, **vals} for vals in vals_list]
        found = plans._find([self._get_plan_request(vals) for vals in asked])
        copies = self.env["qms.quality.plan.copy"]._ensure(plans.union(*found))
        by_vals = {
            id(vals): copies[plan.with_env(self.env)].id if plan else False
            for vals, plan in zip(asked, found, strict=True)
        }
        return [
            {"plan_copy_id": by_vals.get(id(vals), False), **vals} for vals in vals_list
        ]

    @api.model
    def _get_plan_request(self, vals):
        """Return what decides about the plan of an order: company, product, code."""
        # sudo: who receives goods need not be allowed to read the rules
        rule = self.env["qms.quality.association"].sudo()
        rule = rule.browse(vals.get("association_id") or ())
        company = self.env["res.company"].browse(vals.get("company_id") or ())
        product = self.env["product.product"].browse(vals.get("product_id") or ())
        return company or self.env.company, product, rule.plan_code

    def _name_goods(self):
        for order in self:
            vals = {
                "product_id": order.product_id.id,
                "company_id": order.company_id.id,
            }
            [found] = self._add_plans([vals])
            trusted(order).plan_copy_id = found["plan_copy_id"]
        res = super()._name_goods()
        self._follow_plan()
        return res

    def _prepare_share_values(self):
        # goods of the same document are judged by the same rules
        return {**super()._prepare_share_values(), "plan_copy_id": self.plan_copy_id.id}
