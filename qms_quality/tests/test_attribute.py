from datetime import date, datetime

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common_attribute import AttributeCase


@tagged("post_install", "-at_install")
class TestAttribute(AttributeCase):
    """What attributes are, and which values they take."""

    def test_values_of_each_type(self):
        """Each type takes its own values, keeps them typed and shows them."""
        table = [
            (self.remark, " sweet ", "value_text", "sweet", "sweet"),
            (self.germs, 12000, "value_number", 12000.0, "12,000"),
            (self.fat, 3.85, "value_number", 3.85, "3.85 %"),
            (self.fat, 0, "value_number", 0.0, "0 %"),
            (self.harvest, date(2026, 9, 1), "value_date", date(2026, 9, 1), None),
            (self.organic, False, "value_boolean", False, "No"),
            (self.organic, True, "value_boolean", True, "Yes"),
            (self.grade, self.grade_b, "option_id", self.grade_b, "B"),
            (
                self.origin,
                self.new_zealand,
                "country_id",
                self.new_zealand,
                "New Zealand",
            ),
        ]
        for attribute, value, name, kept, text in table:
            with self.subTest(attribute=attribute.name, value=value):
                row = self._record(self.lot, {attribute: value})
                self.assertEqual(row[name], kept)
                self.assertEqual(row._qms_get_typed(), kept)
                self.assertEqual(row.value, text or row.value)
                self.assertTrue(row.value)

    def test_wrong_values(self):
        """A wrong value is one error: attribute, value and what is allowed."""
        other = self._make_attribute(
            "Colour", "option", option_ids=[(0, 0, {"name": "red"})]
        )
        fat = "a number from 0 to 20 %"
        table = [
            (self.fat, 20.5, f"Fat content can't be “20.5”. Enter {fat}."),
            (self.fat, "a lot", f"Fat content can't be “a lot”. Enter {fat}."),
            (self.fat, float("nan"), f"Fat content can't be “nan”. Enter {fat}."),
            (self.fat, True, f"Fat content can't be “True”. Enter {fat}."),
            (self.fat, None, f"Fat content has no value. Enter {fat}."),
            (self.germs, 1.5, "Germs can't be “1.5”. Enter a whole number."),
            (self.remark, "  ", "Remark has no value. Enter a text."),
            (self.organic, 1, "Organic can't be “1”. Enter Yes or No."),
            (self.harvest, "soon", "Harvest can't be “soon”. Enter a date."),
            (
                self.grade,
                other.option_ids,
                "Quality grade can't be “red”. Enter one of: A, B, C.",
            ),
            (
                self.origin,
                self.partner,
                "Country of Origin can't be “Green Farm”. Enter a country.",
            ),
        ]
        for attribute, value, message in table:
            with self.subTest(message), self.assertRaises(ValidationError) as caught:
                attribute._qms_check_value(value)
            self.assertEqual(caught.exception.args[0], message)
        with self.assertRaises(ValidationError):
            self.harvest._qms_check_value(datetime(2026, 9, 1, 12, 0))

    def test_range_forgives_noise_of_conversions(self):
        noisy = 0.1 * 3 + 19.7  # 20.000000000000004 or so
        self.fat.maximum = 0.3
        self.assertEqual(self.fat._qms_check_value(0.1 + 0.2), 0.1 + 0.2)
        with self.assertRaises(ValidationError):
            self.fat._qms_check_value(noisy)

    def test_by_hand(self):
        """A warehouse clerk enters, corrects and removes what nobody measured."""
        rows = self.env["qms.lot.attribute"].with_user(self.clerk)
        row = rows.create(
            {
                "lot_id": self.lot.id,
                "attribute_id": self.fat.id,
                "value_number": 3.9,
                "source": "test",
            }
        )
        self.assertEqual((row.source, row.value), ("hand", "3.9 %"))
        row.value_number = 4
        self.assertEqual(row.value, "4 %")
        with self._refused(ValidationError, "Fat content can't be “21”"):
            row.value_number = 21
        with self._refused(UserError, "stays with its lot and attribute"):
            row.attribute_id = self.germs
        with self._refused(ValidationError, "value of another type"):
            row.option_id = self.grade_a
        row.unlink()
        self.assertEqual(self._read(self.lot), {})

    def test_empty_number_is_no_zero(self):
        rows = self.env["qms.lot.attribute"].with_user(self.clerk)
        with self._refused(ValidationError, "Fat content has no value"):
            rows.create({"lot_id": self.lot.id, "attribute_id": self.fat.id})

    def test_better_sources_win(self):
        """Nothing replaces a value from a better source; later ones as good do."""
        table = [
            ("default", 1, 1),
            ("default", 2, 2),
            ("production", 3, 3),
            ("default", 4, 3),
            ("copy", 5, 5),
            ("hand", 6, 6),
            ("production", 7, 6),
            ("test", 8, 8),
            ("hand", 9, 8),
            ("test", 10, 10),
        ]
        for source, value, expected in table:
            with self.subTest(source=source, value=value):
                self._record(self.lot, {self.fat: value}, source)
                row = self.lot.qms_attribute_ids
                self.assertEqual(row.value_number, expected)

    def test_recording_many_costs_the_same(self):
        """Two lots or ten cost the same queries, up to the batches of Odoo's own."""
        lots = self.env["stock.lot"].create(
            [{"name": f"N{n}", "product_id": self.product.id} for n in range(14)]
        )
        warm, few, many = lots[:2], lots[2:4], lots[4:]

        def count(lots, value, country):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["qms.lot.attribute"]._qms_record(
                [
                    {
                        "lot_id": lot.id,
                        "attribute_id": attribute.id,
                        "value": kept,
                        "source": "production",
                    }
                    for number, lot in enumerate(lots)
                    for attribute, kept in (
                        (self.fat, value + number / 100),
                        (self.origin, country),
                    )
                ]
            )
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(warm, 1, self.chile)
        count(warm, 2, self.new_zealand)
        self.assertEqual(count(many, 2, self.chile), count(few, 2, self.chile), "made")
        self.assertEqual(
            count(many, 3, self.new_zealand), count(few, 3, self.new_zealand), "changed"
        )

    # -- Attributes --------------------------------------------------------------------

    def test_meaning_is_kept_where_there_are_values(self):
        """Type and unit stay, once a lot has a value; everything else may change."""
        attribute = self.fat.with_user(self.administrator)
        attribute.uom_id = False
        attribute.uom_id = self.percent
        self._record(self.lot, {self.fat: 3})
        for vals in ({"type": "integer"}, {"uom_id": False}):
            with self.assertRaises(UserError) as caught:
                attribute.write(vals)
            self.assertEqual(
                caught.exception.args[0],
                "Values or requirements use these attributes, so they keep their type"
                " and unit: Fat content. Archive the attribute and make a new one.",
            )
        attribute.write({"type": "decimal", "uom_id": self.percent.id, "maximum": 30})
        with self._refused(UserError, "Archive them instead"):
            attribute.unlink()
        attribute.active = False

    def test_option_that_a_lot_has_is_kept(self):
        self._record(self.lot, {self.grade: self.grade_a})
        options = self.grade.option_ids.with_user(self.administrator)
        with self._refused(UserError, "these values: A. Archive"):
            options.unlink()
        options[0].name = "AA"
        self.assertEqual(self._read(self.lot), {self.grade: "AA"})
        options[1:].unlink()

    def test_attributes_that_make_no_sense(self):
        table = [
            ({"type": "option"}, "has no options"),
            ({"type": "text", "uom_id": self.percent.id}, "is no number"),
            ({"type": "date", "has_range": True}, "is no number"),
            ({"type": "country", "inheritance": "average"}, "can't be inherited as"),
            ({"type": "date", "inheritance": "sum"}, "can't be inherited as"),
        ]
        attributes = self.env["qms.attribute"].with_user(self.administrator)
        for vals, message in table:
            with self.subTest(vals), self._refused(ValidationError, message):
                attributes.create({"name": "Wrong", **vals})

    def test_only_administrators_keep_attributes(self):
        for user in (self.clerk, self.inspector, self.manager):
            attributes = self.env["qms.attribute"].with_user(user)
            self.assertTrue(attributes.search([("id", "=", self.fat.id)]).name)
            with self.assertRaises(AccessError):
                attributes.create({"name": "Mine", "type": "text"})
            with self.assertRaises(AccessError):
                self.grade_a.with_user(user).name = "Mine"
