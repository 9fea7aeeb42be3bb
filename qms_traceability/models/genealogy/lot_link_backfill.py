import logging

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.gate.stock_move_relabel import RELABELLING
from odoo.addons.qms_quality.models.retry import is_transient

_logger = logging.getLogger(__name__)
# How far each kind of document is linked, by its id.
PARAMETER = "qms_traceability.linked_past."
# The documents of posted goods; kits are known by their moves, renamed lots by the
# trail's entries.
SOURCES = (
    "mrp.production",
    "mrp.unbuild",
    "repair.order",
    "stock.move",
    "qms.audit.entry",
)


class QmsLotLink(models.Model):
    """The history from before links were written."""

    _inherit = "qms.lot.link"

    @api.model
    def _cron_link_past(self, batch=500):
        """Link what was posted before, and switch the action off when all is done.

        In batches, each committed: what a stopped server left is done by the next run.
        What is linked already, because it was posted or corrected since, stays.
        """
        progress, time = self.env["ir.cron"]._commit_progress, True
        for name in self._get_past_sources():
            while time and (found := self._find_past(name, batch)):
                self._link_past_safely(name, found)
                parameters = self.env["ir.config_parameter"].sudo()
                parameters.set_param(PARAMETER + name, max(found.ids))
                time = progress(len(found), remaining=self._count_past())
        if time:
            progress(remaining=0, deactivate=True)

    @api.model
    def _get_past_sources(self):
        """Return the models of the documents whose goods are linked."""
        return [name for name in SOURCES if name in self.env]

    @api.model
    def _find_past(self, name, batch):
        """Return the next documents; all entries of a transaction at once."""
        records = self.env[name].sudo().with_context(active_test=False)
        found = records.search(self._get_past_domain(name), order="id", limit=batch)
        if name == "qms.audit.entry" and found:
            found |= records.search(
                Domain("transaction", "=", found[-1].transaction)
                & self._get_past_domain(name)
            )
        return found

    @api.model
    def _count_past(self):
        return sum(
            self.env[name].sudo().search_count(self._get_past_domain(name))
            for name in self._get_past_sources()
        )

    @api.model
    def _get_past_domain(self, name):
        parameters = self.env["ir.config_parameter"].sudo()
        done = int(parameters.get_param(PARAMETER + name, 0))
        domain = Domain("id", ">", done)
        if name == "stock.move":
            domain &= self._get_kits_domain()
        elif name == "qms.audit.entry":
            domain &= Domain("event", "=", RELABELLING)
            domain &= Domain("res_model", "=", "stock.move")
        return domain

    @api.model
    def _get_kits_domain(self):
        return (
            Domain("state", "=", "done")
            & Domain("bom_line_id.bom_id.type", "=", "phantom")
            & Domain("location_dest_id.usage", "=", "customer")
            & Domain("picking_id", "!=", False)
        )

    # -- One that can't be linked stops no other ---------------------------------------

    @api.model
    def _link_past_safely(self, name, found):
        try:
            with self.env.cr.savepoint():
                self._link_past(name, found)
        except Exception as error:
            if is_transient(error):
                raise
            if len(found) == 1 or name == "qms.audit.entry":
                _logger.warning("Not linked: %s", found, exc_info=error)
                return
            for one in found:
                self._link_past_safely(name, one)

    @api.model
    def _link_past(self, name, found):
        if name == "stock.move":
            found._qms_sync_kits(past=True)
        elif name == "qms.audit.entry":
            self._link_past_numbers(found)
        elif name == "repair.order":
            found.move_id._qms_sync_links(past=True)
        else:
            found._qms_sync_links(past=True)

    @api.model
    def _link_past_numbers(self, entries):
        """Link lots that were split, merged or downgraded; see ``_qms_relabel``."""
        groups = entries.sorted("id").grouped(
            lambda entry: (entry.transaction, entry.reason)
        )
        for group in groups.values():
            moves = self.env["stock.move"].sudo().browse(group.mapped("res_id"))
            half = len(moves) // 2
            moves._qms_link_relabelled(
                zip(moves[:half], moves[half:], strict=True), past=True
            )
