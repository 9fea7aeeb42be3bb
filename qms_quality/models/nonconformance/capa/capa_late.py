from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

from ...sentinel import trusted


class QmsCapa(models.Model):
    """The owner is told when a CAPA passes its deadline, once for each deadline."""

    _inherit = "qms.capa"

    reminded_on = fields.Datetime(readonly=True, copy=False, qms_audit=False)

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {"reminded_on"}

    def write(self, vals):
        res = super().write(vals)
        if "date_deadline" in vals:
            trusted(self.filtered("reminded_on")).reminded_on = False
        return res

    @api.model
    def _cron_remind(self, limit=200):
        """Tell the owners of late CAPAs. In batches, with progress."""
        domain = self._get_late_domain() & Domain("reminded_on", "=", False)
        late = self.search(domain, order="date_deadline, id", limit=limit)
        trusted(late).reminded_on = fields.Datetime.now()
        for capa in late:
            capa = capa.with_context(lang=capa._get_told().lang)
            capa._tell(
                capa.env._("Deadline passed"),
                capa.env._(
                    "%(capa)s should have been closed by %(date)s.",
                    capa=capa.name,
                    date=format_date(capa.env, capa.date_deadline),
                ),
            )
        self.env["ir.cron"]._commit_progress(
            len(late), remaining=self.search_count(domain)
        )
