import logging
from time import perf_counter

from odoo.tests import BaseCase, tagged

from ..models.inspection.testing.nelson import find_signals, get_centre
from .common_inspection import InspectionCase

_logger = logging.getLogger(__name__)


@tagged("post_install", "-at_install")
class TestNelson(BaseCase):
    """The rules on series that were made to break one of them."""

    def _find(self, values):
        found = find_signals(values, 0, 1)
        return {rule for rules in found for rule in rules}, found

    def test_each_rule(self):
        noise = [0.3, -0.2, -0.4, 0.5, 0.1, -0.6, 0.2]
        for values, rule, where in (
            ([*noise, 3.1], 1, 7),
            ([-0.1, *[0.2, 0.1] * 4, 0.3], 2, 9),
            ([0.5, -0.5, -0.4, -0.1, 0.2, 0.4, 0.6], 3, 6),
            ([-v for v in [0.5, -0.5, -0.4, -0.1, 0.2, 0.4, 0.6]], 3, 6),
            ([0.1, -0.1] * 7, 4, 13),
        ):
            rules, found = self._find(values)
            self.assertEqual(rules, {rule})
            self.assertEqual([i for i, one in enumerate(found) if one], [where])

    def test_one_short_of_each_rule(self):
        for values in (
            [2.9, -0.1],
            [-0.1, *[0.2, 0.1] * 4],
            [0.5, -0.5, -0.4, -0.1, 0.2, 0.4],
            [0.1, -0.1] * 6 + [0.1],
            [0.1, 0.1, 0.1, -0.1, 0.0],
        ):
            self.assertEqual(self._find(values)[0], set())

    def test_centre(self):
        self.assertEqual(get_centre([]), (0, 0))
        mean, sigma = get_centre([1, 3, 2])
        self.assertEqual(mean, 2)
        self.assertAlmostEqual(sigma, 1.5 / 1.128)


@tagged("post_install", "-at_install")
class TestControlChart(InspectionCase):
    """The last readings of a test for a product."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        line = {
            "test_id": cls.weight.id,
            "lower_limit": 4,
            "lower_warning": 4.5,
            "target": 5,
            "upper_limit": 6,
        }
        cls._associate(cls._make_group("Chart", line), product_ids=cls.product.ids)

    def _read(self, *values):
        for number, value in enumerate(values):
            order = self._receive_order(lots=[f"C{number}"])
            order.with_user(self.inspector).result_ids.value = value
        return order

    def test_readings_limits_and_units(self):
        order = self._read(5, 4.2, 3)
        last = order.with_user(self.inspector).result_ids
        last.write({"value": 5500, "uom_id": self.gram.id})
        weight = self.weight.with_user(self.inspector)
        chart = weight.get_control_chart(self.product.id)
        self.assertEqual([point["value"] for point in chart["points"]], [5, 4.2, 5.5])
        self.assertEqual(
            [point["is_warning"] for point in chart["points"]], [False, True, False]
        )
        self.assertEqual(chart["points"][2]["label"], f"{order.name} · C2")
        self.assertEqual(
            [chart[name] for name in ("target", "lower_limit", "lower_warning")],
            [5, 4, 4.5],
        )
        self.assertIs(chart["upper_warning"], False)
        self.assertEqual(chart["unit"], "kg")
        self.assertAlmostEqual(chart["mean"], 4.9)
        chart = weight.get_control_chart(self.product.id, 2)
        self.assertEqual([point["value"] for point in chart["points"]], [4.2, 5.5])

    def test_signals_are_marked(self):
        line = {"test_id": self.fat.id, "reading_number": 11}
        group = self._make_group("Fat", line)
        self._associate(group, product_ids=self.untracked.ids)
        order = self._receive_order(lots=None, product=self.untracked)
        # ten about 5, which are all below the mean because of the last one
        values = [*[5, 5.1] * 5, 9]
        results = order.with_user(self.inspector).result_ids
        for result, value in zip(results, values, strict=True):
            result.value = value
        fat = self.fat.with_user(self.inspector)
        points = fat.get_control_chart(self.untracked.id)["points"]
        self.assertEqual([point["value"] for point in points], values)
        self.assertEqual(
            [point["rules"] for point in points], [[]] * 8 + [[2], [2], [1]]
        )

    def test_it_is_where_one_looks_for_it(self):
        for model in (
            "qms.test",
            "qms.quality.order",
            "product.product",
            "product.template",
        ):
            with self.subTest(model):
                view = self.env[model].with_user(self.inspector).get_view()
                self.assertIn('widget name="qms_control_chart"', view["arch"])

    def test_choices(self):
        order = self._read(5)
        tests = self.env["qms.test"].with_user(self.inspector)
        for record, label in (
            (self.weight, "Milk"),
            (order, "Weight"),
            (self.product, "Weight"),
            (self.product.product_tmpl_id, "Weight"),
        ):
            self.assertEqual(
                tests.get_control_chart_choices(record._name, record.id),
                [
                    {
                        "test_id": self.weight.id,
                        "product_id": self.product.id,
                        "label": label,
                    }
                ],
            )
        self.assertEqual(tests.get_control_chart_choices("res.users", 1), [])
        self.assertEqual(tests.get_control_chart_choices("qms.test", [1]), [])

    def test_a_hundred_thousand_readings(self):
        order = self._read(5)
        self.env.flush_all()
        result = order.result_ids
        skipped = {"id", "value", "recorded_on"}
        names = [
            field.name
            for field in result._fields.values()
            if field.store and field.column_type and field.name not in skipped
        ]
        columns = ", ".join(f'"{name}"' for name in names)
        self.env.cr.execute(
            f"""INSERT INTO qms_quality_order_result (value, recorded_on, {columns})
                SELECT 5 + sin(n), now() - n * interval '1 minute', {columns}
                FROM qms_quality_order_result, generate_series(1, 100000) n
                WHERE id = %s""",
            [result.id],
        )
        self.env.cr.execute("ANALYZE qms_quality_order_result")
        weight = self.weight.with_user(self.inspector)
        counts = []
        for size in (100, 1000):
            self.env.invalidate_all()
            queries, start = self.env.cr.sql_log_count, perf_counter()
            chart = weight.get_control_chart(self.product.id, size)
            seconds = perf_counter() - start
            counts.append(self.env.cr.sql_log_count - queries)
            self.assertEqual(len(chart["points"]), size)
            self.assertLess(seconds, 0.3)
            _logger.info("%s of 100,001 readings in %.0f ms", size, 1000 * seconds)
        # what a chart needs doesn't depend on its size
        self.assertLessEqual(counts[1], counts[0])
        self.assertLess(counts[0], 25)
        start = perf_counter()
        self.env["qms.test"].with_user(self.inspector).get_control_chart_choices(
            "qms.test", self.weight.id
        )
        self.assertLess(perf_counter() - start, 0.3)
