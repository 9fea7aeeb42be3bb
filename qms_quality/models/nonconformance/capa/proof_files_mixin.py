from odoo import api, models


class QmsProofFilesMixin(models.AbstractModel):
    """Files that prove something: they belong to the record that they are given for."""

    _name = "qms.proof.files.mixin"
    _description = "Record with Files that Prove it"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        records._bind_files()
        return records

    def write(self, vals):
        res = super().write(vals)
        if "attachment_ids" in vals:
            self._bind_files()
        return res

    def _bind_files(self):
        """Let files that were uploaded for these records be read by who reads them."""
        for record in self:
            # sudo: who gives a file for proof need not write the record itself
            loose = record.attachment_ids.sudo().filtered(
                lambda file: not file.res_id and file.create_uid == self.env.user
            )
            loose.write({"res_model": self._name, "res_id": record.id})

    def _get_given_files(self):
        """Return the files that are part of a proof, and stay as they are."""
        return self.attachment_ids
