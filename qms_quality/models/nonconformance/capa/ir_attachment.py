from odoo import models
from odoo.exceptions import UserError

from ...sentinel import is_trusted

PROVING = ("qms.capa.action", "qms.duty.proof")


class IrAttachment(models.Model):
    """Files that prove that something was done are kept."""

    _inherit = "ir.attachment"

    def write(self, vals):
        content = {"raw", "datas", "db_datas", "store_fname", "name", "url"}
        if (content | {"res_model", "res_id"}) & vals.keys():
            self._qms_check_proofs()
        return super().write(vals)

    def unlink(self):
        self._qms_check_proofs()
        return super().unlink()

    def _qms_check_proofs(self):
        """Refuse to change files that prove what was done.

        :raise UserError: names the files
        """
        if is_trusted(self.env):
            return
        # sudo: whoever may change the file
        bound = self.sudo().filtered(lambda file: file.res_model in PROVING)
        for model, files in bound.grouped("res_model").items():
            records = self.env[model].sudo().browse(set(files.mapped("res_id")))
            given = records.exists()._get_given_files() & files
            if given:
                raise UserError(
                    self.env._(
                        "These files prove that something was done, and stay as they"
                        " are: %s.",
                        ", ".join(given.mapped("name")),
                    )
                )
