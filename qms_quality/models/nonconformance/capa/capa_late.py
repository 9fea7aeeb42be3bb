from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .capa import ACTIVITY, DONE_STATES


class QmsCapa(models.Model):
    """The owner is told when a CAPA passes its deadline; later, a quality manager."""

    _inherit = "qms.capa"
    _late_activity = ACTIVITY

    reminded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | self._get_late_fields()

    @api.model
    def _get_undone_domain(self):
        return Domain("state", "not in", DONE_STATES)

    def _get_asked(self):
        return self._get_told()

    def _remind_person(self, user):
        self._tell(
            self.env._("Deadline passed"),
            self.env._(
                "%(capa)s should have been closed by %(date)s.",
                capa=self.name,
                date=format_date(self.env, self.date_deadline),
            ),
        )
