from odoo import fields, models


class QmsNonconformance(models.Model):
    """Cases name the deviations that they came from."""

    _inherit = "qms.nonconformance"

    deviation_ids = fields.One2many(
        "qms.deviation", "nonconformance_id", "Deviations", readonly=True
    )
    deviation_count = fields.Integer(compute="_compute_deviation_count")

    def _compute_deviation_count(self):
        for case in self:
            case.deviation_count = len(case.deviation_ids)

    def action_open_deviations(self):
        """List the deviations of these cases."""
        deviations = self.env["qms.deviation"]
        return deviations._get_list_action([("nonconformance_id", "in", self.ids)])
