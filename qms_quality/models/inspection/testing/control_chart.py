from odoo import api, models
from odoo.fields import Domain

from ..test_kinds import NUMERIC
from .nelson import find_signals, get_centre

SIZE = 100
MAX_SIZE = 1000
_LIMITS = ("target", "lower_limit", "upper_limit", "lower_warning", "upper_warning")


class QmsTest(models.Model):
    """The last readings of a test for a product, and what they tell."""

    _inherit = "qms.test"

    @api.model
    @api.readonly
    def get_control_chart_choices(self, model, res_id):
        """Return which charts there are for a record.

        :param str model: ``qms.test``, ``qms.quality.order``, ``product.product`` or
            ``product.template``
        :param int res_id: its id
        :return: list of ``{"test_id", "product_id", "label"}``
        """
        domain = self._get_chart_choices_domain(model, res_id)
        if domain is None:
            return []
        groups = self.env["qms.quality.order.result"]._read_group(
            domain & self._get_chart_domain(), ["test_id", "product_id"]
        )
        several = len({product for _test, product in groups}) > 1
        return [
            {
                "test_id": test.id,
                "product_id": product.id,
                "label": self._get_chart_label(model, test, product, several),
            }
            for test, product in groups
        ]

    def _get_chart_label(self, model, test, product, several):
        if model == "qms.test":
            return product.display_name
        return f"{test.name} · {product.display_name}" if several else test.name

    @api.model
    def _get_chart_choices_domain(self, model, res_id):
        if not isinstance(res_id, int):
            return None
        if model == "qms.quality.order":
            order = self.env[model].browse(res_id).exists()
            return Domain("product_id", "=", order.product_id.id) & Domain(
                "test_id", "in", order.test_ids.test_id.ids
            )
        names = {
            "qms.test": "test_id",
            "product.product": "product_id",
            "product.template": "product_id.product_tmpl_id",
        }
        return Domain(names[model], "=", res_id) if model in names else None

    @api.model
    def _get_chart_domain(self):
        """Return the domain of the readings that a chart shows: the values judged."""
        return (
            Domain("verdict", "!=", False)
            & Domain("problem", "=", False)
            & Domain("test_line_id.test_type", "in", sorted(NUMERIC))
        )

    @api.readonly
    def get_control_chart(self, product_id, size=SIZE):
        """Return the last readings of this test for a product, the oldest first.

        :param int product_id: ``product.product``
        :param int size: how many readings, at most 1,000
        :return: dict of ``points``, the limits of the last order, ``mean``, ``sigma``
            and ``unit``
        """
        self.ensure_one()
        size = min(max(int(size), 1), MAX_SIZE)
        results = self.env["qms.quality.order.result"].search_fetch(
            Domain("test_id", "=", self.id)
            & Domain("product_id", "=", product_id)
            & Domain("verdict", "!=", False)
            & Domain("problem", "=", False),
            ["value", "uom_id", "verdict", "is_warning", "recorded_on"]
            + ["order_id", "lot_id", "test_line_id"],
            order="recorded_on desc, id desc",
            limit=size,
        )
        return self._prepare_chart(results[::-1])

    def _prepare_chart(self, results):
        line = results[-1:].test_line_id
        results = results.filtered(lambda one: one.value is not False)
        values = [line._convert(one.value, one.uom_id) for one in results]
        mean, sigma = get_centre(values)
        signals = find_signals(values, mean, sigma)
        return {
            "unit": line.uom_id.name or "",
            "decimals": line.decimals,
            "mean": mean,
            "sigma": sigma,
            **{name: line[name] for name in _LIMITS},
            "points": [
                result._prepare_chart_point(value, rules)
                for result, value, rules in zip(results, values, signals, strict=True)
            ],
        }
