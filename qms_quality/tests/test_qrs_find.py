from datetime import date

from odoo import fields
from odoo.fields import Command

from .common_requirement import RequirementCase

SPRING = date(2026, 4, 1)


class TestQrsFind(RequirementCase):
    """Which line of which card applies: all levels and ties."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.food, cls.dairy = cls._make_categories("Food", "Dairy")
        cls.tag, cls.other_tag = cls.env["product.tag"].create(
            [{"name": "Fresh"}, {"name": "Cooled"}]
        )
        attribute = cls.env["product.attribute"].create({"name": "Size"})
        cls.small, cls.big = cls.env["product.attribute.value"].create(
            [
                {"name": "Small", "attribute_id": attribute.id},
                {"name": "Big", "attribute_id": attribute.id},
            ]
        )
        cls.template = cls.env["product.template"].create(
            {
                "name": "Yoghurt",
                "is_storable": True,
                "tracking": "lot",
                "categ_id": cls.dairy.id,
                "product_tag_ids": [Command.set((cls.tag | cls.other_tag).ids)],
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set((cls.small | cls.big).ids)],
                        }
                    )
                ],
            }
        )
        cls.variant, cls.other = cls.template.product_variant_ids

    @classmethod
    def _make_categories(cls, parent, child):
        categories = cls.env["product.category"]
        upper = categories.create({"name": parent})
        return upper, categories.create({"name": child, "parent_id": upper.id})

    def _find(self, **demand):
        """Return the code of the card that applies to the variant, False if none."""
        demand = {"product": self.variant, "date": SPRING, **demand}
        (line,) = self.env["qms.qrs.line"]._qms_find([self._demand(**demand)])
        return line.qrs_id.code

    # -- Levels ------------------------------------------------------------------------

    def test_levels(self):
        """The most specific target wins; each is found when the one before it ends."""
        value = self.variant.product_template_attribute_value_ids
        targets = {
            "VARIANT": self.variant,
            "PRODUCT": self.template,
            "VALUE": value.product_attribute_value_id,
            "NEAR": self.dairy,
            "FAR": self.food,
            "TAG": self.tag,
            "ALL": None,
        }
        cards = [
            self._card(code, self._line(target))
            for code, target in reversed(targets.items())
        ]
        for card in reversed(cards):
            self.assertEqual(self._find(), card.code)
            card.action_deactivate()
        self.assertFalse(self._find())

    def test_lines_of_one_card(self):
        """Lines of one card come by the same levels, and never two together."""
        card = self._card(
            "ONE", self._line(), self._line(self.food), self._line(self.variant)
        )
        lines = self.env["qms.qrs.line"]
        demands = [
            self._demand(self.variant),
            self._demand(self.other),
            self._demand(self.product),
        ]
        found = lines._qms_find(demands)
        self.assertEqual(
            [one.applies_to for one in found], ["product", "category", "all"]
        )
        self.assertEqual(lines.union(*found).qrs_id.sudo(), card.sudo())

    def test_what_a_line_is_not_about(self):
        other = self.env["product.tag"].create({"name": "Frozen"})
        category = self.env["product.category"].create({"name": "Tools"})
        self._card(
            "NOT",
            self._line(self.other),
            self._line(self.product.product_tmpl_id),
            self._line(category),
            self._line(other),
        )
        self.assertFalse(self._find())

    # -- Ties --------------------------------------------------------------------------

    def test_the_deepest_place_wins(self):
        self._card("A")
        self._card("B", location_id=self.stock.id)
        self._card("C", location_id=self.shelf.id)
        self.assertEqual(self._find(location=self.shelf), "C")
        self.assertEqual(self._find(location=self.stock), "B")
        self.assertEqual(self._find(location=self.supplier), "A")
        self.assertEqual(self._find(location=None), "A")

    def test_a_level_comes_before_a_place(self):
        self._card("PLACE", self._line(self.food), location_id=self.shelf.id)
        self._card("LEVEL", self._line(self.dairy))
        self.assertEqual(self._find(location=self.shelf), "LEVEL")

    def test_the_latest_start_wins_then_the_code(self):
        """Two tags of one product are the same level."""
        self._card("B", self._line(self.tag), date_from="2026-01-01")
        self._card("A", self._line(self.other_tag), date_from="2025-01-01")
        self.assertEqual(self._find(), "B")
        self._card("AA", self._line(self.env["product.tag"].create({"name": "x"})))
        self.template.product_tag_ids = [Command.clear()]
        self.assertFalse(self._find())
        both = self.tag | self.other_tag
        self.template.product_tag_ids = [Command.set(both.ids)]
        self._card(
            "0", self._line(self.tag), date_from="2026-01-01", partners=self.farm
        )
        self.assertEqual(self._find(), "B")

    def test_the_code_decides_at_last(self):
        self._card("Y", self._line(self.tag))
        self._card("X", self._line(self.other_tag))
        self.assertEqual(self._find(), "X")

    # -- What cards are in force -------------------------------------------------------

    def test_dates_are_inclusive(self):
        self._card("D", date_from="2026-03-01", date_to="2026-03-31")
        for day, code in (
            (date(2026, 2, 28), False),
            (date(2026, 3, 1), "D"),
            (date(2026, 3, 31), "D"),
            (date(2026, 4, 1), False),
        ):
            self.assertEqual(self._find(date=day), code, day)

    def test_today_without_a_date(self):
        today = fields.Date.context_today(self.cards)
        self._card("T", date_from=today, date_to=today)
        self.assertEqual(self._find(date=None), "T")

    def test_a_contact_counts_as_its_company(self):
        card = self._card("P", partners=self.buyer)
        self.assertEqual(card.partner_ids, self.fresh)
        self.assertEqual(self._find(partner=self.buyer), "P")
        self.assertFalse(self._find(partner=self.farm))
        self.assertFalse(self._find(partner=self.env["res.partner"]))

    def test_types_states_and_companies(self):
        self._card("S", active=False)
        self.assertFalse(self._find())
        self._card("P", type="purchase")
        self.assertFalse(self._find())
        self.assertEqual(self._find(type="purchase"), "P")
        other = self.env["res.company"].create({"name": "Other Dairy"})
        self.assertFalse(self._find(type="purchase", company=other))
        self._card("ALL", company_id=False)
        self.assertEqual(self._find(company=other), "ALL")

    def test_production_needs_no_partner(self):
        self._card(
            "MO",
            self._line(self.template, use="output"),
            self._line(self.product, use="component"),
            type="production",
        )
        none = self.env["res.partner"]
        made = {"type": "production", "partner": none}
        self.assertEqual(self._find(**made, use="output"), "MO")
        self.assertFalse(self._find(**made, use="component"))
        milk = {**made, "product": self.product}
        self.assertEqual(self._find(**milk, use="component"), "MO")

    # -- Cost --------------------------------------------------------------------------

    def test_constant_queries(self):
        """500 demands cost the queries of ten; without cards they cost none."""
        products = self.env["product.product"].create(
            [{"name": f"P{n}", "categ_id": self.dairy.id} for n in range(50)]
        )
        demands = [
            self._demand(product, date=SPRING, partner=partner, location=place)
            for product in products
            for partner in (self.fresh, self.buyer, self.farm, self.partner, None)
            for place in (self.stock, self.shelf)
        ]

        def count(some):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["qms.qrs.line"]._qms_find(some)
            return self.cr.sql_log_count - before

        self.assertEqual(count(demands[:1]), 1, "asks once whether there are cards")
        self.assertEqual(count(demands), 0)
        self._card("A", self._line(self.food), self._line(products[0]))
        for number in range(5):
            self._card(f"B{number}", partners=self._make_company(f"C{number}"))
        count(demands[:10])
        few = count(demands[:10])
        self.assertEqual(count(demands), few)
        self.assertLess(few, 20)
