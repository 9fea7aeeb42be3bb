from odoo import fields, models


class QmsHoldWizard(models.TransientModel):
    """Goods are held because of a nonconformance."""

    _inherit = "qms.hold.wizard"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance", string="Because of Nonconformance", readonly=True
    )

    def _check_complete(self, mode):
        # the dialog's records can be written by a client, so nothing in them is a right
        self.nonconformance_id.sudo(False)._check_holding()
        return super()._check_complete(mode)

    def _prepare_hold(self, scope):
        vals = super()._prepare_hold(scope)
        if self.nonconformance_id:
            document = self.nonconformance_id._prepare_hold_values(self.status_id)
            names = ("res_model", "res_id", "company_id")
            vals.update({name: document[name] for name in names})
        return vals
