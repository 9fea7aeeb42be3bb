from odoo import api, models


class QmsLotLink(models.Model):
    """What is made of recalled goods is recalled, too."""

    _inherit = "qms.lot.link"

    @api.model
    def _qms_after_linking(self, links):
        res = super()._qms_after_linking(links)
        self.env["qms.recall"]._join(links)
        return res
