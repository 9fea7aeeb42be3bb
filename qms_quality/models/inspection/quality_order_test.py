from odoo import api, fields, models


class QmsQualityOrderTest(models.Model):
    """A test with the limits that held when the quality order was made."""

    _name = "qms.quality.order.test"
    _description = "Quality Order Test"
    _inherit = ["qms.protected.mixin", "qms.test.limits.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "order_id"
    _order = "spec_id, sequence, id"
    _check_company_auto = True

    spec_id = fields.Many2one(
        "qms.quality.order.spec", required=True, index=True, ondelete="cascade"
    )
    order_id = fields.Many2one(
        "qms.quality.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    name = fields.Char(required=True)
    test_type = fields.Selection(selection="_selection_test_type", string="Type")
    instructions = fields.Html()
    result_ids = fields.One2many(
        "qms.quality.order.result", "test_line_id", string="Readings"
    )
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        compute="_compute_verdict",
        store=True,
    )
    recorded_count = fields.Integer(compute="_compute_recorded")
    missing_count = fields.Integer(compute="_compute_recorded")

    @api.model
    def _selection_test_type(self):
        field = self.env["qms.test"]._fields["test_type"]
        return field._description_selection(self.env)

    @api.depends("result_ids.is_recorded")
    def _compute_recorded(self):
        for test in self:
            test.recorded_count = len(test.result_ids.filtered("is_recorded"))
            test.missing_count = len(test.result_ids) - test.recorded_count

    def _qms_get_repeated_names(self):
        # a test with one reading passes and fails with it
        readings = self.result_ids
        is_same = len(readings) == 1 and readings.verdict == self.verdict
        return ("verdict",) if is_same else ()

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "The tests of a quality order are a copy of its test groups, and"
            " stay as they were copied."
        )

    def _make_results(self):
        """Make the empty readings to fill: one per reading, of all that is read."""
        self.env["qms.quality.order.result"].create(
            [
                values
                for order, tests in self.grouped("order_id").items()
                for target in order._get_reading_targets()
                for test in tests
                for values in test._prepare_result_values(target)
            ]
        )

    def _prepare_result_values(self, target):
        """Return the values of the readings of what is read.

        :param dict target: values that say what is read
        """
        return [
            {
                "order_id": self.order_id.id,
                "test_line_id": self.id,
                "number": number,
                "uom_id": self.uom_id.id,
                **target,
            }
            for number in range(1, self.reading_number + 1)
        ]
