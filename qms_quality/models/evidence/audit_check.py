import time

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import clean_context

from ..sentinel import is_trusted, trusted
from .audit_diagnosis import END, Mark
from .audit_seal_check import SealCheck
from .audit_seal_file import seal_hash
from .audit_verify import Evidence, TrailCheck

# Longer checks go on in the background.
SECONDS = 10
RECORDS = 1000


class QmsAuditCheck(models.Model):
    """A check of the audit trail against the seals in this database.

    The same as ``tools/verify_audit``, which needs neither Odoo nor its owner. Whoever
    owns the database can change its seals too, so that only the tool, with seals that
    were kept elsewhere, proves anything against him.
    """

    _name = "qms.audit.check"
    _description = "Check of the Audit Trail"
    _inherit = ["qms.audit.scope.mixin"]
    _order = "id desc"
    _rec_name = "create_date"

    state = fields.Selection(
        [
            ("draft", "New"),
            ("running", "Running"),
            ("intact", "Intact"),
            ("broken", "Broken"),
        ],
        required=True,
        readonly=True,
        default="draft",
        copy=False,
    )
    result = fields.Text(readonly=True, copy=False)
    entry_count = fields.Integer(string="Entries", readonly=True, copy=False)
    record_count = fields.Integer(string="Records Checked", readonly=True, copy=False)
    seal_count = fields.Integer(string="Seals", readonly=True, copy=False)
    unsealed_count = fields.Integer(
        string="Not Sealed Yet", readonly=True, copy=False, help="Entries."
    )
    broken_count = fields.Integer(string="Broken Records", readonly=True, copy=False)
    progress = fields.Integer(readonly=True, copy=False, help="In percent.")
    entry_id = fields.Many2one(
        "qms.audit.entry", string="First Broken Entry", readonly=True, copy=False
    )
    last_key = fields.Json(readonly=True, copy=False)

    # -- What a check found isn't written by hand --------------------------------------

    @api.model
    def _get_own_fields(self):
        return {"scope", "records", "record_names", "date_from", "date_to"}

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            own = self._get_own_fields()
            vals_list = [
                {name: value for name, value in vals.items() if name in own}
                for vals in vals_list
            ]
            # defaults of the caller would fill in what is left out above
            self = self.with_env(self.env(context=clean_context(self.env.context)))
        return super().create(vals_list)

    def write(self, vals):
        if not is_trusted(self.env) and (
            set(vals) - self._get_own_fields()
            or any(check.state != "draft" for check in self)
        ):
            raise UserError(
                self.env._("What a check found can't be changed. Start another one.")
            )
        return super().write(vals)

    # -- Running -----------------------------------------------------------------------

    def action_check(self):
        """Check what was chosen; long checks go on in the background.

        :return: the action that shows the result
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("This check has run. Start another one."))
        # sudo: trails of records that the user may not read are checked as well
        check = trusted(self.sudo())
        check._start()
        check._run(time.monotonic() + SECONDS)
        if self.state == "running":
            # sudo: who checks need not know scheduled actions
            self.env.ref("qms_quality.cron_check_audit").sudo()._trigger()
        return self._show()

    def action_refresh(self):
        """Show how far the check is."""
        return self._show()

    def _show(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Check of the Audit Trail"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    @api.model
    def _cron_check(self):
        """Go on with checks that take longer than a user waits."""
        for check in trusted(self.search([("state", "=", "running")], order="id")):
            while check.state == "running":
                check._run(time.monotonic() + SECONDS)
                left = self.env["ir.cron"]._commit_progress(
                    1, remaining=self.search_count([("state", "=", "running")])
                )
                if left < 2 * SECONDS:
                    return

    def _start(self):
        self.write({"state": "running", "progress": 0, "last_key": ["", 0]})
        problem = self._check_seals()
        if problem:
            self.write({"result": problem, "broken_count": 1})

    def _run(self, deadline):
        """Check batches of records until all are done or the time is over."""
        while time.monotonic() < deadline:
            keys = self._get_keys()
            if not keys:
                self._finish()
                return
            self._check_records(keys)

    def _finish(self):
        state = "broken" if self.broken_count else "intact"
        counts = self._describe_counts()
        result = "\n".join(filter(None, [self.result, counts]))
        self.write({"state": state, "progress": 100, "result": result})

    def _describe_counts(self):
        counts = [
            (self.entry_count, self.env._("1 entry"), self.env._("%s entries")),
            (self.record_count, self.env._("1 record"), self.env._("%s records")),
            (self.seal_count, self.env._("1 seal"), self.env._("%s seals")),
        ]
        text = ", ".join(
            one if count == 1 else many % f"{count:,}" for count, one, many in counts
        )
        if self.broken_count:
            return self.env._("%(counts)s: broken", counts=text)
        return self.env._("%(counts)s: intact", counts=text)

    # -- Records -----------------------------------------------------------------------

    def _get_keys(self):
        """Return the next records to check, ``(model, id)``, in their order."""
        chosen = SQL("TRUE")
        if self.scope != "all":
            entries = self.env["qms.audit.entry"]
            query = entries._search(self._get_entry_domain())
            chosen = SQL(
                "(res_model, res_id) IN %s",
                query.subselect("res_model", "res_id"),
            )
        branches = [
            SQL(
                """(SELECT DISTINCT res_model, res_id FROM %s
                    WHERE (res_model, res_id) > (%s, %s) AND %s
                    ORDER BY res_model, res_id LIMIT %s)""",
                SQL.identifier(table),
                *self.last_key,
                chosen,
                RECORDS,
            )
            for table in ("qms_audit_head", "qms_audit_entry", "qms_audit_seal_head")
        ]
        union = SQL(" UNION ").join(branches)
        return self.env.execute_query(
            SQL("%s ORDER BY res_model, res_id LIMIT %s", union, RECORDS)
        )

    def _check_records(self, keys):
        check = TrailCheck(self._get_evidence(keys))
        check.feed(self._iterate_entries(keys))
        check.finish()
        if check.broken:
            check.diagnose(self._get_entries(check.get_suspects()))
        self._take(check, keys)

    def _iterate_entries(self, keys):
        # read by number: the ids need not ascend
        return (
            (entry["id"], {**entry, "id": None}) for entry in self._read_entries(keys)
        )

    def _get_entries(self, keys):
        found = {}
        for entry in self._read_entries(keys):
            key = entry["res_model"], entry["res_id"]
            found.setdefault(key, []).append((entry["id"], entry))
        return found

    def _read_entries(self, keys):
        rows = self.env["qms.audit.entry"]._read_exported(
            self._get_records_domain(keys), order="res_model, res_id, seq, id"
        )
        # what somebody emptied is wrong, but must not stop the check
        never_empty = {"seq": 0, "hash": "", "prev_hash": ""}
        for row in rows:
            row.update({name: row[name] or never_empty[name] for name in never_empty})
        return rows

    def _get_evidence(self, keys):
        """Return what seals, purges and the ends of the trails say of records."""
        evidence = Evidence()
        rows = self._read_marks(keys, "qms_audit_seal_head", "seal.number", True)
        for model, res_id, seq, digest, number in rows:
            evidence.add_mark((model, res_id), Mark(seq, digest, number))
        for model, res_id, seq, digest, _no in self._read_marks(
            keys, "qms_audit_purge_line", "seal.number", True
        ):
            evidence.add_start((model, res_id), seq, digest)
        for model, res_id, seq, digest, _no in self._read_marks(
            keys, "qms_audit_head", "0", False
        ):
            evidence.add_mark((model, res_id), Mark(seq, digest))
        last = self.env["qms.audit.entry"]._get_last_seal()
        if last:
            evidence.set_horizon(fields.Datetime.to_string(last.date))
        return evidence

    def _read_marks(self, keys, table, number, is_sealed):
        seals = SQL("JOIN qms_audit_seal seal ON seal.id = m.seal_id")
        return self.env.execute_query(
            SQL(
                """SELECT m.res_model, m.res_id, m.seq, m.hash, %s
                   FROM unnest(%s::varchar[], %s::int[]) AS k (res_model, res_id)
                   JOIN %s m ON m.res_model = k.res_model AND m.res_id = k.res_id
                   %s""",
                SQL(number),
                [key[0] for key in keys],
                [key[1] for key in keys],
                SQL.identifier(table),
                seals if is_sealed else SQL(""),
            )
        )

    def _take(self, check, keys):
        """Add what a batch found."""
        values = {
            "entry_count": self.entry_count + check.entries,
            "record_count": self.record_count + len(keys),
            "unsealed_count": self.unsealed_count + check.unsealed,
            "last_key": list(keys[-1]),
            "progress": self._get_progress(check.entries),
        }
        broken = {(found.res_model, found.res_id) for found in check.findings}
        if broken:
            values["broken_count"] = self.broken_count + len(broken)
            if not self.broken_count:
                values.update(self._prepare_finding(check.get_first()))
        self.write(values)

    def _get_progress(self, count):
        if self.scope != "all":
            return 50
        total = self.env["qms.audit.entry"].search_count([])
        return min(99, 100 * (self.entry_count + count) // max(total, 1))

    # -- Words -------------------------------------------------------------------------

    def _prepare_finding(self, finding):
        entry = finding.position if finding.position != END else False
        return {"entry_id": entry, "result": self._describe(finding)}

    def _describe(self, finding):
        record = self.env[finding.res_model].browse(finding.res_id).exists()
        values = {
            "record": record.display_name if record else finding.res_model,
            "first": finding.seq,
            "last": finding.last,
            "seal": finding.seal,
        }
        kind = finding.kind
        if finding.seq == finding.last:
            kind = {"removed": "removed_one", "rebuilt": "rebuilt_one"}.get(kind, kind)
        text = self._get_finding_texts()[kind] % values
        if finding.seal:
            text += " " + self.env._("Seal %(seal)s shows it.", **values)
        return text

    def _get_finding_texts(self):
        return {
            "altered": self.env._("%(record)s: entry %(first)s was altered."),
            "removed_one": self.env._("%(record)s: entry %(first)s was removed."),
            "removed": self.env._(
                "%(record)s: entries %(first)s to %(last)s were removed."
            ),
            "inserted": self.env._("%(record)s: entry %(first)s was inserted."),
            "reordered": self.env._("%(record)s: entry %(first)s was re-ordered."),
            "rebuilt_one": self.env._(
                "%(record)s: the trail was rebuilt. Entry %(first)s is not what was"
                " sealed."
            ),
            "rebuilt": self.env._(
                "%(record)s: the trail was rebuilt. One of its entries %(first)s to"
                " %(last)s, or more, is not what was sealed."
            ),
            "backdated": self.env._(
                "%(record)s: entry %(first)s was inserted or back-dated: it is older"
                " than the latest seal, and no seal speaks of it."
            ),
        }

    # -- Seals -------------------------------------------------------------------------

    def _check_seals(self):
        """Check the chain of the seals; return what is wrong."""
        seals = self.env["qms.audit.seal"].search([], order="number")
        check = SealCheck([self._read_seal(seal) for seal in seals]).run()
        self.seal_count = len(seals)
        return "\n".join(check.findings)

    def _read_seal(self, seal):
        """Return a seal for checking, without the lists that its hash was made of."""
        content = seal._get_content()
        computed = seal_hash(content)
        return {
            "seal": {**content, "heads": [], "purges": []},
            "hash": seal.hash,
            "computed": computed,
            "signature": seal.signature or None,
            "file": seal.display_name,
        }
