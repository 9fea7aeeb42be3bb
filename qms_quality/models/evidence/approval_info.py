from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import format_datetime

ROW = Markup("<tr><th class='pe-3 fw-normal text-muted'>%s</th><td>%s</td></tr>")


class QmsApproval(models.Model):
    """How a request shows, on its own form and on that of its record."""

    _inherit = "qms.approval"

    content_info = fields.Html(
        string="What is Asked", compute="_compute_content_info", sanitize=False
    )
    content_text = fields.Char(
        string="What is Asked, in Short", compute="_compute_content_info"
    )

    @api.model
    def _qms_add_banner(self, arch):
        """Add nothing: this is what the banner tells about."""

    @api.depends("content", "record_name")
    def _compute_content_info(self):
        for approval in self:
            lines = [line for line in approval.content or [] if line[1]]
            rows = Markup().join(ROW % (label, text) for label, text in lines)
            approval.content_info = rows and Markup("<table>%s</table>") % rows
            # the name has a column of its own
            texts = [text for _label, text in lines if text not in approval.record_name]
            approval.content_text = " · ".join(texts)

    def _get_info(self):
        """Return who agreed and who is next, as HTML."""
        self.ensure_one()
        approval = self.sudo()
        title = self.env._(
            "%(action)s: asked by %(user)s on %(date)s",
            action=approval.action_label,
            user=approval.requester_id.name,
            date=format_datetime(self.env, approval.date_requested, dt_format="short"),
        )
        steps = Markup().join(step._get_info() for step in approval.step_ids)
        return Markup("<div><b>%s</b>%s</div>") % (title, steps)
