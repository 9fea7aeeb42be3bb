from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sentinel import trusted

BATCH = 500


class QmsAuditPurge(models.Model):
    """A decision to delete entries that are older than they must be kept.

    Its lines say up to which entry the trail of each record is cut off. Nothing is
    deleted before a seal that lists the lines has left the database; with that seal, a
    shortened trail can be told from one that somebody cut.
    """

    _name = "qms.audit.purge"
    _description = "Purge of the Audit Trail"
    _inherit = ["qms.append.only.mixin", "qms.audit.mixin"]
    _order = "id desc"
    _log_access = False

    name = fields.Char(required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="By", required=True, readonly=True, ondelete="restrict"
    )
    date_before = fields.Datetime(string="Entries Before", required=True, readonly=True)
    retention_years = fields.Integer(string="Years Kept", readonly=True)
    line_ids = fields.One2many(
        "qms.audit.purge.line", "purge_id", string="Trails", readonly=True
    )
    line_count = fields.Integer(string="Records", compute="_compute_state")
    entry_count = fields.Integer(string="Entries", readonly=True)
    state = fields.Selection(
        [
            ("waiting", "Waits for a seal"),
            ("sealed", "Sealed"),
            ("done", "Purged"),
        ],
        compute="_compute_state",
    )

    @api.depends("line_ids.sealed", "line_ids.purged")
    def _compute_state(self):
        groups = self.env["qms.audit.purge.line"]._read_group(
            [("purge_id", "in", self.ids)],
            ["purge_id"],
            ["__count", "sealed:bool_and", "purged:bool_and"],
        )
        found = {purge.id: values for purge, *values in groups}
        for purge in self:
            count, sealed, purged = found.get(purge.id, (0, False, False))
            purge.line_count = count
            purge.state = "done" if purged else "sealed" if sealed else "waiting"

    # -- Deciding ----------------------------------------------------------------------

    @api.model
    def _purge_now(self):
        """Prepare a purge by hand; see ``action_purge`` of the policy."""
        policy = self.env["qms.audit.policy"]._get()
        self.env["qms.audit.policy"].check_access("write")
        if not policy.retention_years:
            raise UserError(
                self.env._(
                    "Entries are kept for ever. Set how many years they are kept first."
                )
            )
        # sudo: purges are written by the system, on behalf of the user
        purge = self.sudo()._propose(policy.retention_years)
        if not purge:
            raise UserError(
                self.env._(
                    "No entry is older than %(years)s years.",
                    years=policy.retention_years,
                )
            )
        # sudo: who may purge need not know scheduled actions
        self.env.ref("qms_quality.cron_seal").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": purge.id,
            "view_mode": "form",
        }

    @api.model
    def _propose(self, years):
        """Record what is older than ``years``, record by record.

        :return: the purge; empty where nothing is that old
        """
        now = fields.Datetime.now()
        before = now - relativedelta(years=years)
        rows = self._get_old_trails(before)
        if not rows:
            return self.browse()
        number = self.search_count([]) + 1
        purge = trusted(self).create(
            {
                "name": self.env._("Purge %(number)s", number=number),
                "date": now,
                "user_id": self.env.uid,
                "date_before": before,
                "retention_years": years,
                "entry_count": sum(row[4] for row in rows),
            }
        )
        trusted(self.env["qms.audit.purge.line"])._insert(purge, rows)
        purge._audit("purge", {"date_before": (None, str(before))})
        return purge.with_env(self.env)

    def _get_old_trails(self, before):
        """Return ``(model, id, seq, hash, count)``: up to where trails are old.

        An old entry that follows a younger one, as after a change of the clock, stays.
        What an open purge already covers is left out.
        """
        return self.env.execute_query(
            SQL(
                """WITH old AS (
                       SELECT e.res_model, e.res_id, max(e.seq) AS seq, count(*)
                       FROM qms_audit_entry e
                       WHERE e.date < %(before)s AND NOT EXISTS (
                           SELECT FROM qms_audit_entry young
                           WHERE young.res_model = e.res_model
                             AND young.res_id = e.res_id
                             AND young.seq < e.seq AND young.date >= %(before)s)
                       GROUP BY e.res_model, e.res_id)
                   SELECT old.res_model, old.res_id, old.seq, last.hash, old.count
                   FROM old JOIN qms_audit_entry last
                       USING (res_model, res_id, seq)
                   WHERE NOT EXISTS (
                       SELECT FROM qms_audit_purge_line line
                       WHERE line.res_model = old.res_model
                         AND line.res_id = old.res_id AND line.seq >= old.seq)
                   ORDER BY old.res_model, old.res_id""",
                before=before,
            )
        )

    # -- Doing -------------------------------------------------------------------------

    @api.model
    def _cron_purge(self):
        """Prepare purges where a period is set; delete what delivered seals cover."""
        years = self.env["qms.audit.policy"]._get().retention_years
        if years:
            self._propose(years)
            self.env["ir.cron"]._commit_progress()
        lines = self.env["qms.audit.purge.line"]
        lines._mark_sealed()
        domain = [("sealed", "=", True), ("purged", "=", False)]
        while batch := lines.search(domain, limit=BATCH):
            batch._purge()
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=lines.search_count(domain)
            ):
                break
