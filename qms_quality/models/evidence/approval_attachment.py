from odoo import api, models


class IrAttachment(models.Model):
    """Files are part of what is approved: adding or removing one changes it."""

    _inherit = "ir.attachment"

    @api.model_create_multi
    def create(self, vals_list):
        attachments = super().create(vals_list)
        attachments._qms_tell_records(attachments._qms_get_guarded())
        return attachments

    def write(self, vals):
        before = self._qms_get_guarded()
        res = super().write(vals)
        after = self._qms_get_guarded()
        self._qms_tell_records(before | after)
        return res

    def unlink(self):
        before = self._qms_get_guarded()
        res = super().unlink()
        self._qms_tell_records(before)
        return res

    def _qms_get_guarded(self):
        """Return the guarded records that have these files: ``{(model, id)}``."""
        guarded = self.env["qms.approval.rule"]._get_guarded_models()
        if not guarded:
            return set()
        # sudo: whoever changes a file changes what was to be approved
        return {
            (one.res_model, one.res_id)
            for one in self.sudo()
            if one.res_model in guarded and one.res_id and not one.res_field
        }

    @api.model
    def _qms_tell_records(self, pairs):
        for model, res_id in pairs:
            self.env[model].browse(res_id)._qms_content_changed()
