from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .expiry_policy import LEVELS, MISSING, TYPES, ExpiryPolicy


def _level(string, default="allow"):
    return fields.Selection(LEVELS, string=string, required=True, default=default)


class QmsExpiryRule(models.Model):
    """From when on dates keep goods of a warehouse, category or product from leaving.

    The most specific rule counts, as a whole; where there is none, the company's
    settings do.
    """

    _name = "qms.expiry.rule"
    _description = "Expiry Rule"
    _inherit = ["qms.cached.mixin", "qms.audit.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    warehouse_id = fields.Many2one(
        "stock.warehouse", check_company=True, ondelete="cascade"
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Category",
        ondelete="cascade",
        help="With the categories inside it.",
    )
    product_id = fields.Many2one(
        "product.product",
        check_company=True,
        ondelete="cascade",
        domain=[("use_expiration_date", "=", True)],
    )
    block_expired = fields.Boolean(
        compute="_compute_block_expired",
        store=True,
        help="Some transaction blocks lots that have expired.",
        qms_audit=False,
    )
    days = fields.Integer(
        string="Days before",
        help="Goods are blocked from so many days before their expiry day on: with 3"
        " days, a lot that expires on the 20th is picked on the 16th for the last time."
        " 0: what hasn't expired is not blocked.",
    )
    missing = fields.Selection(
        MISSING,
        string="Missing Dates",
        required=True,
        default="allow",
        help="Goods without an expiration date, whose product uses expiration dates.",
    )
    level_delivery = _level("Delivery", "days")
    level_consumption = _level("Consumption", "expired")
    level_transfer = _level("Transfer", "expired")
    level_put_away = _level("Put-away")
    level_internal = _level("Internal Move")

    _days_check = models.Constraint(
        "CHECK(days >= 0 AND days <= 36500)",
        "Days before the expiry are a number from 0 to 36500.",
    )

    @api.depends("product_id", "categ_id", "warehouse_id")
    def _compute_name(self):
        for rule in self:
            goods = rule.product_id.display_name or rule.categ_id.display_name
            parts = [
                goods or self.env._("All products"),
                rule.warehouse_id.display_name,
            ]
            rule.name = " · ".join(part for part in parts if part)

    @api.depends(*[f"level_{name}" for name in TYPES])
    def _compute_block_expired(self):
        for rule in self:
            rule.block_expired = any(rule[f"level_{name}"] != "allow" for name in TYPES)

    @api.constrains("product_id", "categ_id")
    def _check_goods(self):
        for rule in self:
            if rule.product_id and rule.categ_id:
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s: choose a product or a category, not both.",
                        rule=rule.name,
                    )
                )

    # -- Which rule counts -------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_rules(self):
        """Return all active rules as plain values, the first of equals first."""
        # sudo: the gate answers the same, whoever asks
        return tuple(rule._prepare_cached() for rule in self.sudo().search([]))

    def _prepare_cached(self):
        self.ensure_one()
        levels = {name: self[f"level_{name}"] for name in TYPES}
        return {
            "id": self.id,
            "company": self.company_id.id,
            "warehouse": self.warehouse_id.id,
            "category": self.categ_id.id,
            "product": self.product_id.id,
            "days": self.days,
            "missing": self.missing,
            "levels": {k: level for k, level in levels.items() if level != "allow"},
        }

    @api.model
    def _as_policy(self, rule):
        """Return the values of a rule as an :class:`ExpiryPolicy`."""
        return ExpiryPolicy(
            rule["id"],
            rule["levels"],
            rule["days"],
            rule["missing"],
            frozenset(rule["levels"]),
        )

    @api.model
    def _get_rule(self, product, warehouse, company):
        """Return the values of the rule that counts for a product, None without one.

        The product before the nearest category, before the warehouse alone.
        """
        rules = self._get_rules()
        if not rules:
            return None
        # sudo: which rule counts doesn't depend on who asks
        path = (product.sudo().categ_id.parent_path or "").split("/")
        depths = {int(one): depth for depth, one in enumerate(path, 1) if one}
        wanted = {
            "company": {company.id},
            "warehouse": {warehouse.id},
            "product": {product._origin.id},
            "category": depths.keys(),
        }
        fitting = [
            rule
            for rule in rules
            if all(not rule[name] or rule[name] in ids for name, ids in wanted.items())
        ]
        # of equals the first
        return max(fitting, key=lambda rule: self._get_rank(rule, depths), default=None)

    @api.model
    def _get_rank(self, rule, depths):
        return (
            bool(rule["product"]),
            depths.get(rule["category"], 0),
            bool(rule["warehouse"]),
            bool(rule["company"]),
        )
