import json

from odoo import api, fields, models
from odoo.exceptions import MissingError
from odoo.tools import SQL

from .audit_buffer import AuditBuffer, Event, get_reason
from .audit_hash import HASHED_FIELDS, entry_hash
from .audit_text import AuditText

_TYPES = {
    "date": "timestamp",
    **dict.fromkeys(["seq", "user_id", "company_id", "res_id"], "int4"),
}
_NOTHING = (None, None, None, None)


class QmsAuditEntry(models.Model):
    """How entries are written: kept until the next flush, then in one statement."""

    _inherit = "qms.audit.entry"

    # -- What actions tell -------------------------------------------------------------

    @api.model
    def _log(self, records, event, changes=None, reason=None):
        """Say what happened to records of any model, in texts of one's own.

        :param records: recordset of any model
        :param str event: what happened, in a word (``place``, ``release`` …)
        :param dict changes: ``{record id: [(label, old, new), …]}``, readable values
        :param str reason: why
        """
        rows = {
            res_id: [(None, *change) for change in some]
            for res_id, some in (changes or {}).items()
        }
        self._note(records, event, rows, reason)

    @api.model
    def _note(self, records, event, rows, reason):
        """Keep an event until its entries are written, at the next flush.

        :param dict rows: ``{record id: [(field name, label, old, new), …]}``
        """
        self.env["qms.reason.rule"]._check_event(records, event, reason)
        for record, changes in AuditBuffer.of(self.env).get(records):
            rows_of = list(rows.get(record.id) or ())
            changes.events.append(Event(event, rows_of, reason, self.env.uid))

    # -- What changed ------------------------------------------------------------------

    @api.model
    def _write_pending(self):
        """Write the entries of all that changed since the last flush."""
        # what is still to be computed belongs to what changed
        self.env._recompute_all()
        buffer = AuditBuffer.pop(self.env)
        if buffer is None or self._is_leaving():
            return
        text = AuditText(self.env)
        self._drop_parts(buffer, text)
        # all of them first: the names they refer to are then read together
        found = [
            (record, changes[record.id], diff)
            for model, changes in buffer.changes.items()
            for record, diff in self._get_diffs(text.env[model], changes, text)
        ]
        rows = [row for one in found for row in self._prepare_entries(*one, text)]
        self._append(rows + buffer.deletions, buffer.channel)
        self._tell_changed(found)

    def _tell_changed(self, found):
        changed = {}
        for record, changes, diff in found:
            if diff and not changes.is_new:
                changed.setdefault(record._name, []).append(record.id)
        for model, ids in changed.items():
            self.env[model].browse(ids)._qms_content_changed()

    def _drop_parts(self, buffer, text):
        """Forget the parts that were made together with their whole."""
        for model, changes in buffer.changes.items():
            name = getattr(self.pool[model], "_qms_audit_whole", None)
            if not name:
                continue
            wholes = buffer.changes.get(self.pool[model]._fields[name].comodel_name, {})
            new = {key for key, whole in wholes.items() if whole.is_new}
            parts = [key for key, part in changes.items() if part.is_new]
            for part in text.env[model].browse(new and parts):
                if part[name].id in new and not changes[part.id].events:
                    del changes[part.id]

    def _is_leaving(self):
        """Tell whether the addon is being uninstalled and its table is gone."""
        if self.pool.ready:
            return False
        self.env.cr.execute("SELECT to_regclass(%s)", [self._table])
        return self.env.cr.fetchone() == (None,)

    def _get_diffs(self, model, changes, text):
        """Return ``[(record, [(field, old, new), …]), …]``, without deleted records.

        :param dict changes: ``{record id: RecordChanges}``
        :param AuditText text: expects the values of the result
        """
        records = model.browse(changes)
        try:
            diffs = self._compare(records, changes)
        except MissingError:
            # deleted by the database, with what they referred to
            diffs = self._compare(records.exists(), changes)
        for record, diff in diffs:
            changes_of = changes[record.id]
            if changes_of.is_new:
                changes_of.first = self._get_filled(record, changes_of.old)
                text.expect_all(changes_of.first, record)
            for field, old, new in diff:
                text.expect_all([(field, old), (field, new)], record)
        return diffs

    def _compare(self, records, changes):
        """Return the records to write about with their differences."""
        diffs = [
            (record, self._get_diff(record, changes[record.id])) for record in records
        ]
        found = [
            (record, diff)
            for record, diff in diffs
            if diff or changes[record.id].is_new or changes[record.id].events
        ]
        # the names of all of them at once
        records.browse(record.id for record, _diff in found).mapped("display_name")
        return found

    def _get_diff(self, record, changes):
        diff = []
        for name, old in changes.old.items():
            if changes.is_new and not old:
                continue
            field = record._fields[name]
            new = record._qms_get_value(field)
            # 0 is no reading, and False is none: 0.0 == False
            if new != old or (new is False) != (old is False):
                diff.append((field, old, new))
        repeated = diff and record._qms_get_repeated_names()
        return (
            [row for row in diff if row[0].name not in repeated] if repeated else diff
        )

    def _get_filled(self, record, old=()):
        """Return ``[(field, value), …]`` of the followed fields that have a value.

        :param old: values that count instead of what the record has now
        """
        filled = []
        for name in sorted(record._qms_audit_names()):
            field = record._fields[name]
            value = name in old and old[name] or record._qms_get_value(field)
            # 0 is a reading, where a field tells it from nothing
            is_zero = value == 0 and value is not False and field.falsy_value is None
            if value or is_zero:
                filled.append((field, value))
        return filled

    # -- Entries -----------------------------------------------------------------------

    def _prepare_entries(self, record, changes, diff, text):
        """Return the values of the entries about one record, in order.

        A new record gets one entry with all its values. What was found changed carries
        the name of the last action.
        """
        events, user_id = changes.events, changes.user_id
        found = self._prepare_diff_rows(record, diff, events, text)
        if found and not events:
            events.append(Event("write", [], None, user_id))
        if found:
            events[-1].rows.extend(found)
        if changes.is_new and (changes.first or not record._qms_is_core()):
            made = record._qms_audit_made
            if not events or events[0].name != made:
                events.insert(0, Event(made, [], None, user_id))
            summary = self._summarise(record, changes.first, text)
            events[0].rows.insert(0, (None, None, None, summary))
        base = events and self._prepare_base(record)
        return [
            self._prepare_entry(base, event, self._join(event, changes), *row)
            for event in events
            for row in event.rows or [_NOTHING]
        ]

    def _prepare_diff_rows(self, record, diff, events, text):
        """Return ``(field name, label, old, new)`` of what no action told itself."""
        told = {name for event in events for name, *_values in event.rows}
        rows = {
            field.name: list(text.changes(field, old, new, record))
            for field, old, new in diff
            if field.name not in told
        }
        for name, main in getattr(record, "_qms_audit_joined", {}).items():
            if name in rows and main in rows:
                rows[main] = [self._join_rows(*rows[main], *rows.pop(name))]
        return [(name, *row) for name, some in rows.items() for row in some]

    def _join_rows(self, row, other):
        """Return one row that tells two fields: the second in brackets."""
        values = zip(row[1:], other[1:], strict=True)
        return row[0], *(f"{one} ({two})" if two else one for one, two in values)

    def _summarise(self, record, filled, text):
        """Return all values of a record, a line each."""
        lines = []
        for field, value in filled:
            if field.translate:
                value = value.get("en_US") or next(iter(value.values()))
            lines.append(f"{text.label(field)}: {text.text(field, value, record)}")
        return "\n".join(sorted(lines) + self._count_parts(record, text))

    def _count_parts(self, record, text):
        return [
            f"{text.label(record._fields[name])}: {len(record[name])}"
            for name in record._qms_get_part_names()
            if record[name]
        ]

    @api.model
    def _prepare_base(self, record):
        company = self.env["res.company"]
        if record._name == company._name:
            company = record
        elif "company_id" in record._fields:
            company = record.company_id
        return {
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.display_name,
            "company_id": company.id,
        }

    @api.model
    def _prepare_entry(self, base, event, reason, name, label, old, new):
        if name and not label:
            field = self.env[base["res_model"]]._fields[name]
            label = field._description_string(self.with_context(lang="en_US").env)
        return {
            **base,
            "user_id": event.user_id,
            "event": event.name,
            "reason": reason and str(reason),
            "field_name": name,
            "field_label": label,
            "old_value": old,
            "new_value": new,
        }

    def _join(self, event, changes):
        """Return the action's own reason with the one that the person gave."""
        reason, given = event.reason, changes.reason
        if not reason or not given or given in reason:
            return reason or given
        return f"{reason}: {given}"

    @api.model
    def _prepare_deletions(self, records):
        """Return the values of an entry for each record, with all it had."""
        text = AuditText(self.env)
        reason, rows = get_reason(self.env), []
        event = Event("delete", [], reason, self.env.uid)
        filled = {one: self._get_filled(one) for one in records.with_env(text.env)}
        for record, values in filled.items():
            text.expect_all(values, record)
        for record, values in filled.items():
            if values or not record._qms_is_core():
                base = self._prepare_base(record)
                row = (None, None, self._summarise(record, values, text), None)
                rows.append(self._prepare_entry(base, event, reason, *row))
        return rows

    # -- The chain ---------------------------------------------------------------------

    @api.model
    def _append(self, vals_list, channel):
        """Continue the chains of the records with new entries, in one statement.

        :param list vals_list: dicts of the entries' values, in order, without what is
            the same for all of them and without the links of the chain
        :param str channel: by which door the changes came
        """
        if not vals_list:
            return
        heads = self.env["qms.audit.head"]
        keys = {(vals["res_model"], vals["res_id"]) for vals in vals_list}
        transaction, ends = heads._lock(keys)
        rows = self._prepare_common_values(vals_list, channel, transaction)
        for row in rows:
            key = row["res_model"], row["res_id"]
            seq, last = ends.get(key, (0, ""))
            row.update(seq=seq + 1, prev_hash=last)
            row["hash"] = entry_hash(row, last)
            ends[key] = row["seq"], row["hash"]
        # the ends first: of a record that has none yet, this is what two collide on
        heads._advance(ends)
        self._insert(rows)

    def _prepare_common_values(self, vals_list, channel, transaction):
        """Return the entries with their date, group, channel and user's name."""
        common = {
            "transaction": transaction,
            "date": fields.Datetime.to_string(fields.Datetime.now()),
            "channel": channel,
        }
        users = self.env["res.users"].browse({vals["user_id"] for vals in vals_list})
        # sudo: the trail names people to those who may not read users
        names = {user.id: f"{user.name} ({user.login})" for user in users.sudo()}
        return [
            {**vals, **common, "user_name": names[vals["user_id"]]}
            for vals in vals_list
        ]

    def _insert(self, rows):
        """Insert entries by one statement, however many."""
        names = [*HASHED_FIELDS, "prev_hash", "hash"]
        values = [
            {name: row[name] or None for name in HASHED_FIELDS}
            | {"prev_hash": row["prev_hash"], "hash": row["hash"]}
            for row in rows
        ]
        self.env.cr.execute(
            SQL(
                """INSERT INTO qms_audit_entry (%(names)s)
                   SELECT %(names)s FROM json_to_recordset(%(values)s)
                       AS row (%(types)s)""",
                names=SQL(", ").join(map(SQL.identifier, names)),
                types=SQL(", ").join(
                    SQL("%s %s", SQL.identifier(name), SQL(_TYPES.get(name, "text")))
                    for name in names
                ),
                values=json.dumps(values),
            )
        )
