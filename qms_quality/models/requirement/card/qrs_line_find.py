from collections import defaultdict, namedtuple
from datetime import date

from odoo import api, fields, models, tools
from odoo.fields import Domain

# What a line of an order asks for. ``type``: of card; ``use``: component or output.
Demand = namedtuple("Demand", "type product partner location date company use")
Demand.__new__.__defaults__ = (None,)

# A line of a card as plain values, compared thousands of times.
Candidate = namedtuple("Candidate", "id company_id place date_from date_to use rank")


class QmsQrs(models.Model):
    """Whether there are any cards is asked all the time, and hardly ever changes."""

    _name = "qms.qrs"
    _inherit = ["qms.cached.mixin", "qms.qrs"]

    @api.model
    def _is_cached(self, names):
        return "state" in names

    @api.model
    @tools.ormcache()
    def _qms_is_used(self):
        """Tell whether any card is active. Costs no query."""
        # sudo: the same whoever asks
        return bool(self.sudo().search_count([("state", "=", "active")], limit=1))


class QmsQrsLine(models.Model):
    """Which line of which card applies: exactly one, the most specific."""

    _inherit = "qms.qrs.line"

    @api.model
    def _qms_find(self, demands):
        """Return the line that applies to each of ``demands``.

        Product comes before attribute value, category (the nearest first), tag and all
        products; of a product its variant first. Then a card for a place (the deepest
        first) comes before one for everywhere, the latest start date first, then the
        code, then the line that was made first. A constant number of queries.

        :param list demands: of :class:`Demand`
        :return: list of ``qms.qrs.line`` in sudo, empty where none applies
        """
        # sudo: who enters an order need not be allowed to read all cards
        lines = self.sudo()
        if not demands or not self.env["qms.qrs"]._qms_is_used():
            return [lines.browse() for _one in demands]
        return lines.search(lines._get_find_domain(demands))._find_among(demands)

    @api.model
    def _get_find_domain(self, demands):
        partners = self.env["res.partner"].union(
            *(one.partner for one in demands if one.partner)
        )
        companies = {one.company.id for one in demands}
        return Domain.AND(
            [
                Domain("qrs_id.state", "=", "active"),
                Domain("qrs_id.type", "in", list({one.type for one in demands})),
                Domain("qrs_id.company_id", "in", [*companies, False]),
                Domain("qrs_id.type", "=", "production")
                | Domain(
                    "qrs_id.partner_ids", "in", partners.commercial_partner_id.ids
                ),
            ]
        )

    def _find_among(self, demands):
        """Return for each of ``demands`` the line of ``self`` that applies."""
        index = self._index_candidates()
        finder = Finder(self.env)
        found = [finder.find(index, demand) for demand in demands]
        # read together, whatever is asked of them
        together = tuple(set(filter(None, found)))
        return [self.browse(one or ()).with_prefetch(together) for one in found]

    def _index_candidates(self):
        """Return ``{(type, company of the partner): {target: [Candidate]}}``."""
        index = defaultdict(lambda: defaultdict(list))
        for line in self:
            card = line.qrs_id
            candidate = line._prepare_candidate()
            partner_ids = [False] if card.type == "production" else card.partner_ids.ids
            for partner_id in partner_ids:
                index[card.type, partner_id][line._get_target()].append(candidate)
        return index

    def _get_target(self):
        """Return what this line applies to: the level and the id."""
        self.ensure_one()
        if self.applies_to == "product":
            if self.product_id:
                return "variant", self.product_id.id
            return "product", self.product_tmpl_id.id
        field = {"value": "value_id", "category": "categ_id", "tag": "tag_id"}
        if self.applies_to == "all":
            return "all", False
        return self.applies_to, self[field[self.applies_to]].id

    def _get_product_domain(self):
        """Return the domain of the products that these lines are about."""
        names = {
            "variant": ("id", "="),
            "product": ("product_tmpl_id", "="),
            "value": (
                "product_template_attribute_value_ids.product_attribute_value_id",
                "=",
            ),
            "category": ("categ_id", "child_of"),
            "tag": ("all_product_tag_ids", "="),
        }
        domains = []
        for line in self:
            level, id_ = line._get_target()
            if level == "all":
                return Domain.TRUE
            name, operator = names[level]
            domains.append(Domain(name, operator, id_))
        return Domain.OR(domains)

    def _prepare_candidate(self):
        card = self.qrs_id
        depth = (card.location_id.parent_path or "").count("/")
        start = card.date_from or date.min
        return Candidate(
            id=self.id,
            company_id=card.company_id.id,
            place=card.location_id.id,
            date_from=start,
            date_to=card.date_to or date.max,
            use=self.use,
            rank=(-depth, -start.toordinal(), card.code or "", self.id),
        )


class Finder:
    """Finds the lines of many demands; what they share is worked out once."""

    def __init__(self, env):
        self.today = fields.Date.context_today(env["qms.qrs"])
        self.steps = {}
        self.places = {}
        self.partners = {}

    def find(self, index, demand):
        """Return the id of the line that applies, None if none does."""
        is_made = demand.type == "production"
        partner_id = False if is_made else self._get_partner_id(demand.partner)
        candidates = index.get((demand.type, partner_id))
        if not candidates:
            return None
        for targets in self._get_steps(demand.product):
            fitting = [
                one
                for target in targets
                for one in candidates.get(target, ())
                if self._fits(one, demand)
            ]
            if fitting:
                return min(fitting, key=lambda one: one.rank).id
        return None

    def find_target(self, by_target, product):
        """Return what is said of a product, whoever it is for, None if nothing.

        :param dict by_target: by ``qms.qrs.line._get_target``
        """
        targets = (one for step in self._get_steps(product) for one in step)
        return next((by_target[one] for one in targets if one in by_target), None)

    def _fits(self, candidate, demand):
        day = demand.date or self.today
        return (
            candidate.date_from <= day <= candidate.date_to
            and candidate.company_id in (demand.company.id, False)
            and (
                not candidate.place
                or candidate.place in self._get_places(demand.location)
            )
            and (not candidate.use or not demand.use or candidate.use == demand.use)
        )

    def _get_partner_id(self, partner):
        if not partner:
            return None
        if partner.id not in self.partners:
            # sudo: which company a contact belongs to doesn't depend on who asks
            company = partner.sudo().commercial_partner_id
            self.partners[partner.id] = company.id
        return self.partners[partner.id]

    def _get_places(self, location):
        if not location:
            return ()
        if location.id not in self.places:
            path = location.sudo().parent_path or ""
            self.places[location.id] = {int(one) for one in path.split("/") if one}
        return self.places[location.id]

    def _get_steps(self, product):
        """Return what lines about a product may be about: lists, the nearest first."""
        if product.id not in self.steps:
            # sudo: as above
            known = product.sudo()
            values = known.product_template_attribute_value_ids
            path = (known.categ_id.parent_path or "").split("/")
            self.steps[product.id] = [
                [("variant", known.id)],
                [("product", known.product_tmpl_id.id)],
                [("value", one) for one in values.product_attribute_value_id.ids],
                *([("category", int(one))] for one in reversed(path) if one),
                [("tag", one) for one in known.all_product_tag_ids.ids],
                [("all", False)],
            ]
        return self.steps[product.id]
