from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.qms_quality.models.sentinel import is_trusted

NAME = "qms_expiry_decision_id"


class QmsExpiryCarryingMixin(models.AbstractModel):
    """What carries out a decision on goods near their date, made by deciding only."""

    _name = "qms.expiry.carrying.mixin"
    _description = "Carries out a Decision on Goods near Expiry"

    qms_expiry_decision_id = fields.Many2one(
        "qms.expiry.decision",
        string="Near Expiry",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The decision about goods near their date that this carries out.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get(NAME) for vals in vals_list):
            self._qms_check_decision()
        if f"default_{NAME}" in self.env.context:
            self = self.with_context(**{f"default_{NAME}": False})
        return super().create(vals_list)

    def write(self, vals):
        if NAME in vals:
            self._qms_check_decision()
        return super().write(vals)

    def _qms_check_decision(self):
        """Refuse to say by hand that something carries out a decision."""
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "What carries out a decision on goods near their date is made by"
                    " deciding, so that no other goods leave in its name."
                )
            )
