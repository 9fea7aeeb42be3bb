import logging

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import plaintext2html

from ...retry import is_transient
from ..quality_order import MANAGER

_logger = logging.getLogger(__name__)


class QmsQualityOrder(models.Model):
    """The scheduled action: makes what is due, and holds what is late."""

    _inherit = "qms.quality.order"

    @api.model
    def _cron_inspect_again(self, limit=200):
        """Make the orders that are due, and hold lots whose inspection is late.

        In batches, each committed: what a stopped server left is done by the next run.
        What can't be done is told, and stops nothing else.
        """
        progress, failed = self.env["ir.cron"]._commit_progress, set()
        time = True
        while time and (due := self._find_due(limit, failed)):
            failed |= due._inspect_again_safely()
            left = self.search_count(self._get_due_domain()) - len(failed)
            time = progress(len(due), remaining=max(left, 0))
        failed = set()
        while time and (late := self._find_late(limit, failed)):
            failed |= late._hold_late_safely()
            left = len(self._find_late(limit, failed))
            time = progress(len(late), remaining=left)

    @api.model
    def _get_due_domain(self):
        return (
            Domain("date_again", "<=", fields.Datetime.now())
            & Domain("state", "=", "validated")
            & Domain("plan_copy_id.again_auto", "=", True)
        )

    @api.model
    def _find_due(self, limit, failed):
        domain = self._get_due_domain() & Domain("id", "not in", list(failed))
        return self.search(domain, order="date_again, id", limit=limit)

    @api.model
    def _find_late(self, limit, failed):
        domain = self._get_late_domain() & Domain("id", "not in", list(failed))
        return self.search(domain, order="date_late, id", limit=limit)

    # -- One that can't be done stops no other -----------------------------------------

    def _inspect_again_safely(self):
        """Make the next orders, as far as possible.

        :return: the ids of those that failed
        """
        summary = self.env._("Not inspected again")
        return self._do_safely(lambda orders: orders._inspect_again(), summary)

    def _hold_late_safely(self):
        """Hold what is late, as far as possible.

        :return: the ids of those that failed
        """
        summary = self.env._("Late, and not held")
        return self._do_safely(lambda orders: orders._hold_late(), summary)

    def _do_safely(self, do, summary):
        """Do something with all these orders; if that fails, with each by itself.

        :param do: called with the orders
        :param str summary: of the activity, where it can't be done
        :return: the ids of those that failed
        """
        try:
            with self.env.cr.savepoint():
                do(self)
            return set()
        except Exception as error:
            if is_transient(error):
                raise
            if len(self) == 1:
                _logger.warning("%s: %s", self.name, summary, exc_info=error)
                self._tell_undone(summary, str(error))
                return set(self.ids)
        return set().union(*(order._do_safely(do, summary) for order in self))

    def _tell_undone(self, summary, why):
        """Ask a person, once, for what the system can't do."""
        self.ensure_one()
        if summary in self.activity_ids.mapped("summary"):
            return
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=self._get_person_again().id,
            summary=summary,
            note=plaintext2html(why),
        )

    def _get_person_again(self):
        """Return who is asked when nobody is at work: who has the order, else a quality
        manager of its company."""
        self.ensure_one()
        managers = self.env.ref(MANAGER).all_user_ids.filtered(
            lambda user: (
                user.active and user._is_human() and self.company_id in user.company_ids
            )
        )
        return self._get_person() or managers[:1] or self.env.user
