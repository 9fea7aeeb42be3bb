from odoo import fields, models

from .complaint import COMPLAINT

MAKES = {"order": "qms.quality.order", "complaint": "qms.nonconformance"}


class QmsQualityTeam(models.Model):
    """What a mail to a team's address makes."""

    _inherit = "qms.quality.team"

    alias_makes = fields.Selection(
        [("order", "A quality order"), ("complaint", "A customer complaint")],
        string="A Mail Makes",
        required=True,
        default="order",
    )

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id(
            MAKES[self.alias_makes or "order"]
        )
        if self.id and self.alias_makes == "complaint":
            defaults = {"team_id": self.id, "type": COMPLAINT}
            values["alias_defaults"] = repr(defaults)
        return values

    def write(self, vals):
        """Let the address make what the team says now."""
        res = super().write(vals)
        if "alias_makes" in vals:
            for team in self.filtered("alias_id"):
                # sudo: as the mixin does; the right was that to write the team
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return res
