from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..optional_float import OptionalFloat

MEASURED = ("quantitative", "calculated")


class QmsCertificateRuleLine(models.Model):
    """What the certificates of a customer say of one test."""

    _name = "qms.certificate.rule.line"
    _description = "Certificate Rule, Test"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "rule_id"
    _order = "rule_id, sequence, id"
    _check_company_auto = True
    _rec_name = "test_id"

    sequence = fields.Integer(default=10)
    rule_id = fields.Many2one(
        "qms.certificate.rule", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="rule_id.company_id", store=True)
    test_id = fields.Many2one(
        "qms.test", required=True, index=True, ondelete="cascade", check_company=True
    )
    test_type = fields.Selection(related="test_id.test_type")
    uom_id = fields.Many2one(related="test_id.uom_id")
    decimals = fields.Integer(related="test_id.decimals")
    leave_out = fields.Boolean(help="The test isn't on the certificate.")
    lower_limit = OptionalFloat(
        aggregator=None,
        help="What the customer asks for at least, in the test's unit. Goods outside"
        " get no certificate for him.",
    )
    upper_limit = OptionalFloat(
        aggregator=None,
        help="What the customer asks for at most, in the test's unit. Goods outside"
        " get no certificate for him.",
    )
    hide_limits = fields.Boolean(help="The result is printed without its limits.")
    result_text = fields.Char(
        translate=True,
        help="Printed instead of the readings, such as “conforms”.",
    )

    _test_uniq = models.Constraint(
        "unique(rule_id, test_id)", "A rule names each test once."
    )

    @api.constrains("lower_limit", "upper_limit", "test_id")
    def _check_limits(self):
        for line in self.filtered(lambda one: one._has_limits()):
            if line.test_type not in MEASURED:
                problem = self.env._("only measured and calculated values have limits")
            elif line._is_upside_down():
                problem = self.env._("the lower limit is above the upper limit")
            else:
                continue
            raise ValidationError(
                self.env._(
                    "%(test)s: %(problem)s.",
                    test=line.test_id.display_name,
                    problem=problem,
                )
            )

    def _get_limits(self):
        return [self.lower_limit, self.upper_limit]

    def _has_limits(self):
        """Tell whether the customer has limits of his own for this test."""
        return any(limit is not False for limit in self._get_limits())

    def _is_upside_down(self):
        known = [limit for limit in self._get_limits() if limit is not False]
        return known != sorted(known)
