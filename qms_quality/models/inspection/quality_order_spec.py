from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sentinel import is_trusted, trusted


class QmsQualityOrderSpec(models.Model):
    """A test group as it was when it was copied onto a quality order."""

    _name = "qms.quality.order.spec"
    _description = "Quality Order Specification"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "order_id"
    _order = "order_id, id"
    _check_company_auto = True
    _rec_name = "name"

    order_id = fields.Many2one(
        "qms.quality.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    test_group_id = fields.Many2one(
        "qms.test.group",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    name = fields.Char(readonly=True)
    failed_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Status when Failed",
        readonly=True,
        ondelete="restrict",
    )
    instructions = fields.Html(readonly=True)
    test_ids = fields.One2many(
        "qms.quality.order.test", "spec_id", string="Tests", readonly=True
    )
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")],
        compute="_compute_verdict",
        store=True,
    )

    _group_uniq = models.Constraint(
        "unique(order_id, test_group_id)",
        "A quality order holds each test group once.",
    )

    @api.depends("test_ids.verdict", "test_ids.required")
    def _compute_verdict(self):
        for spec in self:
            spec.verdict = spec._get_verdict()

    @api.model_create_multi
    def create(self, vals_list):
        """Copy the test groups: their tests with limits, and an empty reading each.

        :raise UserError: if one doesn't name its order and its test group
        """
        self._check_named(vals_list)
        orders = self.env["qms.quality.order"].browse(
            [vals["order_id"] for vals in vals_list]
        )
        orders._check_editable()
        # what is copied comes from the group, not from the caller
        vals_list = [self._prepare_snapshot_values(vals) for vals in vals_list]
        # the copies below are protected: the caller's rights were those on the spec
        specs = super().create(vals_list)
        trusted(specs.sudo())._copy_tests()
        return specs

    @api.model
    def _check_named(self, vals_list):
        keys = ("order_id", "test_group_id")
        given = [vals.get(key) for vals in vals_list for key in keys]
        if any(type(one) is not int or one <= 0 for one in given):
            raise UserError(
                self.env._(
                    "A specification needs its quality order and its test group, by"
                    " their ids."
                )
            )

    def _prepare_snapshot_values(self, vals):
        group = self.env["qms.test.group"].browse(vals["test_group_id"])
        return {
            "order_id": vals["order_id"],
            "test_group_id": group.id,
            "name": group.name,
            "failed_status_id": group.sudo().failed_status_id.id,
            "instructions": group.instructions,
        }

    def _copy_tests(self):
        today = fields.Date.context_today(self)
        tests = self.env["qms.quality.order.test"].create(
            [
                line._prepare_order_test_values(spec)
                for spec in self
                for line in spec.test_group_id.line_ids._filter_effective(today)
            ]
        )
        tests._make_results()

    def write(self, vals):
        if not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "A specification is a copy, and stays as it was copied. Add another"
                    " test group to the order instead."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_recorded(self):
        self.order_id._check_editable()
        recorded = self.test_ids.result_ids.filtered("is_recorded")
        if recorded:
            raise UserError(
                self.env._(
                    "Readings were taken for: %(groups)s. It stays on the order.",
                    groups=", ".join(recorded.test_line_id.spec_id.mapped("name")),
                )
            )
