from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsTestVariable(models.Model):
    """What a choice is about: a list of outcomes, each of which passes or fails."""

    _name = "qms.test.variable"
    _description = "Test Variable"
    _inherit = ["qms.audit.mixin"]
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    outcome_ids = fields.One2many("qms.test.outcome", "variable_id", string="Outcomes")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: usable in all companies."
    )

    @api.constrains("outcome_ids")
    def _check_outcomes(self):
        for variable in self:
            if not variable.outcome_ids:
                raise ValidationError(
                    self.env._(
                        "%s has no outcomes. Add at least one that passes.",
                        variable.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        variables = super().create(vals_list)
        # without a value for the list, the constraint is not asked
        variables._check_outcomes()
        return variables
