from datetime import date

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_attribute import AttributeCase
from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestAttributeResult(AttributeCase, InspectionCase):
    """Tests write what they found into the attributes of the lots."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.fat_test = cls.group.line_ids[1].test_id
        cls.mass = cls._make_attribute("Mass", "decimal", uom_id=cls.gram.id)
        cls.butterfat = cls._make_attribute(
            "Butterfat", "decimal", has_range=True, minimum=0, maximum=9
        )

    def _order(self, test, attribute, *readings, **line):
        """Return the started and read order of a lot that a test is done on.

        :param readings: what is read, or dicts of what is written
        """
        values = {"test_id": test.id, "attribute_id": attribute.id, **line}
        values.setdefault("reading_number", len(readings))
        group = self._make_group(f"{test.name} {len(readings)}", values)
        product = self._make_product("Milk")
        order = (
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .create(
                {
                    "product_id": product.id,
                    "lot_ids": [(6, 0, self._make_lot("L-9", product).ids)],
                    "quantity": 1,
                    "test_group_ids": [(6, 0, group.ids)],
                }
            )
        )
        order.action_start()
        results = order.result_ids.filtered(lambda one: not one.is_automatic)
        for result, reading in zip(results, readings, strict=True):
            is_whole = isinstance(reading, dict)
            name = result._get_value_field()
            result.write(reading if is_whole else {name: reading})
        return order

    def _inspect(self, *args, **line):
        """As :meth:`_order`, validated; return the lots."""
        order = self._order(*args, **line)
        order.action_validate()
        return order.sudo().lot_ids

    def _make_choice(self, name, *outcomes):
        variable = self.env["qms.test.variable"].create(
            {"name": name, "outcome_ids": [(0, 0, {"name": one}) for one in outcomes]}
        )
        return self._make_test(name, test_type="qualitative", variable_id=variable.id)

    def test_types(self):
        """Every type of tests, into every type of attributes that takes it."""
        choice = self._make_choice("Choice", "A", "b", "C")
        lands = self._make_choice("Land", "New Zealand", "CL")
        text = self._make_test("Said", test_type="text")
        day = self._make_test("When", test_type="date")
        spots = self._make_test("Spots", test_type="attribute", defect_class="minor")
        first, second = choice.variable_id.outcome_ids[:2]
        chile = lands.variable_id.outcome_ids[1]
        gram = {"value": 5100, "uom_id": self.gram.id}
        autumn = date(2026, 9, 1)
        table = [
            (self.weight, self.mass, [5], 5000.0),
            (self.weight, self.mass, [gram], 5100.0),
            (self.fat_test, self.butterfat, [3.6, 4.2], 3.9),
            (self.fat_test, self.germs, [10, 13], 12.0),
            (spots, self.germs, [2], 2.0),
            (self.taste, self.organic, ["pass"], True),
            (self.taste, self.organic, ["fail"], False),
            (choice, self.grade, [first.id], self.grade_a),
            (choice, self.grade, [second.id, second.id], self.grade_b),
            (choice, self.grade, [first.id, second.id], None),
            (choice, self.remark, [second.id], "b"),
            (lands, self.origin, [chile.id], self.chile),
            (text, self.remark, ["sour"], "sour"),
            (text, self.origin, ["new zealand"], self.new_zealand),
            (text, self.grade, ["c"], self.grade_c),
            (day, self.harvest, [autumn], autumn),
        ]
        for test, attribute, readings, expected in table:
            with self.subTest(test=test.name, attribute=attribute.name, to=expected):
                row = self._inspect(test, attribute, *readings).qms_attribute_ids
                if expected is None:
                    self.assertFalse(row)
                    continue
                self.assertAlmostEqual(row._qms_get_typed(), expected)
                self.assertEqual(row.source, "test")

    def test_determination_counts(self):
        """Of several readings the one that counts, not their average."""
        for determination, expected in (("minimum", 3.6), ("maximum", 4.2)):
            lot = self._inspect(
                self.fat_test,
                self.butterfat,
                3.6,
                4.2,
                determination=determination,
            )
            self.assertAlmostEqual(lot.qms_attribute_ids.value_number, expected)

    def test_serial_numbers_have_their_own(self):
        """Serial numbers of one order get what was read of each."""
        group = self._make_group(
            "Each", {"test_id": self.weight.id, "attribute_id": self.mass.id}
        )
        product = self._make_product("Wheel", tracking="serial")
        self._associate(group, product_ids=product.ids)
        order = self._orders(self._receive(["S1", "S2"], product=product))
        for result in order.result_ids.with_user(self.inspector):
            result.value = 4 if result.lot_id.name == "S1" else 5
        order.with_user(self.inspector).action_validate()
        values = {lot.name: lot.qms_attribute_ids.value for lot in order.lot_ids}
        self.assertEqual(values, {"S1": "4,000 g", "S2": "5,000 g"})

    def test_reading_that_no_attribute_takes(self):
        """The inspector is told, and the value isn't written until it is right."""
        order = self._order(self.fat_test, self.butterfat, 12)
        with self.assertRaises(UserError) as caught:
            order.action_validate()
        self.assertEqual(
            caught.exception.args[0],
            f"The inspection isn't complete:\n- {order.name}: Fat content: Butterfat"
            " can't be “12”. Enter a number from 0 to 9.",
        )
        order.result_ids.value = 4
        order.action_validate()
        self.assertEqual(self._read(order.sudo().lot_ids), {self.butterfat: "4"})

    def test_later_test_wins_over_all(self):
        order = self._order(self.fat_test, self.butterfat, 4)
        lot = order.sudo().lot_ids
        self._record(lot, {self.butterfat: 1}, "hand")
        order.action_validate()
        self.assertEqual(self._read(lot), {self.butterfat: "4"})
        order.with_user(self.manager).action_reopen()
        order.result_ids.value = 5
        order.action_validate()
        self.assertEqual(self._read(lot), {self.butterfat: "5"})

    def test_what_tests_can_not_be_written_into(self):
        choice = self._make_choice("Choice", "A", "B", "Rotten", "Sour")
        picture = self._make_test("Photo", test_type="picture")
        table = [
            (self.weight, self.grade, "which is of type Option"),
            (self.taste, self.butterfat, "which is of type Decimal"),
            (picture, self.remark, "which is of type Text"),
            (self.weight, self.butterfat, "the unit kg can't be converted into (none)"),
            (self.fat_test, self.mass, "the unit (none) can't be converted into g"),
            (choice, self.grade, "which has no value for: Rotten, Sour"),
        ]
        for test, attribute, text in table:
            with self.subTest(text), self._refused(ValidationError, text):
                self._draft_group(
                    "Wrong", {"test_id": test.id, "attribute_id": attribute.id}
                )

    def test_new_version_keeps_it(self):
        group = self._make_group(
            "Fat", {"test_id": self.fat_test.id, "attribute_id": self.butterfat.id}
        )
        draft = group.with_user(self.manager)._get_draft()
        self.assertEqual(draft.line_ids.attribute_id, self.butterfat)

    # -- What a test said --------------------------------------------------------------

    def _test_row(self):
        lot = self._inspect(self.fat_test, self.butterfat, 4)
        return lot.qms_attribute_ids

    def test_clerk_changes_no_test_value(self):
        """Neither writing nor removing nor entering again; nobody does it by hand."""
        row = self._test_row()
        text = "These values come from tests: L-9, Butterfat: 4."
        for user in (self.clerk, self.inspector, self.administrator, self.manager):
            own = row.with_user(user)
            with self._refused(UserError, text):
                own.value_number = 5
            with self._refused(UserError, text):
                own.unlink()
            with self._refused_by_database("qms_lot_attribute_lot_attribute_uniq"):
                own.create(
                    {
                        "lot_id": row.lot_id.id,
                        "attribute_id": row.attribute_id.id,
                        "value_number": 5,
                    }
                )
        lot = row.lot_id.with_user(self.clerk)
        with self._refused(UserError, text):
            lot.qms_attribute_ids = [(1, row.id, {"value_number": 5})]
        with self._refused(UserError, text):
            lot.qms_attribute_ids = [(5,)]
        self.assertEqual(row.value, "4")

    def test_correction(self):
        """A manager corrects with a reason; the clerk still can't, a test may."""
        row = self._test_row()
        for user in (self.clerk, self.inspector):
            with self._refused(AccessError, "Only a quality manager or a QRS"):
                row.with_user(user).action_open_correction()
        for user in (self.manager, self.administrator):
            own = row.with_user(user)
            action = own.action_open_correction()
            wizard = own.env[action["res_model"]].browse(action["res_id"])
            self.assertEqual(wizard.value_number, row.value_number)
            wizard.value_number = 3.5
            with self._refused(UserError, "Say why it is changed"):
                wizard.action_confirm()
            wizard.reason = "Samples were mixed up"
            wizard.action_confirm()
            self.assertEqual((row.value, row.source), ("3.5", "correction"))
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", row._name), ("res_id", "=", row.id)]
        )
        self.assertIn("Samples were mixed up", entries.mapped("reason"))
        with self._refused(UserError, "These values come from tests"):
            row.with_user(self.clerk).value_number = 5
        with self._refused(ValidationError, "Butterfat can't be “10”"):
            wizard.value_number = 10
            wizard.action_confirm()
        wizard.is_removed = True
        wizard.action_confirm()
        self.assertFalse(row.exists())

    def test_clerk_in_the_form(self):
        """A clerk adds and changes values on the lot's form."""
        lot = self._inspect(self.fat_test, self.butterfat, 4).with_user(self.clerk)
        with Form(lot) as form:
            with form.qms_attribute_ids.new() as row:
                row.attribute_id = self.origin
                row.country_id = self.chile
        self.assertEqual(self._read(lot), {self.butterfat: "4", self.origin: "Chile"})
