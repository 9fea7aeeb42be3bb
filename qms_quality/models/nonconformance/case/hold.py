from odoo import api, models


class QmsHold(models.Model):
    """Goods of a failed order that come later are held by its case, as the others."""

    _inherit = "qms.hold"

    @api.model
    def _place(self, vals_list, exact=False):
        holds = super()._place(vals_list, exact)
        self.env["qms.quality.order"]._pass_to_cases(holds)
        return holds
