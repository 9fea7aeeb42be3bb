from odoo import fields, models


class QmsTestGroup(models.Model):
    """A reusable specification: tests with their limits, copied onto each order."""

    _name = "qms.test.group"
    _description = "Test Group"
    _inherit = ["mail.thread", "mail.activity.mixin", "qms.guarded.mixin"]
    _order = "sequence, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    line_ids = fields.One2many(
        "qms.test.group.line", "group_id", string="Tests", copy=True
    )
    test_count = fields.Integer(compute="_compute_test_count")
    failed_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Status when Failed",
        required=True,
        tracking=True,
        ondelete="restrict",
        default=lambda self: self._default_failed_status(),
        help="The goods of an order that failed are held in this status.",
    )
    instructions = fields.Html(
        translate=True, help="Shown to the inspector on top of the tests."
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: usable in all companies."
    )

    def _default_failed_status(self):
        return self.env.ref("qms_quality.status_on_hold", raise_if_not_found=False)

    def _compute_test_count(self):
        counts = dict(
            self.env["qms.test.group.line"]._read_group(
                [("group_id", "in", self.ids)], ["group_id"], ["__count"]
            )
        )
        for group in self:
            group.test_count = counts.get(group._origin, 0)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "name" in (default or {}):
            return vals_list
        return [
            dict(vals, name=self.env._("%s (copy)", group.name))
            for group, vals in zip(self, vals_list, strict=True)
        ]
