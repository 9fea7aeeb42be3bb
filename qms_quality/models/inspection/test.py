from odoo import api, fields, models
from odoo.exceptions import UserError

from .test_kinds import TEST_TYPES


class QmsTest(models.Model):
    """What can be measured or judged, apart from any product and its limits."""

    _name = "qms.test"
    _description = "Quality Test"
    _inherit = ["qms.audit.mixin"]
    _order = "code, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    active = fields.Boolean(default=True)
    test_type = fields.Selection(
        TEST_TYPES,
        string="Type",
        required=True,
        default="quantitative",
        help="Measurement: a number, compared with limits.\n"
        "Choice: one of the outcomes of a variable, each of which passes or fails.\n"
        "Defect count: how many defects were found, against an acceptable number.\n"
        "Pass / Fail: the inspector judges.\n"
        "Text, Date, Picture: recorded, and passed by being there.\n"
        "Calculated: worked out from other tests, and compared with limits.",
    )
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        ondelete="restrict",
        help="The unit that readings are entered in, unless a test group or a reading"
        " says otherwise. Empty for figures without one, such as pH.",
    )
    decimals = fields.Integer(
        default=2,
        help="How many decimals are shown. Readings are kept and compared as entered.",
    )
    instructions = fields.Html(
        translate=True, help="How to do the test; shown to the inspector."
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: usable in all companies."
    )
    group_line_ids = fields.One2many(
        "qms.test.group.line", "test_id", string="Used in Test Groups"
    )

    _code_uniq = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))", "A test with this code exists already."
    )
    _decimals_check = models.Constraint(
        "CHECK(decimals BETWEEN 0 AND 9)", "A test shows between 0 and 9 decimals."
    )

    @api.depends("name", "code")
    def _compute_display_name(self):
        for test in self:
            test.display_name = f"[{test.code}] {test.name}" if test.code else test.name

    @api.onchange("test_type")
    def _onchange_test_type(self):
        if self.test_type not in ("quantitative", "calculated"):
            self.uom_id = False

    def write(self, vals):
        if "test_type" in vals:
            self._check_type_free(vals["test_type"])
        return super().write(vals)

    def _check_type_free(self, test_type):
        """Refuse to turn a measurement into a judgement where groups have limits."""
        used = self.filtered(
            lambda test: test.test_type != test_type and test.sudo().group_line_ids
        )
        if used:
            raise UserError(
                self.env._(
                    "The type of these tests can't be changed, test groups use them:"
                    " %(tests)s. Archive the test and make a new one.",
                    tests=", ".join(used.mapped("display_name")),
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "code" in (default or {}):
            return vals_list
        return [
            dict(vals, code=self.env._("%s (copy)", test.code))
            for test, vals in zip(self, vals_list, strict=True)
        ]
