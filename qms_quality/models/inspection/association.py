from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from .event import EVENTS, STARTING


class QmsQualityAssociation(models.Model):
    """When to inspect what: an event, the goods it is about, and the tests to do.

    An empty filter matches everything. Of the rules that match and carry the same test
    group only the most specific makes an order; different test groups each make one.
    """

    _name = "qms.quality.association"
    _description = "Quality Association"
    _inherit = ["qms.arrival.rule", "qms.audit.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="Decides between rules that are equally specific."
    )
    event = fields.Selection(EVENTS, required=True, default="receipt", index=True)
    test_group_id = fields.Many2one(
        "qms.test.group",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    # "restrict" on the filters: a rule that lost its only product would match them all
    product_ids = fields.Many2many(
        "product.product",
        "qms_quality_association_product_rel",
        string="Products",
        ondelete="restrict",
        check_company=True,
    )
    categ_ids = fields.Many2many(
        "product.category",
        "qms_quality_association_categ_rel",
        string="Product Categories",
        ondelete="restrict",
        help="With the categories inside them.",
    )
    attribute_value_ids = fields.Many2many(
        "product.attribute.value",
        "qms_quality_association_attribute_value_rel",
        string="Variant Values",
        ondelete="restrict",
        help="Variants that have these values. Of several values of one attribute any"
        " will do.",
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "qms_quality_association_partner_rel",
        string="Partners",
        ondelete="restrict",
        check_company=True,
        help="With their addresses and contacts.",
    )
    partner_categ_ids = fields.Many2many(
        "res.partner.category",
        "qms_quality_association_partner_categ_rel",
        string="Partner Tags",
        ondelete="restrict",
        help="With the tags inside them.",
    )
    warehouse_id = fields.Many2one(
        "stock.warehouse", index=True, ondelete="restrict", check_company=True
    )
    location_id = fields.Many2one(
        "stock.location",
        string="Arrival Place",
        index=True,
        ondelete="restrict",
        check_company=True,
        domain=[("usage", "in", ("internal", "transit"))],
        help="With the locations inside it.",
    )
    min_quantity = fields.Float(
        string="Minimum Quantity",
        digits="Product Unit",
        help="Smaller arrivals are not inspected. Goods in a unit that can't be"
        " converted into this one are inspected whatever their quantity.",
    )
    min_uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        compute="_compute_min_uom_id",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        ondelete="set null",
        check_company=True,
        domain=[("share", "=", False)],
        help="Responsible for the quality orders that this rule makes.",
    )
    due_days = fields.Integer(
        string="Due after (Days)", help="0: on the day the goods arrive."
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: all companies.",
    )
    order_count = fields.Integer(compute="_compute_order_count")

    _min_quantity_check = models.Constraint(
        "CHECK(min_quantity >= 0)", "The minimum quantity can't be negative."
    )
    _due_days_check = models.Constraint(
        "CHECK(due_days >= 0)", "An order can't be due before its goods arrive."
    )

    @api.depends("product_ids")
    def _compute_min_uom_id(self):
        for rule in self:
            units = rule.product_ids.uom_id
            rule.min_uom_id = rule.min_uom_id or units[:1]._origin

    def _compute_order_count(self):
        counts = dict(
            self.env["qms.quality.order"]._read_group(
                [("association_id", "in", self.ids)], ["association_id"], ["__count"]
            )
        )
        for rule in self:
            rule.order_count = counts.get(rule._origin, 0)

    @api.constrains("min_quantity", "min_uom_id", "product_ids")
    def _check_min_uom(self):
        for rule in self.filtered("min_quantity"):
            unit = rule.min_uom_id
            if not unit:
                raise ValidationError(
                    self.env._("%s: the minimum quantity needs its unit.", rule.name)
                )
            wrong = rule.product_ids.filtered(
                lambda product, unit=unit: (
                    not product.uom_id._has_common_reference(unit)
                )
            )
            if wrong:
                raise ValidationError(
                    self.env._(
                        "%(rule)s: the minimum quantity is in %(unit)s, which can't be"
                        " compared with the unit of: %(products)s.",
                        rule=rule.name,
                        unit=unit.name,
                        products=", ".join(wrong.mapped("display_name")),
                    )
                )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", rule.name))
            for rule, vals in zip(self, vals_list, strict=True)
        ]

    def action_open_orders(self):
        """Open the quality orders that these rules made."""
        domain = [("association_id", "in", self.ids)]
        return self.env["qms.quality.order"]._get_action(domain)

    # -- Matching ---------------------------------------------------------------------

    @api.model
    def _match(self, arrivals):
        """Return the rules that make an order, for each of ``arrivals``.

        The rules are read once, and compared in memory.

        :param list arrivals: of :class:`Arrival`
        :return: list of recordsets in sudo: one rule per test group
        """
        if not arrivals or not self._is_used():
            # sudo: as below
            return [self.sudo().browse() for _one in arrivals]
        # sudo: who receives goods need not be allowed to read the rules
        rules = self.sudo().search(self._get_match_domain(arrivals))
        return [
            rules.filtered(
                lambda rule, one=one: rule._matches(one)
            )._get_most_specific()
            for one in arrivals
        ]

    def _get_match_domain(self, arrivals):
        """Return the domain of the rules that may match any of ``arrivals``."""
        products = self.env["product.product"].union(*(a.product for a in arrivals))
        companies = self.env["res.company"].union(*(a.company for a in arrivals))
        return (
            self._get_product_domain(products)
            & Domain("event", "in", list({a.event for a in arrivals}))
            & Domain("company_id", "in", [*companies.ids, False])
        )

    def _get_product_domain(self, products):
        categories = products.sudo().categ_id
        return (
            Domain("product_ids", "in", products.ids)
            | Domain("product_ids", "=", False)
        ) & (
            Domain("categ_ids", "parent_of", categories.ids)
            | Domain("categ_ids", "=", False)
        )

    def _get_category_domain(self, categories):
        """Return the domain of the rules that may match goods in ``categories``."""
        related = Domain.OR(
            Domain("categ_ids", operator, categories.ids)
            for operator in ("parent_of", "child_of")
        )
        return (
            Domain("product_ids.categ_id", "child_of", categories.ids)
            | Domain("product_ids", "=", False)
        ) & (related | Domain("categ_ids", "=", False))

    def _matches(self, arrival):
        """Tell whether this rule is about ``arrival``. Another filter: override."""
        self.ensure_one()
        return (
            self.event == arrival.event
            and self.company_id.id in (False, arrival.company.id)
            and self._matches_product(arrival.product)
            and self._matches_partner(arrival.partner)
            and self._matches_places(arrival.places)
            and self._matches_quantity(arrival.product, arrival.quantity)
        )

    def _matches_product(self, product):
        return (
            (not self.product_ids or product in self.product_ids)
            and (
                not self.categ_ids
                or _is_inside(product.sudo().categ_id, self.categ_ids)
            )
            and self._matches_attributes(product)
        )

    def _matches_attributes(self, product):
        if not self.attribute_value_ids:
            return True
        wanted = defaultdict(set)
        for value in self.attribute_value_ids:
            wanted[value.attribute_id].add(value.id)
        values = product.product_template_attribute_value_ids
        own = set(values.product_attribute_value_id.ids)
        return all(ids & own for ids in wanted.values())

    def _matches_partner(self, partner):
        partner = partner.sudo()
        known_as = partner | partner.parent_id | partner.commercial_partner_id
        if self.partner_ids and not known_as & self.partner_ids:
            return False
        tags = known_as.category_id
        return not self.partner_categ_ids or _is_inside(tags, self.partner_categ_ids)

    def _matches_places(self, places):
        if self.location_id and not _is_inside(places, self.location_id):
            return False
        return not self.warehouse_id or self.warehouse_id in places.warehouse_id

    def _matches_quantity(self, product, quantity):
        unit = self.min_uom_id
        if not self.min_quantity or not unit._has_common_reference(product.uom_id):
            return True
        minimum = unit._compute_quantity(self.min_quantity, product.uom_id, round=False)
        return product.uom_id.compare(quantity, minimum) >= 0

    def _get_most_specific(self):
        """Return of ``self`` the most specific rule per test group."""
        best = self.browse()
        for rules in self.grouped("test_group_id").values():
            best |= max(rules, key=lambda rule: rule._get_specificity())
        return best

    def _get_specificity(self):
        """Return what rules are compared by: the item first, then partner and place.

        A later part decides only where the earlier ones are equal.
        """
        self.ensure_one()
        return (
            bool(self.product_ids),
            max(map(_get_depth, self.categ_ids), default=0),
            len(self.attribute_value_ids.attribute_id),
            bool(self.partner_ids),
            max(map(_get_depth, self.partner_categ_ids), default=0),
            _get_depth(self.location_id),
            bool(self.warehouse_id),
            self.min_quantity,
            bool(self.company_id),
            -self.sequence,
            -self.id,
        )

    @api.model
    def _get_covered(self, products):
        """Return those of ``products`` that some rule may make an order for.

        Partner, place and quantity are not known yet, so they are not asked.
        """
        if not products or not self._is_used():
            return products.browse()
        # sudo: who makes a lot need not be allowed to read the rules
        rules = self.sudo().search(
            self._get_product_domain(products) & Domain("event", "in", list(STARTING))
        )
        return products.filtered(
            lambda product: any(rule._matches_product(product) for rule in rules)
        )

    # -- Orders -----------------------------------------------------------------------

    def _get_date_due(self):
        """Return the day on which an order that this rule makes now is due."""
        self.ensure_one()
        return fields.Date.context_today(self) + timedelta(days=self.due_days)

    def _prepare_order_values(self, arrival):
        """Return the values of the order that this rule makes for ``arrival``."""
        self.ensure_one()
        first = arrival.movements[0]
        move = first.line.move_id
        lots = self.env["stock.lot"].union(*(m.lot for m in arrival.movements))
        return {
            "event": arrival.event,
            "association_id": self.id,
            "product_id": arrival.product.id,
            "lot_ids": [(6, 0, lots.ids)],
            "quantity": arrival.quantity,
            "uom_id": arrival.product.uom_id.id,
            "location_id": first.location_dest.id,
            "test_group_ids": [(6, 0, self.test_group_id.ids)],
            "partner_id": arrival.partner.id,
            "move_id": move.id,
            "picking_id": first.line.picking_id.id,
            "production_id": move.production_id.id,
            "user_id": self.user_id.id,
            "date_due": self._get_date_due(),
            "company_id": arrival.company.id,
        }


def _is_inside(records, parents):
    """Tell whether one of ``records`` is one of ``parents`` or lies inside one."""
    if records._parent_store:
        paths = records.mapped("parent_path")
        inside = {int(key) for path in paths for key in path.split("/") if key}
    else:
        # partners have parents, but no path
        inside = set()
        while records:
            inside.update(records.ids)
            records = records.parent_id
    return not inside.isdisjoint(parents.ids)


def _get_depth(record):
    return (record.parent_path or "").count("/")
