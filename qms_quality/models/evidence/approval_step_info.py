from markupsafe import Markup

from odoo import models
from odoo.tools import format_datetime


class QmsApprovalStep(models.Model):
    """How a step shows on the form of the record."""

    _inherit = "qms.approval.step"

    def _get_info(self):
        icon = {
            "approved": "fa-check text-success",
            "pending": "fa-hourglass-half",
        }.get(self.state, "fa-ellipsis-h text-muted")
        line = Markup("<div><i class='fa fa-fw %s' role='img'></i> %s: %s</div>")
        return line % (icon, self.name, self._get_info_text())

    def _get_info_text(self):
        if self.state == "waiting":
            return self.env._("then %s", self.asked_text)
        if self.state == "approved":
            return self.voted_text
        text = self.env._(
            "waiting for %(who)s since %(date)s",
            who=self.asked_text,
            date=format_datetime(self.env, self.date_start, dt_format="short"),
        )
        return f"{text} ({self.voted_text})" if self.voted_text else text
