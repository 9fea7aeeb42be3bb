from odoo import models
from odoo.exceptions import UserError

from ...sentinel import is_trusted


class IrAttachment(models.Model):
    """Documents of a version in force are part of it."""

    _inherit = "ir.attachment"

    def write(self, vals):
        if {"raw", "datas", "db_datas", "store_fname", "name", "url"} & vals.keys():
            self._qms_check_groups()
        return super().write(vals)

    def unlink(self):
        self._qms_check_groups()
        return super().unlink()

    def _qms_check_groups(self):
        """Refuse to change documents of test groups in force.

        :raise UserError: names the documents
        """
        if is_trusted(self.env):
            return
        # sudo: whoever may change the file
        groups = (
            self.env["qms.test.group"]
            .sudo()
            .with_context(active_test=False)
            .search([("attachment_ids", "in", self.ids), ("state", "!=", "draft")])
        )
        if groups:
            raise UserError(
                self.env._(
                    "%(files)s: part of test groups in force, and stays as it is. Make"
                    " a new version of: %(groups)s.",
                    files=", ".join((groups.attachment_ids & self).mapped("name")),
                    groups=", ".join(groups.mapped("display_name")),
                )
            )
