from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .capa import DONE_STATES
from .capa_step import ACTIVITY


class QmsCapaAction(models.Model):
    """Who has a late step is reminded; later it is brought to the owner of its CAPA."""

    _inherit = "qms.capa.action"
    _late_activity = ACTIVITY

    reminded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | self._get_late_fields()

    @api.model
    def _get_undone_domain(self):
        return Domain("state", "=", "todo") & Domain(
            "capa_id.state", "not in", DONE_STATES
        )

    def _get_late_text(self):
        return self.env._(
            "%(step)s of %(capa)s was due on %(date)s.",
            step=self.name,
            capa=self.capa_id.display_name,
            date=format_date(self.env, self.date_deadline),
        )

    def _get_above(self):
        told = self.capa_id._get_told()
        if told and told != self.user_id:
            return told
        return super()._get_above()
