from odoo import api, fields, models

from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """Tests that are due several times for the goods of one order."""

    _inherit = "qms.quality.order"

    sequence_count = fields.Integer(
        string="Tests Due",
        readonly=True,
        copy=False,
        default=1,
        help="How often each test is due, by the frequency of the rule.",
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"sequence_count"}

    def _prepare_manual_values(self, vals):
        return {**super()._prepare_manual_values(vals), "sequence_count": 1}

    def _add_sequences(self, count):
        """Let the tests of this order fall due so often again: further readings."""
        self.ensure_one()
        if count <= 0:
            return
        before, after = self.sequence_count, self.sequence_count + count
        tests = self.test_ids.filtered(lambda test: test.test_type != "calculated")
        numbers = {test: test.reading_number for test in tests}
        # sudo: whoever receives goods lets readings fall due by doing so
        order = trusted(self.sudo())
        order.sequence_count = after
        for test, number in numbers.items():
            trusted(test.sudo()).reading_number = min(number // before * after, 1000)
        order.result_ids.create(
            [
                values
                for target in order._get_reading_targets()
                for test, number in numbers.items()
                for values in test._prepare_result_values(target)
                if values["number"] > number
            ]
        )
