from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..sentinel import trusted
from .transaction import ARRIVALS


class QmsStatusRule(models.Model):
    """In which status arriving goods start, and what follows after a term."""

    _name = "qms.status.rule"
    _description = "Default Status Rule"
    _inherit = ["qms.arrival.rule", "qms.audit.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    arrival = fields.Selection(
        ARRIVALS, help="How the goods come into stock. Empty: any way."
    )
    product_id = fields.Many2one(
        "product.product", check_company=True, ondelete="cascade", index=True
    )
    categ_id = fields.Many2one(
        "product.category",
        string="Category",
        ondelete="cascade",
        help="With the categories inside it.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        help="Vendor or customer the goods come from.",
        ondelete="cascade",
    )
    status_id = fields.Many2one(
        "qms.inspection.status",
        string="First Status",
        required=True,
        domain=[("rule_usable", "=", True)],
        ondelete="restrict",
    )
    term = fields.Float(
        string="Term (hours)", help="Hours after which the next status follows."
    )
    next_status_id = fields.Many2one("qms.inspection.status", ondelete="restrict")
    divert = fields.Boolean(
        string="Divert into Quarantine",
        help="Receipts go into the quarantine zone of the warehouse.",
    )

    @api.depends("product_id", "categ_id", "arrival", "status_id", "partner_id")
    def _compute_name(self):
        arrivals = dict(self._fields["arrival"]._description_selection(self.env))
        for rule in self:
            goods = rule.product_id.display_name or rule.categ_id.display_name
            parts = [
                goods or self.env._("All products"),
                arrivals.get(rule.arrival),
                rule.partner_id.display_name,
                rule.status_id.name,
            ]
            rule.name = " · ".join(part for part in parts if part)

    @api.constrains("term", "next_status_id")
    def _check_term(self):
        for rule in self:
            if bool(rule.term) != bool(rule.next_status_id) or rule.term < 0:
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s: give both a term in hours and the status that"
                        " follows it, or neither.",
                        rule=rule.name,
                    )
                )

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

    @api.model
    def _get_rules(self, products):
        """Return every rule that could concern ``products``. One query."""
        if not self._is_used():
            return self.sudo().browse()
        categories = products.categ_id
        return self.sudo().search(
            [
                ("product_id", "in", [False, *products.ids]),
                "|",
                ("categ_id", "=", False),
                ("categ_id", "parent_of", categories.ids),
            ]
        )

    def _matches_product(self, product):
        self.ensure_one()
        if self.product_id:
            return self.product_id == product
        path = product.categ_id.parent_path or ""
        return not self.categ_id or path.startswith(self.categ_id.parent_path)

    def _matches(self, product, arrival, partner, company):
        """Tell whether the rule says how ``product`` starts when it arrives so."""
        return (
            self.arrival in (False, arrival)
            and (not self.company_id or self.company_id == company)
            and (
                not self.partner_id
                or self.partner_id.commercial_partner_id
                == partner.commercial_partner_id
            )
            and self._matches_product(product)
        )

    def _get_specificity(self):
        """Return the sort key: product before category before all, and so on."""
        return (
            not self.product_id,
            -len((self.categ_id.parent_path or "").split("/")),
            not self.partner_id,
            not self.arrival,
            not self.company_id,
            self.sequence,
            self.id,
        )

    def _select(self, product, arrival, partner, company):
        """Return the most specific rule of ``self`` that applies, or none."""
        rules = self.filtered(
            lambda rule: rule._matches(product, arrival, partner, company)
        )
        return min(rules, key=lambda rule: rule._get_specificity(), default=rules)

    def _prepare_hold(self, movement):
        """Return the values of the hold that arriving goods start with."""
        self.ensure_one()
        narrow = movement.known or not movement.lot
        term = self.term and fields.Datetime.now() + timedelta(hours=self.term)
        return {
            "product_id": movement.product.id,
            "lot_id": movement.lot.id,
            "location_id": narrow and movement.location_dest.id,
            "status_id": self.status_id.id,
            "reason": self.env._("Default status of arriving goods"),
            "res_model": self._name,
            "res_id": self.id,
            "date_term": term,
            "next_status_id": term and self.next_status_id.id,
        }

    @api.model
    def _cron_apply_terms(self, limit=500):
        """Give goods their next status when the term of a rule has passed.

        Only statuses that a rule set carry a term. In batches, with progress.
        """
        holds = self.env["qms.hold"]
        domain = [("state", "=", "open"), ("date_term", "<=", fields.Datetime.now())]
        due = holds.search(domain, limit=limit)
        self.env["ir.cron"]._commit_progress(remaining=holds.search_count(domain))
        vals_list = due._prepare_next_statuses()
        # first what follows: in between the goods would be free
        holds._place(vals_list, exact=True)
        due._release(self.env._("The term of the rule has passed"))
        # a release that waits for approval is not asked for again
        asked = due.filtered(lambda hold: hold.state == "open")
        trusted(asked).write({"date_term": False})
        remaining = holds.search_count(domain)
        self.env["ir.cron"]._commit_progress(len(due), remaining=remaining)
