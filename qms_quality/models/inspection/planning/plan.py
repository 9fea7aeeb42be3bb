from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsQualityPlan(models.Model):
    """The rules by which readings become the verdict of a quality order.

    A plan is about a product, a category of products, or all products of a company.
    A quality order keeps a copy: changing a plan never changes an order.
    """

    _name = "qms.quality.plan"
    _description = "Quality Plan"
    _inherit = [
        "qms.quality.plan.options",
        "qms.arrival.rule",
        "mail.thread",
        "mail.activity.mixin",
        "qms.guarded.mixin",
    ]
    _order = "code, id"
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(
        required=True,
        help="Plans of several products may share a code: rules and programs name a"
        " plan by it.",
    )
    name = fields.Char(required=True, translate=True)
    product_id = fields.Many2one(
        "product.product",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Empty: all products, of the category where one is chosen.",
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="restrict",
        help="With the categories inside it.",
    )
    date_from = fields.Date(string="In Force from", help="Empty: since ever.")
    date_to = fields.Date(string="In Force until", help="Empty: for ever.")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    order_count = fields.Integer(
        string="Quality Orders", compute="_compute_order_count"
    )

    _dates_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A quality plan can't end before it begins."
    )
    _scope_check = models.Constraint(
        "CHECK(product_id IS NULL OR categ_id IS NULL)",
        "A quality plan is about a product or about a category, not both.",
    )

    @api.depends("code", "product_id", "categ_id")
    def _compute_display_name(self):
        for plan in self:
            scope = plan.product_id or plan.categ_id
            parts = (plan.code, scope.display_name)
            plan.display_name = " · ".join(part for part in parts if part)

    def _compute_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("plan_copy_id.plan_id", "in", self.ids)],
                ["plan_copy_id"],
                ["__count"],
            )
        )
        for plan in self:
            plan.order_count = sum(
                count for copy, count in counts.items() if copy.plan_id == plan._origin
            )

    @api.constrains("max_quantity", "max_uom_id", "product_id")
    def _check_max_uom(self):
        for plan in self.filtered("max_quantity"):
            unit, of_product = plan.max_uom_id, plan.product_id.uom_id
            if of_product and not unit._has_common_reference(of_product):
                raise ValidationError(
                    self.env._(
                        "%(plan)s: the maximum quantity is in %(unit)s, which can't be"
                        " converted into %(other)s, the unit of the product.",
                        plan=plan.display_name,
                        unit=unit.name,
                        other=of_product.name,
                    )
                )

    @api.onchange("return_order")
    def _onchange_return_order(self):
        self.return_copy_new_lot = self.return_order and self.return_copy_new_lot

    @api.onchange("max_quantity", "product_id")
    def _onchange_max_quantity(self):
        if self.max_quantity and not self.max_uom_id:
            self.max_uom_id = self.product_id.uom_id

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "code" in (default or {}):
            return vals_list
        return [
            dict(vals, code=self.env._("%s (copy)", plan.code))
            for plan, vals in zip(self, vals_list, strict=True)
        ]

    def _prepare_copy_values(self):
        """Return the values of the copy that orders keep of this plan now."""
        self.ensure_one()
        return {
            **self._get_option_values(),
            "plan_id": self.id,
            "code": self.code,
            # one language: a copy is shared by people of all languages
            "name": self.with_context(lang="en_US").name,
            "company_id": self.company_id.id,
        }

    def action_open_orders(self):
        """Open the quality orders that were made by these plans."""
        domain = [("plan_copy_id.plan_id", "in", self.ids)]
        return self.env["qms.quality.order"]._get_action(domain)
