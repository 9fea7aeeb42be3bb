from odoo import api, models


class QmsCertificatePart(models.AbstractModel):
    """A part of a certificate: written with it, and never by hand."""

    _name = "qms.certificate.part"
    _description = "Part of a Certificate"
    _inherit = ["qms.audit.mixin"]
    _qms_audit_whole = "certificate_id"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["qms.certificate"]._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        self.env["qms.certificate"]._check_trusted()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_trusted_only(self):
        self.env["qms.certificate"]._check_trusted()
