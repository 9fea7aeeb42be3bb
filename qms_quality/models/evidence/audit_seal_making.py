from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..sentinel import trusted
from . import audit_seal_file
from .seal_settings import get_key_path

# A seal is a file that is mailed: where more has changed, more seals are made.
SEAL_SIZE = 20_000
PURGE_SIZE = 5_000


class QmsAuditSeal(models.Model):
    _inherit = "qms.audit.seal"

    def action_seal_now(self):
        """Seal what isn't sealed yet; the delivery follows in the background.

        :return: the client action that opens the newest seal
        :raise AccessError: for anyone but compliance officers
        :raise UserError: if everything is sealed
        """
        self._check_compliance()
        # sudo: seals are made by the system, for all companies
        seals = self.browse()
        while seal := self.sudo()._make():
            seals |= seal
        if not seals:
            raise UserError(
                self.env._("Everything is sealed: there is nothing new to seal.")
            )
        # sudo: who may seal need not know scheduled actions
        self.env.ref("qms_quality.cron_deliver_seals").sudo()._trigger()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": seals[-1].id,
            "view_mode": "form",
        }

    @api.model
    def _check_compliance(self):
        """Refuse anyone but compliance officers."""
        self.env["qms.audit.policy"].check_access("write")

    @api.model
    def _cron_seal(self):
        """Seal the trails that went on since, and deliver the seals."""
        while seal := self._make():
            remaining = self._count_unsealed()
            if not self.env["ir.cron"]._commit_progress(
                seal.head_count, remaining=remaining
            ):
                break
        self._cron_deliver()

    @api.model
    def _make(self):
        """Make one seal over trails that went on since they were sealed.

        Nobody who writes entries waits for it: it reads what is committed.

        :return: the seal; empty if there is nothing to seal
        :raise UserError: if another one is being made
        """
        self._lock_sealing()
        heads = self._get_unsealed(SEAL_SIZE)
        lines = self.env["qms.audit.purge.line"].search(
            [("seal_id", "=", False)], limit=PURGE_SIZE
        )
        if not heads and not lines:
            return self.browse()
        key, problem = self._load_key()
        seal = trusted(self).create(self._prepare_seal_values(heads, lines, key))
        seal._insert_heads(heads)
        trusted(lines).write({"seal_id": seal.id})
        if problem:
            seal._log_delivery("key", get_key_path(), problem)
            self.env["qms.audit.policy"]._get()._alert(problem)
        return seal.with_env(self.env)

    @api.model
    def _lock_sealing(self):
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('qms.audit.seal', 0))"
        )
        if not self.env.cr.fetchone()[0]:
            raise UserError(
                self.env._("A seal is being made just now. Try again in a minute.")
            )

    _unsealed_query = SQL(
        """qms_audit_head h LEFT JOIN LATERAL (
               SELECT seq FROM qms_audit_seal_head s
               WHERE s.res_model = h.res_model AND s.res_id = h.res_id
               ORDER BY seq DESC LIMIT 1
           ) s ON true WHERE h.seq > coalesce(s.seq, 0)"""
    )

    @api.model
    def _get_unsealed(self, limit):
        """Return ``(model, id, seq, hash, number of new entries)`` of open trails."""
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT h.res_model, h.res_id, h.seq, h.hash,
                          h.seq - coalesce(s.seq, 0)
                   FROM %s ORDER BY h.id LIMIT %s""",
                self._unsealed_query,
                limit,
            )
        )

    @api.model
    def _count_unsealed(self):
        rows = self.env.execute_query(
            SQL("SELECT count(*) FROM %s", self._unsealed_query)
        )
        lines = self.env["qms.audit.purge.line"]
        return rows[0][0] + lines.search_count([("seal_id", "=", False)])

    def _load_key(self):
        """Return the key that signs, if one is set, and what is wrong with it."""
        path = get_key_path()
        if not path:
            return None, None
        try:
            return audit_seal_file.load_private_key(path), None
        except audit_seal_file.SealFileError as error:
            return None, self.env._(
                "The seal is not signed, because the key can't be used: %(problem)s",
                problem=str(error),
            )

    def _prepare_seal_values(self, heads, lines, key):
        last = self.search([], order="number desc", limit=1)
        values = {
            "number": last.number + 1,
            "date": fields.Datetime.now(),
            "database": self.env["ir.config_parameter"].get_param("database.uuid"),
            "prev_hash": last.hash or "",
            "entry_count": sum(head[4] for head in heads),
            "head_count": len(heads),
            "public_key": key and audit_seal_file.encode_public_key(key.public_key()),
        }
        content = {
            "format": audit_seal_file.FORMAT,
            "database": values["database"],
            "number": values["number"],
            "date": fields.Datetime.to_string(values["date"]),
            "prev_hash": values["prev_hash"],
            "entries": values["entry_count"],
            "heads": sorted(list(head[:4]) for head in heads),
            "purges": sorted(
                [line.res_model, line.res_id, line.seq, line.hash] for line in lines
            ),
            "public_key": values["public_key"],
        }
        digest = audit_seal_file.seal_hash(content)
        signature = key and audit_seal_file.sign(key, digest)
        return {**values, "hash": digest, "signature": signature}

    def _insert_heads(self, heads):
        """Insert what the seal covers, by one statement."""
        columns = zip(*(head[:4] for head in heads), strict=True) if heads else [()] * 4
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_audit_seal_head
                       (seal_id, res_model, res_id, seq, hash)
                   SELECT %s, * FROM unnest(
                       %s::varchar[], %s::int[], %s::int[], %s::varchar[])""",
                self.id,
                *(list(column) for column in columns),
            )
        )
