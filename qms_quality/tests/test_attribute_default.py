from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged

from .common_attribute import AttributeCase


@tagged("post_install", "-at_install")
class TestAttributeDefault(AttributeCase):
    """What new lots have from their vendor, product and category."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"]
        cls.food = categories.create({"name": "Food"})
        cls.dairy = categories.create({"name": "Dairy", "parent_id": cls.food.id})
        cls.product.categ_id = cls.dairy

    @classmethod
    def _default(cls, attribute, value, **reach):
        rows = cls.env["qms.attribute.default"].with_user(cls.administrator)
        return rows.create(
            {
                "attribute_id": attribute.id,
                **{f"{name}_id": record.id for name, record in reach.items()},
                **rows._qms_prepare_value(attribute, value),
            }
        )

    def _receive(self, *names, partner=None, product=None):
        """Receive new lots as a warehouse clerk, in the form; return them."""
        picking = self._picking("incoming", 5 * len(names), product=product)
        picking.partner_id = partner or self.partner
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        self.env["stock.move.line"].with_user(self.clerk).create(
            [{**line, "quantity": 5, "lot_name": name} for name in names]
        )
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        return picking.move_line_ids.lot_id

    def test_nearest_wins(self):
        """Vendor before product before the nearer category, attribute by attribute."""
        tmpl = {"product_tmpl": self.product.product_tmpl_id}
        address = self.env["res.partner"].create(
            {"name": "Gate 2", "parent_id": self.partner.id}
        )
        elsewhere = self.env["res.partner"].create({"name": "Elsewhere"})
        self._default(self.grade, self.grade_c, categ=self.food)
        table = [
            # the default that is added, and what lots of this and another vendor get
            ({"categ": self.dairy}, self.grade_b, "B", "B"),
            (tmpl, self.grade_a, "A", "A"),
            ({"partner": self.partner}, self.grade_c, "C", "A"),
            ({"partner": self.partner, "categ": self.food}, self.grade_b, "B", "A"),
            ({"partner": self.partner, **tmpl}, self.grade_a, "A", "A"),
        ]
        lots = self._receive("first", partner=address)
        self.assertEqual(self._read(lots), {self.grade: "C"})
        for number, (reach, value, expected, others) in enumerate(table):
            with self.subTest(sorted(reach)):
                self._default(self.grade, value, **reach)
                lot = self._receive(f"{number}", partner=address)
                other = self._receive(f"{number} else", partner=elsewhere)
                self.assertEqual(self._read(lot), {self.grade: expected})
                self.assertEqual(self._read(other), {self.grade: others})
        self.assertEqual(lot.qms_attribute_ids.source, "default")

    def test_lot_made_by_hand(self):
        """A clerk's new lot has the product's; receiving adds the vendor's."""
        self._default(
            self.grade, self.grade_a, product_tmpl=self.product.product_tmpl_id
        )
        self._default(self.origin, self.chile, partner=self.partner)
        self._default(self.fat, 3.8, partner=self.partner)
        with Form(self.env["stock.lot"].with_user(self.clerk)) as form:
            form.name, form.product_id = "HAND", self.product
        lot = form.record
        self.assertEqual(self._read(lot), {self.grade: "A"})
        self._record(lot, {self.fat: 4.2})
        picking = self._picking("incoming", 5)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(
            self._read(lot), {self.grade: "A", self.origin: "Chile", self.fat: "4.2 %"}
        )

    def test_known_lot_keeps_what_it_has(self):
        """A lot that comes back from another vendor is what it was."""
        lot = self._receive("L")
        self._default(self.origin, self.chile, partner=self.partner)
        picking = self._picking("incoming", 5)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_id = lot
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(self._read(lot), {})

    def test_value_that_is_not_allowed_any_more(self):
        """A default from before the range was narrowed stops no truck."""
        self._default(self.fat, 15, partner=self.partner)
        self.fat.maximum = 10
        self.assertEqual(self._read(self._receive("L")), {})

    def test_wrong_defaults(self):
        with self._refused(ValidationError, "Fat content can't be “25”"):
            self._default(self.fat, 25, partner=self.partner)
        tmpl = self.product.product_tmpl_id
        with self._refused_by_database("qms_attribute_default_reach_check"):
            self._default(self.fat, 5)
        with self._refused_by_database("qms_attribute_default_product_check"):
            self._default(self.fat, 5, product_tmpl=tmpl, categ=self.dairy)
        self._default(self.fat, 5, product_tmpl=tmpl)
        with self._refused_by_database("qms_attribute_default_default_uniq"):
            self._default(self.fat, 6, product_tmpl=tmpl)
        rows = self.env["qms.attribute.default"]
        for user in (self.clerk, self.inspector, self.manager):
            with self._refused(AccessError, "not allowed"):
                rows.with_user(user).create(
                    {"attribute_id": self.germs.id, "categ_id": self.dairy.id}
                )

    def test_no_default_costs_nothing(self):
        """Without defaults, posting receipts asks no question more for them."""
        self.env["qms.attribute.default"].search([]).active = False
        product = self._make_product("Plain")
        lots = self.env["stock.lot"].with_user(self.clerk)
        lots.create({"name": "warm", "product_id": product.id})
        applied = self.env["qms.attribute.default"]
        with self.assertQueryCount(0):
            applied._qms_apply({self.lot: self.partner})

    def test_queries_do_not_grow_with_the_lots(self):
        self._default(self.origin, self.chile, partner=self.partner)
        self._default(self.grade, self.grade_a, categ=self.food)

        def count(*names):
            lots = self.env["stock.lot"].create(
                [{"name": name, "product_id": self.product.id} for name in names]
            )
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["qms.attribute.default"]._qms_apply(
                dict.fromkeys(lots, self.partner)
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count("warm 1", "warm 2")
        few = count("few 1", "few 2")
        self.assertEqual(count(*(f"many {n}" for n in range(20))), few)
