from .common_sampling import SamplingCase


class DayCase(SamplingCase):
    """What comes to the bench: orders of all types of tests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["qms.quality.order"].with_user(cls.inspector)
        cls.tint = cls.env["qms.test.variable"].create(
            {
                "name": "Colour",
                "outcome_ids": [
                    (0, 0, {"name": "White", "verdict": "passed"}),
                    (0, 0, {"name": "Grey", "verdict": "failed"}),
                ],
            }
        )
        cls.kinds = {
            "colour": {"test_type": "qualitative", "variable_id": cls.tint.id},
            "bumps": {"test_type": "attribute", "defect_class": "minor"},
            "remark": {"test_type": "text"},
            "born": {"test_type": "date"},
            "photo": {"test_type": "picture"},
            "double": {"test_type": "calculated", "formula": "WEIG * 2"},
        }

    def _order(self, group=None, **kwargs):
        """Receive goods; return their order, as the inspector."""
        product = kwargs.get("product", self.product)
        self._associate(group or self.group, product_ids=product.ids)
        return self._receive_order(**kwargs).with_user(self.inspector)

    def _order_of_all_kinds(self, **kwargs):
        """Return an order with a test of each type; the weight has two readings."""
        lines = [
            {"test_id": self._make_test(name.capitalize(), **vals).id}
            for name, vals in self.kinds.items()
        ]
        weight = {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6}
        group = self._make_group("All kinds", weight, *lines)
        return self._order(group, **kwargs)

    def _refused(self, message, function, *arguments, error=Exception):
        """Check that a call is refused with a message, and nothing was written."""
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            function(*arguments)
        self.assertEqual(str(caught.exception), message)
        return caught.exception

    def _values(self, order):
        """Return what the readings of an order say, by label."""
        order.invalidate_recordset()
        return {
            one.display_name: one._get_value_text()
            for one in order.result_ids
            if one.is_recorded
        }
