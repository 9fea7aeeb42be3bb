from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from . import audit_guard


class QmsAuditHead(models.Model):
    """Where the audit trail of each record ends: its last number and hash.

    Who writes entries about a record locks its head first, so that two of them can't
    continue the chain from the same end. No lock is wider than one record.
    """

    _name = "qms.audit.head"
    _description = "End of an Audit Trail"
    _order = "res_model, res_id"
    _rec_name = "res_model"
    _log_access = False

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    seq = fields.Integer(string="Last Number", required=True, readonly=True)
    hash = fields.Char(string="Last Hash", required=True, readonly=True)

    _record_uniq = models.Constraint(
        "unique(res_model, res_id)", "A record has one audit trail."
    )

    def init(self):
        res = super().init()
        audit_guard.install(self.env.cr, self._table)
        return res

    def _refuse(self):
        raise AccessError(
            self.env._("The ends of the audit trail are kept by the system only.")
        )

    # pylint: disable=method-required-super
    @api.model_create_multi
    def create(self, vals_list):
        self._refuse()

    # pylint: disable=method-required-super
    def write(self, vals):
        self._refuse()

    # pylint: disable=method-required-super
    def unlink(self):
        self._refuse()

    @api.model
    def _lock(self, keys):
        """Lock the ends of trails, in an order that is the same for everyone.

        Where another transaction was faster, the database refuses and Odoo runs the
        request again, as for any record that two write at once.

        :param keys: set of ``(res_model, res_id)``
        :return: the number of the transaction, and ``{(res_model, res_id): (seq,
            hash)}``, without new records
        """
        self.env.cr.execute(
            SQL(
                """SELECT pg_current_xact_id()::text, h.*
                   FROM (SELECT) AS always LEFT JOIN LATERAL (
                       SELECT h.res_model, h.res_id, h.seq, h.hash
                       FROM qms_audit_head h
                       JOIN unnest(%s::varchar[], %s::int[]) AS k (res_model, res_id)
                         ON h.res_model = k.res_model AND h.res_id = k.res_id
                       ORDER BY h.res_model, h.res_id FOR UPDATE OF h) h ON true""",
                [model for model, _id in keys],
                [res_id for _model, res_id in keys],
            )
        )
        rows = self.env.cr.fetchall()
        ends = {(model, res_id): end for _xid, model, res_id, *end in rows if model}
        return rows[0][0], ends

    @api.model
    def _advance(self, ends):
        """Write the new ends of trails, in one statement.

        :param dict ends: ``{(res_model, res_id): (seq, hash)}``
        """
        rows = [(*key, *ends[key]) for key in sorted(ends)]
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_audit_head (res_model, res_id, seq, hash)
                   SELECT * FROM unnest(
                       %s::varchar[], %s::int[], %s::int[], %s::varchar[])
                   ON CONFLICT (res_model, res_id)
                   DO UPDATE SET seq = EXCLUDED.seq, hash = EXCLUDED.hash""",
                *(list(column) for column in zip(*rows, strict=True)),
            )
        )
        self.invalidate_model(["seq", "hash"])
