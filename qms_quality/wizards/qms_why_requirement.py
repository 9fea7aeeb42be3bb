from odoo import api, models

from ..models.requirement.checking.qrs_ignore import GROUP


class QmsWhy(models.TransientModel):
    """Says of what isn't held which order asks for it, and who may ignore that."""

    _inherit = "qms.why"

    @api.model
    def _prepare_line(self, quant, reason):
        vals = super()._prepare_line(quant, reason)
        if not reason.judgement:
            return vals
        copy = reason.judgement.criterion.line_id
        # sudo: who asks need not be allowed to read groups
        group = self.env.ref(GROUP).sudo().display_name
        return {**vals, "document_name": copy.document_name, "release_group": group}
