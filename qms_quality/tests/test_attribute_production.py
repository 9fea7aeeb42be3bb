import random
from collections import defaultdict
from datetime import date

from odoo.tests import tagged

from odoo.addons.qms_quality.models.requirement.attribute.inheritance import (
    Part,
    inherit,
)
from odoo.addons.qms_quality.models.sentinel import trusted

from .common_attribute import AttributeCase
from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestAttributeProduction(AttributeCase, QmsMrpCase):
    """What is made has what its components had, as each attribute says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cheese = cls._make_product("Cheese")
        cls.whey = cls._make_product("Whey")
        cls.culture = cls._make_product("Culture")
        cls.bom = cls._make_bom(
            [(cls.product, 10), (cls.culture, 1)], product=cls.cheese
        )
        cls.milk = [cls._make_lot(f"M{n}") for n in range(3)]
        cls.starter = cls._make_lot("C1", cls.culture)
        cls._stock_up(1000, cls.starter)
        for lot in cls.milk:
            cls._stock_up(1000, lot)

    def _make(self, *quantities, name="OUT", order=None):
        """Make cheese of so much of each milk, as the operator; return its lot."""
        order = order or self._make_order(self.bom, 1, reserve=False)
        milk, culture = order.move_raw_ids
        milk.move_line_ids.unlink()
        for lot, quantity in zip(self.milk, quantities, strict=False):
            line = milk._prepare_move_line_vals(quantity=quantity)
            self.env["stock.move.line"].create({**line, "lot_id": lot.id})
        line = culture._prepare_move_line_vals(quantity=1)
        self.env["stock.move.line"].create({**line, "lot_id": self.starter.id})
        order.move_raw_ids.picked = True
        lots = self.env["stock.lot"]
        made = lots.search(
            [("name", "=", name), ("product_id", "=", self.cheese.id)]
        ) or self._make_lot(name, self.cheese)
        order.lot_producing_ids = made
        order.qty_producing = 1
        order.with_user(self.operator).with_context(
            skip_consumption=True
        ).button_mark_done()
        self.assertEqual(order.state, "done")
        return made

    def test_each_rule(self):
        """Two milks of 3 % and 4 %, 30 and 10 litres of them."""
        dates = [date(2026, 9, 1), date(2026, 9, 5)]
        table = [
            (self.fat, "none", (3, 4), None),
            (self.fat, "minimum", (3, 4), "3 %"),
            (self.fat, "maximum", (3, 4), "4 %"),
            (self.fat, "average", (3, 4), "3.25 %"),
            (self.fat, "sum", (3, 4), "7 %"),
            (self.fat, "same", (3, 4), None),
            (self.fat, "same", (4, 4), "4 %"),
            (self.germs, "sum", (10, 20), "30"),
            (self.germs, "maximum", (10, 20), "20"),
            (self.harvest, "minimum", dates, dates[0]),
            (self.harvest, "maximum", dates, dates[1]),
            (self.origin, "same", (self.chile, self.chile), "Chile"),
            (self.origin, "same", (self.chile, self.new_zealand), None),
            (self.grade, "same", (self.grade_b, self.grade_b), "B"),
            (self.organic, "same", (True, True), "Yes"),
            (self.organic, "same", (True, False), None),
            (self.remark, "same", ("sweet", "sweet"), "sweet"),
        ]
        made = self._make_lot("OUT", self.cheese)
        made_of = {self.milk[0]: 30, self.milk[1]: 10, self.starter: 1}
        for attribute, rule, values, expected in table:
            with self.subTest(attribute=attribute.name, rule=rule, values=values):
                trusted(self.env["qms.lot.attribute"].sudo().search([])).unlink()
                attribute.inheritance = rule
                for lot, value in zip(self.milk, values, strict=False):
                    self._record(lot, {attribute: value})
                rows = self.env["qms.lot.attribute"]
                row = rows._qms_mix({made: made_of}, "production")
                if isinstance(expected, date):
                    self.assertEqual(row.value_date, expected)
                else:
                    self.assertEqual(row.value or None, expected)
                self.assertEqual(row.mapped("source"), ["production"] * bool(expected))

    def test_what_is_partly_known_is_not_known(self):
        """One milk without a value leaves cheese without one; culture has none."""
        self.fat.inheritance = "average"
        self._record(self.milk[0], {self.fat: 3})
        self.assertEqual(self._read(self._make(10, name="known")), {self.fat: "3 %"})
        self.assertEqual(self._read(self._make(9, 1, name="unknown")), {})

    def test_lot_made_twice(self):
        """What two orders put into one lot counts together."""
        self.fat.inheritance = "average"
        self._record(self.milk[0], {self.fat: 3})
        self._record(self.milk[1], {self.fat: 5})
        made = self._make(10)
        self.assertEqual(self._read(made), {self.fat: "3 %"})
        self._make(0, 30)
        self.assertEqual(self._read(made), {self.fat: "4.5 %"})
        self._make(0, 0, 10)
        self.assertEqual(self._read(made), {})

    def test_better_sources_stay(self):
        """A default gives way to the components; what was entered stays."""
        self.fat.inheritance = "average"
        self.germs.inheritance = "sum"
        self.origin.inheritance = "same"
        self._record(
            self.milk[0], {self.fat: 3, self.germs: 1, self.origin: self.chile}
        )
        self._record(self.milk[1], {self.origin: self.new_zealand})
        made = self._make_lot("OUT", self.cheese)
        self._record(made, {self.fat: 9}, "default")
        self._record(made, {self.origin: self.chile}, "default")
        self._record(made, {self.germs: 7}, "hand")
        self._make(10)
        self.assertEqual(
            self._read(made), {self.fat: "3 %", self.germs: "7", self.origin: "Chile"}
        )
        self._record(self.milk[1], {self.fat: 3, self.germs: 1})
        self._make(0, 10)
        self.assertEqual(self._read(made), {self.fat: "3 %", self.germs: "7"})

    def test_sum_that_no_range_takes(self):
        """What an attribute doesn't take is left blank, and stops no production."""
        self.fat.inheritance = "sum"
        for lot in self.milk:
            self._record(lot, {self.fat: 15})
        self.assertEqual(self._read(self._make(5, 5)), {})

    def test_by_products(self):
        self.origin.inheritance = "same"
        self._record(self.milk[0], {self.origin: self.chile})
        self.env["mrp.bom.byproduct"].create(
            {"bom_id": self.bom.id, "product_id": self.whey.id, "product_qty": 2}
        )
        order = self._make_order(self.bom, 1, reserve=False)
        whey = order.move_byproduct_ids
        lot = self._make_lot("W1", self.whey)
        whey.quantity = 2
        whey.move_line_ids.lot_id = lot
        whey.picked = True
        self._make(10, order=order)
        self.assertEqual(self._read(lot), {self.origin: "Chile"})

    def test_subcontracting(self):
        if "subcontractor_ids" not in self.env["stock.location"]._fields:
            self.skipTest("mrp_subcontracting is not installed")
        self.origin.inheritance = "same"
        lot = self.milk[0]
        self._record(lot, {self.origin: self.chile})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": self.cheese.product_tmpl_id.id,
                "type": "subcontract",
                "subcontractor_ids": [(6, 0, self.partner.ids)],
                "bom_line_ids": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 10})
                ],
            }
        )
        self._stock_up(100, lot, location=self.company.subcontracting_location_id)
        picking = self._picking("incoming", 1, product=self.cheese)
        picking.action_confirm()
        made = self._make_lot("S1", self.cheese)
        picking.move_ids.move_line_ids.lot_id = made
        picking.move_ids.picked = True
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._read(made), {self.origin: "Chile"})

    def test_queries_do_not_grow_with_the_lots(self):
        """Inheriting of two lots or of thirty costs the same queries."""
        self.fat.inheritance = "average"
        lots = self.env["stock.lot"].create(
            [{"name": f"P{n}", "product_id": self.product.id} for n in range(30)]
        )
        for number, lot in enumerate(lots):
            self._record(lot, {self.fat: number / 10})
        made = [self._make_lot(f"OUT{n}", self.cheese) for n in range(3)]

        def count(out, parts):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["qms.lot.attribute"]._qms_mix(
                {out: dict.fromkeys(parts, 1.0)}, "production"
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(made[0], lots[:2])
        self.assertEqual(count(made[1], lots), count(made[2], lots[:2]))

    def test_nothing_recorded_costs_nothing(self):
        """Where no lot has anything to inherit, production asks nothing more."""
        trusted(self.env["qms.lot.attribute"].sudo().search([])).unlink()
        self.fat.inheritance = "average"
        order = self._make_order(self.bom, 1)
        self.env["qms.arrival.rule"]._get_used()
        lines = order.move_finished_ids.move_line_ids
        movements = [line._qms_prepare_movement() for line in lines]
        with self.assertQueryCount(0):
            self.env["stock.move.line"]._qms_inherit_attributes(movements)

    # -- Arithmetic against other arithmetic -------------------------------------------

    def test_against_counting_drops(self):
        """A thousand mixtures, also worked out drop by drop."""
        chance = random.Random(20261122)
        for round_number in range(1000):
            parts = [
                Part(
                    chance.choice("ab"),
                    chance.randrange(0, 6),
                    chance.choice([None, *range(-3, 6)]),
                )
                for _part in range(chance.randrange(0, 5))
            ]
            for rule in ("minimum", "maximum", "average", "sum", "same"):
                with self.subTest(round=round_number, rule=rule, parts=parts):
                    self.assertEqual(inherit(rule, parts), self._expect(rule, parts))

    def _expect(self, rule, parts):
        known, unknown = defaultdict(list), set()
        for product, quantity, value in parts:
            if value is None:
                unknown.add(product)
            else:
                known[product].append((quantity, value))
        if not known or unknown & set(known):
            return None
        values = sorted(value for rows in known.values() for _quantity, value in rows)
        drops = [
            value
            for rows in known.values()
            for quantity, value in rows
            for _drop in range(quantity)
        ]
        if rule == "average":
            return sum(drops) / len(drops) if drops else None
        if rule == "same":
            return values[0] if values[0] == values[-1] else None
        return {"minimum": values[0], "maximum": values[-1], "sum": sum(values)}[rule]


@tagged("post_install", "-at_install")
class TestAttributeSplit(AttributeCase):
    """Parts of lots and mixtures of lots have the attributes of their goods."""

    def test_split(self):
        """A child has what its parent had; what a test said stays locked."""
        self._record(self.lot, {self.fat: 3.8}, "test")
        self._record(self.lot, {self.origin: self.chile})
        quant = self._stock_up(10, self.lot)
        wizard = self.env["qms.lot.split"].with_user(self.inspector)
        vals = {"lot_id": self.lot.id, "quant_id": quant.id, "quantity": 4}
        action = wizard.create(vals).action_split()
        child = self.env["stock.lot"].browse(action["res_id"])
        rows = child.qms_attribute_ids
        self.assertEqual(self._read(child), self._read(self.lot))
        sources = {row.attribute_id: row.source for row in rows}
        self.assertEqual(sources, {self.fat: "test", self.origin: "copy"})

    def test_properties_of_odoo_are_left_alone(self):
        """They follow Odoo's own rules: recorded, split, merged, produced."""
        self.product.lot_properties_definition = [
            {"name": "silo", "string": "Silo", "type": "char"}
        ]
        other = self._make_lot("L-2")
        self.lot.lot_properties = {"silo": "North"}
        other.lot_properties = {"silo": "South"}
        self.fat.inheritance = "average"
        self._stock_up(30, self.lot)
        self._stock_up(10, other)

        def read(lot):
            lot.invalidate_recordset()
            return dict(lot.lot_properties)

        self._record(self.lot, {self.fat: 3}, "test")
        self._record(other, {self.fat: 4}, "test")
        self.assertEqual(read(self.lot), {"silo": "North"})
        child = self.lot._qms_split(4, self.stock)
        self.assertEqual(read(child), {"silo": "North"}, "Odoo copies them")
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        lots = self.lot | other
        vals = {"lot_ids": [(6, 0, lots.ids)], "target_lot_id": self.lot.id}
        wizard.create(vals).action_merge()
        self.assertEqual(read(self.lot), {"silo": "North"})
        self.assertEqual(read(other), {"silo": "South"})
        made = self._make_lot("OUT")
        rows = self.env["qms.lot.attribute"]
        rows._qms_mix({made: {self.lot: 2, other: 1}}, "production")
        self.assertTrue(self._read(made))
        self.assertFalse(read(made).get("silo"))

    def test_merge(self):
        """A mixture has the average, and of what differs nothing."""
        other = self._make_lot("L-2")
        self._stock_up(30, self.lot)
        self._stock_up(10, other)
        self.fat.inheritance = "average"
        self.assertEqual(self.grade.inheritance, "none")
        same = {self.grade: self.grade_a, self.remark: "sweet"}
        self._record(self.lot, {**same, self.fat: 3, self.origin: self.chile})
        self._record(other, {**same, self.fat: 4, self.origin: self.new_zealand})
        self._record(self.lot, {self.germs: 5})
        wizard = self.env["qms.lot.merge"].with_user(self.clerk)
        lots = self.lot | other
        vals = {"lot_ids": [(6, 0, lots.ids)], "target_lot_id": self.lot.id}
        wizard.create(vals).action_merge()
        self.assertEqual(
            self._read(self.lot),
            {self.fat: "3.25 %", self.grade: "A", self.remark: "sweet"},
        )
