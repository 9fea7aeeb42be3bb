from odoo import fields, models

MOMENTS = [
    ("both", "When lots are entered, and when goods are posted"),
    ("posting", "When goods are posted"),
    ("record", "Never: departures are only recorded"),
]


class StockPickingType(models.Model):
    """When goods of an operation type are held to what is required."""

    _inherit = "stock.picking.type"

    qms_requirement_moment = fields.Selection(
        MOMENTS,
        "Check Requirements",
        help="When goods that don't meet a requirement are refused, or held where they"
        " come in. Empty: as the company has it. Every departure is recorded.",
    )

    def _qms_get_moment(self):
        """Return the moment that counts for this operation type."""
        # sudo: a setting, for everyone
        kind = self.sudo()
        company = kind.company_id or self.env.company
        return kind.qms_requirement_moment or company.qms_requirement_moment

    def _qms_enforces(self):
        """Tell whether goods that depart are refused or held at all."""
        return self._qms_get_moment() != "record"
