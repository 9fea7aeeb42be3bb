from lxml import etree

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.qms_quality.models.requirement.attribute.attribute_promoted import (
    SLOT_COUNT,
)

from .common_attribute import AttributeCase


@tagged("post_install", "-at_install")
class TestAttributeColumn(AttributeCase):
    """Promoted attributes are columns: shown, searched, sorted and grouped by."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.origin | cls.fat | cls.harvest).is_promoted = True
        cls.lots = cls.env["stock.lot"]
        table = [("3.5", 3.5, cls.chile), ("12", 12, cls.new_zealand), ("-", 4, None)]
        for name, fat, country in table:
            lot = cls._make_lot(f"LOT {name}")
            cls._record(lot, {cls.fat: fat})
            if country:
                cls._record(lot, {cls.origin: country})
            cls.lots |= lot
        cls.lots |= cls._make_lot("LOT none")
        cls.thin, cls.rich, cls.middle, cls.none = cls.lots

    def _column(self, attribute):
        return f"qms_attribute_{attribute.slot}"

    def _find(self, attribute, operator, value):
        lots = self.env["stock.lot"].with_user(self.clerk)
        domain = [
            ("id", "in", self.lots.ids),
            (self._column(attribute), operator, value),
        ]
        return lots.search(domain).sudo()

    def test_columns_of_lots_and_stock(self):
        """The clerk's lists show them in one column, and have one for each."""
        fat = self._column(self.fat)
        for model, view in (
            ("stock.lot", "stock.view_production_lot_tree"),
            ("stock.quant", "stock.view_stock_quant_tree_simple"),
        ):
            records = self.env[model].with_user(self.clerk)
            views = records.get_views([(self.env.ref(view).id, "list")])
            arch = etree.fromstring(views["views"]["list"]["arch"])
            [column] = arch.xpath(f"field[@name='{fat}']")
            self.assertEqual(column.get("string"), "Fat content")
            self.assertEqual(column.get("optional"), "hide")
            [together] = arch.xpath("field[@name='qms_attribute_text']")
            self.assertEqual(together.get("optional"), "show")
            self.assertEqual(
                arch.xpath(f"field[@name='{self._column(self.germs)}']"), []
            )
            names = records.fields_get()
            self.assertEqual(names[fat]["string"], "Fat content")
            self.assertTrue(names[fat]["groupable"] and names[fat]["sortable"])
            self.assertEqual(
                [name for name in names if name == f"qms_attribute_{SLOT_COUNT}"], []
            )
        self.assertEqual(self.rich.with_user(self.clerk)[fat], "12 %")
        texts = self.lots.with_user(self.clerk).mapped("qms_attribute_text")
        self.assertEqual(texts[0], "Country of Origin: Chile · Fat content: 3.5 %")
        self.assertEqual(texts[2:], ["Fat content: 4 %", ""])
        quant = self._stock_up(1, self.rich).with_user(self.clerk)
        self.assertEqual(quant[fat], "12 %")
        found = quant.search([("id", "=", quant.id), (fat, "=", "12 %")])
        self.assertEqual(found, quant)

    def test_search(self):
        every = self.lots
        recorded = every - self.none
        table = [
            (self.fat, "ilike", "3.5", self.thin),
            (self.fat, "=", "12 %", self.rich),
            (self.fat, "ilike", ">= 4", self.rich | self.middle),
            (self.fat, "ilike", "< 4", self.thin),
            (self.fat, ">", 3.5, self.rich | self.middle),
            (self.fat, "=", False, self.none),
            (self.fat, "!=", False, recorded),
            (self.fat, "!=", "12 %", every - self.rich),
            (self.fat, "not ilike", "12", every - self.rich),
            (self.origin, "ilike", "zea", self.rich),
            (self.origin, "in", ["Chile", False], every - self.rich),
        ]
        for attribute, operator, value, expected in table:
            with self.subTest(attribute=attribute.name, operator=operator, value=value):
                self.assertEqual(self._find(attribute, operator, value), expected)
        anywhere = self.env["stock.lot"].with_user(self.clerk)
        found = anywhere.search([("qms_attribute_ids.value", "ilike", "new zea")])
        self.assertIn(self.rich, found)
        self.assertNotIn(self.thin, found)

    def test_sorted_as_numbers(self):
        """3.5, 4, 12, and at last what isn't recorded."""
        lots = self.env["stock.lot"].with_user(self.clerk)
        found = lots.search([("id", "in", self.lots.ids)], order=self._column(self.fat))
        self.assertEqual(found.sudo(), self.thin | self.middle | self.rich | self.none)

    def test_grouped(self):
        column = self._column(self.origin)
        lots = self.env["stock.lot"].with_user(self.clerk)
        groups = lots._read_group([("id", "in", self.lots.ids)], [column], ["__count"])
        self.assertEqual(dict(groups), {"Chile": 1, "New Zealand": 1, False: 2})
        web = lots.web_read_group([("id", "in", self.lots.ids)], [column], ["__count"])
        for group in web["groups"]:
            domain = [("id", "in", self.lots.ids), *group["__extra_domain"]]
            self.assertEqual(lots.search_count(domain), group["__count"])

    def test_columns_are_given_back(self):
        """A demoted or archived attribute frees its column; there are so many."""
        slot = self.fat.slot
        self.assertTrue(slot)
        self.fat.is_promoted = False
        self.assertFalse(self.fat.slot)
        self.germs.is_promoted = True
        self.assertEqual(self.germs.slot, slot)
        self.harvest.active = False
        self.assertFalse(self.harvest.slot)
        used = self.env["qms.attribute"].search_count([("slot", ">", 0)])
        vals = {"type": "text", "is_promoted": True}
        attributes = self.env["qms.attribute"].with_user(self.administrator)
        attributes.create(
            [{**vals, "name": f"More {n}"} for n in range(SLOT_COUNT - used)]
        )
        with self._refused(ValidationError, "Only 25 attributes can be promoted"):
            attributes.create({**vals, "name": "Too many"})

    def test_name_of_another_company(self):
        """A company's own attribute is no column for others."""
        company = self.env["res.company"].create({"name": "Other"})
        self.fat.company_id = company
        lots = self.env["stock.lot"].with_user(self.clerk)
        self.assertNotIn(self._column(self.fat), lots.fields_get())
        lots.invalidate_model()
        self.assertFalse(lots.browse(self.rich.id)[self._column(self.fat)])

    def test_reading_many_costs_one_query(self):
        column = self._column(self.fat)
        self.env["qms.attribute"]._qms_get_promoted()
        self.env.flush_all()
        self.env.invalidate_all()
        lots = self.lots.with_prefetch(self.lots.ids)
        with self.assertQueryCount(1):
            lots.mapped(column)
