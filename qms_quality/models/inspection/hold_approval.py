from odoo import models


class QmsHold(models.Model):
    """Releasing what a quality order holds concludes the work of its inspectors.

    Who placed a hold by hand may approve its release: he raised the doubt, and is often
    who can settle it. Placing restricts; what needs four eyes is to release.
    """

    _inherit = "qms.hold"

    def _qms_get_involved_users(self, action):
        involved = super()._qms_get_involved_users(action)
        holds = self.filtered(lambda hold: hold.res_model == "qms.quality.order")
        orders = self.env["qms.quality.order"].browse(holds.mapped("res_id"))
        return involved | orders.exists()._qms_get_involved_users(action)
