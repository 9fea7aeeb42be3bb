from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsQualityAssociation(models.Model):
    """By which quality plan the orders of a rule are judged."""

    _inherit = "qms.quality.association"

    plan_code = fields.Char(
        string="Quality Plan",
        help="Code of the plan that judges the orders of this rule. Empty: the most"
        " specific plan in force for the goods, if any.",
    )

    @api.constrains("plan_code", "company_id")
    def _check_plan_code(self):
        # sudo: a plan that the user may not read exists nevertheless
        plans = self.env["qms.quality.plan"].sudo().with_context(active_test=False)
        for rule in self.filtered("plan_code"):
            domain = [("code", "=", rule.plan_code)]
            if rule.company_id:
                domain.append(("company_id", "=", rule.company_id.id))
            if not plans.search_count(domain, limit=1):
                raise ValidationError(
                    self.env._(
                        "%(rule)s: there is no quality plan with the code %(code)s.",
                        rule=rule.name,
                        code=rule.plan_code,
                    )
                )
