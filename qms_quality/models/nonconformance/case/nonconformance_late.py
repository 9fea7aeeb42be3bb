from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from .nonconformance import DONE_STATES


class QmsNonconformance(models.Model):
    """Who has a late case is reminded; later it is brought to others."""

    _inherit = "qms.nonconformance"
    _late_activity = "qms_quality.mail_activity_type_case_late"

    reminded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | self._get_late_fields()

    @api.model
    def _get_undone_domain(self):
        return Domain("state", "not in", DONE_STATES)

    def _get_asked(self):
        """Return who is reminded: the responsible, the team's, or a quality manager."""
        # sudo: who is in charge is no secret to the scheduled action
        case = self.sudo()
        able = (case.user_id | case.team_id.user_id).filtered(
            lambda user: user.active and case.company_id in user.company_ids
        )
        return able[:1].sudo(False) or self._get_manager(self.company_id)

    def _get_late_text(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return self.env._(
            "%(case)s should have been closed by %(date)s. It is in the step %(step)s.",
            case=self.display_name,
            date=format_date(self.env, self.date_deadline),
            step=states[self.state],
        )

    def _get_above(self):
        """Return to whom a late case is brought: who leads the team, if another one."""
        # sudo: as above
        leader = self.sudo().team_id.user_id.sudo(False)
        asked = self._get_asked()
        able = leader.active and self.company_id in leader.sudo().company_ids
        return leader if able and leader != asked else super()._get_above()

    def _qms_do_close(self):
        res = super()._qms_do_close()
        self._stop_asking()
        return res

    def _cancel(self, reason):
        res = super()._cancel(reason)
        self._stop_asking()
        return res

    def _reopen(self, reason):
        # what was closed is late anew
        self._forget_reminders()
        return super()._reopen(reason)
