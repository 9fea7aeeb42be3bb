from odoo import api, models
from odoo.exceptions import AccessError

from ...sentinel import is_trusted, trusted


class QmsQrsDocumentCriterion(models.Model):
    """What is true of the copy is true of its criteria, by whatever way they change."""

    _inherit = "qms.qrs.document.criterion"

    @api.model_create_multi
    def create(self, vals_list):
        if is_trusted(self.env):
            return super().create(vals_list)
        lines = self.line_id.browse(
            {vals.get("line_id") for vals in vals_list} - {None}
        )
        lines._check_edit()
        criteria = super().create(vals_list)
        criteria._mark_line()
        return criteria

    def write(self, vals):
        if is_trusted(self.env):
            return super().write(vals)
        if "line_id" in vals:
            raise AccessError(
                self.env._("A criterion stays with the order line it was made for.")
            )
        self.line_id._check_edit()
        self._mark_line()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_guarded(self):
        if not is_trusted(self.env):
            self.line_id._check_edit()
            self._mark_line()

    def _mark_line(self):
        lines = self.line_id.filtered(
            lambda line: not line.manually_updated or line.notice
        )
        # sudo: administrators have no right of their own to the mark
        trusted(lines.sudo()).write({"manually_updated": True, "notice": False})
