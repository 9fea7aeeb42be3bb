from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestInspectionReading(InspectionCase):
    """What a reading is worth: units, zero, corrections, who and when."""

    def _order(self, group=None):
        self._associate(group or self.group, product_ids=self.product.ids)
        return self._receive_order().with_user(self.inspector)

    def test_units_convert(self):
        order = self._order(self._make_weight_group())
        result = order.result_ids
        for value, unit, verdict in (
            (5, self.kg, "passed"),
            (5, self.gram, "failed"),
            (5000, self.gram, "passed"),
            (4000, self.gram, "passed"),
            (3999, self.gram, "failed"),
            (6000.1, self.gram, "failed"),
        ):
            with self.subTest(value=value, unit=unit.name):
                result.write({"value": value, "uom_id": unit.id})
                self.assertEqual(result.verdict, verdict)

    def test_conversion_noise_is_no_failure(self):
        group = self._make_weight_group(lower_limit=False, upper_limit=4.1)
        result = self._order(group).result_ids
        result.write({"value": 4100, "uom_id": self.gram.id})
        self.assertEqual(result.verdict, "passed")

    def test_other_units_are_refused(self):
        result = self._order(self._make_weight_group()).result_ids
        with self.assertRaises(ValidationError) as error:
            result.uom_id = self.env.ref("uom.product_uom_meter")
        self.assertEqual(
            str(error.exception),
            "Weight: m can't be converted into kg, the unit of the limits.",
        )

    def test_zero_is_a_reading_and_empty_is_none(self):
        group = self._make_weight_group(lower_limit=0, upper_limit=6)
        order = self._order(group)
        result = order.result_ids
        self.assertIs(result.value, False)
        self.assertFalse(result.is_recorded)
        self.assertFalse(result.verdict)
        self.assertIs(result.read(["value"])[0]["value"], False)
        result.value = 0
        self.assertIs(type(result.value), float)
        self.assertTrue(result.is_recorded)
        self.assertEqual(result.verdict, "passed")
        result.invalidate_recordset()
        self.assertEqual(result.read(["value"])[0]["value"], 0.0)
        self.assertIsNot(result.value, False)
        self.assertEqual(
            self.env["qms.quality.order.result"].search_count(
                [("id", "=", result.id), ("value", "=", 0)]
            ),
            1,
        )
        result.value = False
        self.assertFalse(result.is_recorded)
        self.assertFalse(result.verdict)
        order.flush_recordset()
        result.flush_recordset()
        self.env.cr.execute(
            "SELECT value FROM qms_quality_order_result WHERE id = %s", (result.id,)
        )
        self.assertIsNone(self.env.cr.fetchone()[0])

    def test_zero_can_fail(self):
        result = self._order(self._make_weight_group()).result_ids
        result.value = 0
        self.assertEqual(result.verdict, "failed")

    def test_a_limit_of_zero_is_a_limit(self):
        group = self._make_weight_group(lower_limit=0, upper_limit=False)
        self.assertEqual(group.line_ids.limits, "≥ 0.00 kg")
        result = self._order(group).result_ids
        result.value = -0.1
        self.assertEqual(result.verdict, "failed")

    def test_import_and_form_know_zero(self):
        order = self._order(self._make_weight_group(lower_limit=0))
        result = order.result_ids
        with Form(order) as form, form.result_ids.edit(0) as line:
            line.value = 0
            self.assertEqual(line.verdict, "passed")
        self.assertTrue(result.is_recorded)
        result.value = False
        loaded = result.load(["id", "value"], [[self._xmlid(result), "0"]])
        self.assertFalse(loaded["messages"])
        self.assertTrue(result.is_recorded)

    def _xmlid(self, record):
        data = self.env["ir.model.data"].create(
            {
                "module": "qms_quality",
                "name": f"test_{record.id}",
                "model": record._name,
                "res_id": record.id,
            }
        )
        return data.complete_name

    def test_limits_text(self):
        line = self.group.copy().line_ids[0]
        for lower, upper, text in (
            (4, 6, "4.00 – 6.00 kg"),
            (False, 6, "≤ 6.00 kg"),
            (4.125, False, "≥ 4.125 kg"),
            (False, False, "Any value"),
        ):
            line.write({"lower_limit": lower, "upper_limit": upper})
            self.assertEqual(line.limits, text)
        self.assertEqual(self.group.line_ids[2].limits, "Pass")

    def test_limits_rise(self):
        with self.assertRaises(ValidationError) as error:
            self.group.copy().line_ids[0].write({"lower_limit": 0, "target": -1})
        self.assertEqual(
            str(error.exception),
            "[WEIG] Weight: the lower limit, the target and the upper limit must rise"
            " in this order.",
        )

    def test_first_reading_starts_the_order(self):
        order = self._order()
        result = order.result_ids[0]
        result.value = 5
        self.assertEqual(order.state, "open")
        self.assertEqual(order.user_id, self.inspector)
        self.assertEqual(result.recorded_by_id, self.inspector)
        self.assertTrue(result.recorded_on)
        self.assertTrue(order.date_last_reading)

    def test_a_correction_keeps_the_earlier_reading(self):
        order = self._order()
        result = order.result_ids[0]
        result.value = 5
        self.assertFalse(result.is_corrected)
        result.write({"value": 3, "note": "read the wrong scale"})
        self.assertTrue(result.is_corrected)
        entry = self.env["qms.audit.entry"].search(
            [
                ("res_model", "=", result._name),
                ("res_id", "=", result.id),
                ("event", "=", "correct"),
                ("field_name", "=", "value"),
            ]
        )
        self.assertEqual(
            (entry.event, entry.old_value, entry.new_value, entry.reason),
            ("correct", "5.00 kg", "3.00 kg (Failed)", "read the wrong scale"),
        )
        self.assertEqual(entry.user_id, self.inspector)

    def test_a_judgement_takes_no_number(self):
        taste = self._order().result_ids[-1]
        with self.assertRaises(ValidationError) as error:
            taste.value = 1
        self.assertEqual(
            str(error.exception),
            "Taste takes Pass or Fail.",
        )

    def test_what_is_no_number_is_refused(self):
        result = self._order().result_ids[0]
        for value in (float("nan"), float("inf")):
            with self.assertRaises(ValidationError) as error:
                result.value = value
            self.assertEqual(str(error.exception), "Weight is not a number.")

    def test_readings_of_a_validated_order_stay(self):
        order = self._order()
        self._fill(order)
        order.action_validate()
        with self.assertRaises(UserError) as error:
            order.result_ids[0].value = 1
        self.assertEqual(
            str(error.exception),
            "The tests and readings of these orders can't be changed any more:"
            f" {order.name} (Validated). A quality manager can reopen them.",
        )
        with self.assertRaises(UserError):
            order.test_group_ids |= self._make_weight_group()

    def test_readings_and_tests_are_not_made_or_deleted_by_hand(self):
        order = self._order()
        result = order.result_ids[0].with_user(self.manager)
        values = {"order_id": order.id, "test_line_id": result.test_line_id.id}
        with self.assertRaises(AccessError):
            result.create(values)
        with self.assertRaises(AccessError):
            result.unlink()
        with self.assertRaises(AccessError):
            result.test_line_id.unlink()
        with self.assertRaises(AccessError):
            result.test_line_id.lower_limit = 0
        # nor by the superuser's hand: the limits are evidence
        with self.assertRaises(AccessError):
            result.sudo().test_line_id.lower_limit = 0
        with self.assertRaises(AccessError):
            result.sudo().unlink()
        for name, value in (
            ("verdict", "passed"),
            ("is_recorded", True),
            ("recorded_by_id", self.manager.id),
            ("is_corrected", False),
            ("lot_id", False),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                result.write({name: value})
