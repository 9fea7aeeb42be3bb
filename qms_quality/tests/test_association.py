from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.inspection.arrival import Arrival
from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestAssociation(InspectionCase):
    """Which rule asks for an inspection of which arrival."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.food = categories.create({"name": "Food"})
        cls.dairy = categories.create({"name": "Dairy", "parent_id": cls.food.id})
        cls.product.categ_id = cls.dairy
        tags = cls.env["res.partner.category"]
        cls.farms = tags.create({"name": "Farms"})
        cls.organic = tags.create({"name": "Organic", "parent_id": cls.farms.id})
        cls.partner.category_id = cls.organic

    def _arrival(self, **values):
        values = {
            "event": "receipt",
            "product": self.product,
            "movements": [],
            "quantity": 10,
            "partner": self.partner,
            "places": self.shelf,
            "company": self.company,
            **values,
        }
        return Arrival(**values)

    def _matching(self, **values):
        (rules,) = self.env["qms.quality.association"]._match([self._arrival(**values)])
        return rules

    def _assert_filter(self, rule, other):
        """Assert that ``rule`` matches the usual arrival, and not ``other``."""
        self.assertEqual(self._matching(), rule)
        self.assertFalse(self._matching(**other))

    def test_no_filter_matches_all(self):
        rule = self._associate()
        self.assertEqual(self._matching(product=self.untracked), rule)

    def test_event(self):
        self._assert_filter(self._associate(), {"event": "output"})

    def test_product(self):
        rule = self._associate(product_ids=self.product.ids)
        self._assert_filter(rule, {"product": self.untracked})

    def test_category_with_its_children(self):
        rule = self._associate(categ_ids=self.food.ids)
        self._assert_filter(rule, {"product": self.untracked})

    def test_variant_values(self):
        attribute = self.env["product.attribute"].create({"name": "Fat"})
        low, high, full = self.env["product.attribute.value"].create(
            [{"name": n, "attribute_id": attribute.id} for n in ("1.5", "3.5", "4.2")]
        )
        template = self.env["product.template"].create(
            {
                "name": "Bottle",
                "is_storable": True,
                "attribute_line_ids": [
                    (
                        0,
                        0,
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [(6, 0, (low | high | full).ids)],
                        },
                    )
                ],
            }
        )
        variants = template.product_variant_ids
        rule = self._associate(attribute_value_ids=(high | full).ids)
        self.assertFalse(self._matching(product=variants[0]))
        self.assertEqual(self._matching(product=variants[1]), rule)
        self.assertEqual(self._matching(product=variants[2]), rule)
        self.assertFalse(self._matching())

    def test_partner_with_its_contacts(self):
        rule = self._associate(partner_ids=self.partner.ids)
        other = self.env["res.partner"].create({"name": "Other"})
        self._assert_filter(rule, {"partner": other})
        self._assert_filter(rule, {"partner": self.env["res.partner"]})
        contact = self.env["res.partner"].create(
            {"name": "Barn", "parent_id": self.partner.id}
        )
        self.assertEqual(self._matching(partner=contact), rule)

    def test_partner_tag_with_its_children(self):
        rule = self._associate(partner_categ_ids=self.farms.ids)
        self._assert_filter(
            rule, {"partner": self.env["res.partner"].create({"name": "Other"})}
        )

    def test_place_with_its_children(self):
        rule = self._associate(location_id=self.stock.id)
        other = self.env["stock.warehouse"].create({"name": "B", "code": "BB"})
        self._assert_filter(rule, {"places": other.lot_stock_id})

    def test_warehouse(self):
        rule = self._associate(warehouse_id=self.warehouse.id)
        other = self.env["stock.warehouse"].create({"name": "B", "code": "BB"})
        self._assert_filter(rule, {"places": other.lot_stock_id})

    def test_minimum_quantity_in_its_own_unit(self):
        self.product.uom_id = self.kg
        rule = self._associate(
            product_ids=self.product.ids, min_quantity=10000, min_uom_id=self.gram.id
        )
        self._assert_filter(rule, {"quantity": 9.99})

    def test_minimum_quantity_in_a_foreign_unit_exempts_nothing(self):
        rule = self._associate(min_quantity=10000, min_uom_id=self.kg.id)
        self.assertEqual(self._matching(), rule)
        with self.assertRaises(ValidationError) as error:
            rule.product_ids = self.product
        self.assertEqual(
            str(error.exception),
            "Raw milk: the minimum quantity is in kg, which can't be compared with the"
            " unit of: Milk.",
        )

    def test_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        rule = self._associate(company_id=company.id)
        self.assertFalse(self._matching())
        rule.company_id = False
        self.assertEqual(self._matching(), rule)

    def test_archived(self):
        self._associate(active=False)
        self.assertFalse(self._matching())

    def test_most_specific_per_test_group(self):
        """Each rule goes before those that were made before it."""
        ladder = [
            {},
            {"min_quantity": 5, "min_uom_id": self.product.uom_id.id},
            {"warehouse_id": self.warehouse.id},
            {"location_id": self.stock.id},
            {"location_id": self.shelf.id},
            {"partner_categ_ids": self.farms.ids},
            {"partner_categ_ids": self.organic.ids},
            {"partner_ids": self.partner.ids},
            {"categ_ids": self.food.ids},
            {"categ_ids": self.dairy.ids},
            {"product_ids": self.product.ids},
            {"product_ids": self.product.ids, "partner_ids": self.partner.ids},
        ]
        for vals in ladder:
            rule = self._associate(**vals)
            with self.subTest(rule=vals):
                self.assertEqual(self._matching(), rule)

    def test_sequence_decides_between_equals(self):
        self._associate()
        first = self._associate(sequence=5)
        self._associate()
        self.assertEqual(self._matching(), first)

    def test_different_groups_each_make_an_order(self):
        one = self._associate(product_ids=self.product.ids)
        two = self._associate(self._make_weight_group())
        self.assertEqual(self._matching(), one | two)

    @mute_logger("odoo.sql_db")
    def test_a_rule_never_loses_its_last_filter(self):
        product = self._make_product("Cream")
        self._associate(product_ids=product.ids)
        with self.assertRaises(Exception) as error, self.env.cr.savepoint():
            product.unlink()
        self.assertNotIsInstance(error.exception, AssertionError)

    def test_new_lots_of_covered_products_start_under_inspection(self):
        self._associate(categ_ids=self.food.ids)
        self.assertEqual(
            self._make_lot("NEW").inspection_status_id, self.under_inspection
        )
        other = self._make_lot("OTHER", self._make_product("Jar"))
        self.assertEqual(other.inspection_status_id, self.available)

    def test_a_lot_that_no_rule_wants_after_all_is_free(self):
        other = self.env["res.partner"].create({"name": "Other"})
        self._associate(product_ids=self.product.ids, partner_ids=other.ids)
        picking = self._receive(["L1"])
        self.assertFalse(self._orders(picking))
        self.assertEqual(
            picking.move_line_ids.lot_id.inspection_status_id, self.available
        )

    def test_a_test_keeps_its_type_while_groups_use_it(self):
        with self.assertRaises(UserError) as error:
            self.weight.test_type = "pass_fail"
        self.assertEqual(
            str(error.exception),
            "The type of these tests can't be changed, test groups use them: [WEIG]"
            " Weight. Archive the test and make a new one.",
        )

    def test_copies_have_their_own_names(self):
        self.assertEqual(self.weight.copy().code, "WEIG (copy)")
        copied = self.group.copy()
        self.assertEqual(copied.name, "Raw milk (copy)")
        self.assertEqual(
            copied.line_ids.mapped("limits"), self.group.line_ids.mapped("limits")
        )
        self.assertEqual(self._associate().copy().name, "Raw milk (copy)")
