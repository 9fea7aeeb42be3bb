from odoo import api, fields, models
from odoo.tools import SQL


class QmsSamplingRecord(models.AbstractModel):
    """What the system counts and draws: nobody writes it by hand."""

    _name = "qms.sampling.record"
    _description = "Kept by Sampling"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]

    # the fields that a unique index is on, for models with one record per key; the
    # partner may be empty
    _key = ()

    def copy_data(self, default=None):
        self._check_trusted()
        return super().copy_data(default=default)

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "%s: kept by the system, so that it can be trusted. It changes by"
            " receipts, verdicts and buttons only.",
            self._description,
        )

    # -- One record per key ------------------------------------------------------------

    @api.model
    def _ensure(self, keys, start=None):
        """Return the records of ``keys``, made where they are missing, in sudo.

        Two receipts at once make no second record: the one that comes later is run
        again.

        :param list keys: tuples of ids in the order of ``_key``; False for no partner
        :param dict start: values of a new record, all columns that are required
        :return: ``{key: record}``
        """
        # sudo: whoever receives goods or validates an order keeps these records
        model = self.sudo()
        keys = sorted({tuple(key[i] or 0 for i in range(len(key))) for key in keys})
        found = model._find(keys)
        if missing := [key for key in keys if key not in found]:
            self.env.cr.execute(model._get_insert_query(missing, start or {}))
            found.update(model._find(missing))
        return {tuple(part or False for part in key): one for key, one in found.items()}

    def _find(self, keys):
        domain = [
            # 0 stands for none, and means another thing to a search
            (name, "in", list({key[i] or False for key in keys}))
            for i, name in enumerate(self._key)
        ]
        records = self.search(domain)
        return {record._get_key(): record for record in records}

    def _get_key(self):
        self.ensure_one()
        values = (self[name] for name in self._key)
        return tuple(
            value.id or 0 if isinstance(value, models.BaseModel) else value
            for value in values
        )

    def _get_insert_query(self, keys, start):
        self.flush_model()
        start = {
            **start,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": fields.Datetime.now(),
            "write_date": fields.Datetime.now(),
        }
        columns = [*self._key, *start]
        rows = [
            SQL("%s", tuple(row))
            for row in (
                [*(part or None for part in key), *start.values()] for key in keys
            )
        ]
        return SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT DO NOTHING",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, columns)),
            SQL(", ").join(rows),
        )
