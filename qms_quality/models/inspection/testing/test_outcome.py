from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsTestOutcome(models.Model):
    """One outcome of a variable. Once read, it stays what it was."""

    _name = "qms.test.outcome"
    _description = "Test Outcome"
    _inherit = ["qms.audit.mixin"]
    _order = "variable_id, sequence, id"

    variable_id = fields.Many2one(
        "qms.test.variable", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="variable_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(required=True, translate=True)
    verdict = fields.Selection(
        [("passed", "Pass"), ("failed", "Fail")],
        string="Result",
        required=True,
        default="passed",
    )

    _name_uniq = models.Constraint(
        "unique(variable_id, name)", "A variable has each outcome once."
    )

    def write(self, vals):
        if {"name", "verdict", "variable_id"} & vals.keys():
            self._check_unread()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unread_only(self):
        self._check_unread()

    def _check_unread(self):
        """Refuse to change what readings say.

        :raise UserError: names the outcomes that were read
        """
        # sudo: a reading of another company counts as well
        groups = (
            self.env["qms.quality.order.result"]
            .sudo()
            ._read_group([("outcome_id", "in", self.ids)], ["outcome_id"])
        )
        if groups:
            raise UserError(
                self.env._(
                    "Readings say: %(outcomes)s. What was read stays as it was. Add"
                    " another outcome instead.",
                    outcomes=", ".join(outcome.name for (outcome,) in groups),
                )
            )
