from odoo import models

from ...evidence.content import ContentLine


class QmsCapaAction(models.Model):
    """What of a step is signed with its CAPA."""

    _inherit = "qms.capa.action"

    def _qms_content_changed(self):
        res = super()._qms_content_changed()
        self.capa_id._qms_content_changed()
        return res

    def _prepare_signed_line(self):
        """Return the line of this step in what is signed."""
        self.ensure_one()
        value = [
            self.name,
            self.user_id.id,
            str(self.date_deadline),
            self.required,
            self.proof or None,
            self.attachment_ids.mapped("checksum"),
        ]
        text = f"{self.name} ({self.user_id.name}, {self.date_deadline})"
        return ContentLine(f"step {self.id}", self.env._("Step"), value, text)
