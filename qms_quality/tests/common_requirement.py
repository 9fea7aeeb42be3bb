from odoo.fields import Command

from odoo.addons.qms_quality.models.gate.transaction import Goods
from odoo.addons.qms_quality.models.requirement.card.goods_facts import GoodsFacts
from odoo.addons.qms_quality.models.requirement.card.qrs_line_find import Demand

from .common_attribute import AttributeCase


class RequirementCase(AttributeCase):
    """Small factories for cards, and questions about them.

    ``cls.fresh`` is a customer with a contact ``cls.buyer``; ``cls.farm`` a vendor.
    ``cls.seller`` and ``cls.purchaser`` are clerks.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fresh = cls._make_company("Fresh Foods", customer_rank=1)
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Bea Buyer", "parent_id": cls.fresh.id}
        )
        cls.farm = cls._make_company("Green Valley", supplier_rank=1)
        cls.seller = cls._make_user("qrs_seller", "sales_team.group_sale_salesman")
        cls.purchaser = cls._make_user("qrs_buyer", "purchase.group_purchase_user")
        cls.cards = cls.env["qms.qrs"].with_user(cls.administrator)
        # those of the demo would have a say
        active = cls.cards.search([("state", "=", "active")])
        active.action_deactivate()

    @classmethod
    def _make_company(cls, name, **vals):
        return cls.env["res.partner"].create({"name": name, "is_company": True, **vals})

    @classmethod
    def _criterion(cls, **vals):
        return Command.create(vals)

    @classmethod
    def _not_from(cls, *countries, **vals):
        """A criterion: the origin is none of these."""
        ids = [country.id for country in countries]
        return Command.create(
            {
                "attribute_id": cls.origin.id,
                "operator": "not in",
                "country_ids": [Command.set(ids)],
                **vals,
            }
        )

    @classmethod
    def _line(cls, target=None, *criteria, **vals):
        """A line for a product, template, value, category, tag, or all products."""
        names = {
            "product.template": ("product", "product_tmpl_id"),
            "product.attribute.value": ("value", "value_id"),
            "product.category": ("category", "categ_id"),
            "product.tag": ("tag", "tag_id"),
        }
        if target is None:
            own = {"applies_to": "all"}
        elif target._name == "product.product":
            own = {
                "applies_to": "product",
                "product_tmpl_id": target.product_tmpl_id.id,
                "product_id": target.id,
            }
        else:
            level, name = names[target._name]
            own = {"applies_to": level, name: target.id}
        criteria = list(criteria) or [cls._not_from(cls.new_zealand)]
        return Command.create({**own, "criterion_ids": criteria, **vals})

    @classmethod
    def _card(cls, code, *lines, partners=None, active=True, **vals):
        """Make a card as the administrator; of a customer unless said otherwise."""
        if partners is None:
            is_made = vals.get("type") == "production"
            partners = cls.env["res.partner"] if is_made else cls.fresh
        card = cls.cards.create(
            {
                "code": code,
                "description": f"Card {code}",
                "partner_ids": [Command.set(partners.ids)],
                "line_ids": list(lines) or [cls._line()],
                **vals,
            }
        )
        if active:
            card.action_activate()
        return card

    @classmethod
    def _demand(cls, product=None, **vals):
        own = {
            "type": "sales",
            "product": product or cls.product,
            "partner": cls.fresh,
            "location": cls.stock,
            "date": None,
            "company": cls.company,
            "use": None,
        }
        return Demand(**{**own, **vals})

    @classmethod
    def _goods(cls, lot, location=None, package=None, product=None):
        return Goods(
            product or lot.product_id,
            lot,
            location or cls.stock,
            package or cls.env["stock.package"],
        )

    def _judge(self, criterion, goods, **known):
        """Return (state, found) of one of the goods by one criterion."""
        facts = GoodsFacts(self.env, [goods], **known)
        (judged,) = criterion._qms_judge(facts).values()
        return judged.state, judged.found
