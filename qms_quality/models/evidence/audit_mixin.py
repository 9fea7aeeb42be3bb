from base64 import b64decode
from hashlib import sha256

from lxml.builder import E

from odoo import api, models, tools

from .audit_buffer import AuditBuffer

_BOX = "oe_button_box"
_READERS = "qms_quality.group_quality_inspector,qms_quality.group_compliance_officer"
_TECHNICAL = {"id", "parent_path", *models.LOG_ACCESS_COLUMNS}


class QmsAuditMixin(models.AbstractModel):
    """Gives a model its audit trail: every change, by whatever way it comes.

    Of a model of this system all stored fields are followed, of Odoo's own models those
    that this system added. ``qms_audit=False`` on a field leaves it out: what repeats
    another field, or what the entry itself says (who, when).
    """

    _name = "qms.audit.mixin"
    _description = "Audited Record"

    # The field that names the whole whose part this is. Parts made together with their
    # whole are not listed one by one: the whole's first entry counts them.
    _qms_audit_whole = None
    # Fields that say more about another: changed together, they are one entry.
    _qms_audit_joined = {}
    # The event that makes such a record.
    _qms_audit_made = "create"

    # -- Which fields ------------------------------------------------------------------

    def _valid_field_parameter(self, field, name):
        return name == "qms_audit" or super()._valid_field_parameter(field, name)

    @api.model
    @tools.ormcache("self._name")
    def _qms_audit_names(self):
        """Return the names of the fields that are followed."""
        return frozenset(
            name for name, field in self._fields.items() if self._qms_is_audited(field)
        )

    @api.model
    def _qms_is_audited(self, field):
        """Tell whether a field is followed."""
        if not field.store or field.related or field.type == "one2many":
            return False
        if field.name in _TECHNICAL or not getattr(field, "qms_audit", True):
            return False
        if not self._qms_is_core():
            return "mail" not in field._modules
        return all(name.startswith("qms_") for name in field._modules or ["base"])

    @api.model
    def _qms_is_core(self):
        """Tell whether the model is Odoo's own."""
        return not self._name.startswith("qms.")

    # -- Following changes -------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if self._qms_audit_names():
            for _record, changes in AuditBuffer.of(self.env).get(records):
                changes.is_new = True
            self.env["qms.reason.rule"]._check_event(records, "create")
        return records

    def write(self, vals):
        names = self and self._qms_audit_names() & vals.keys()
        if not names:
            return super().write(vals)
        rules = self.env["qms.reason.rule"]
        asked = rules._get_asked_names(self, names)
        before = asked and self._qms_get_values(asked)
        self._qms_follow(names)
        res = super().write(vals)
        if asked:
            rules._check_changes(self, before)
        return res

    def _compute_field_value(self, field):
        computed = {other.name for other in self.pool.field_computed[field]}
        names = self._qms_audit_names() & computed
        if names:
            self._qms_follow(names)
        return super()._compute_field_value(field)

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        if field_name in self._qms_audit_names():
            self._qms_follow({field_name})
        return super()._update_field_translations(
            field_name, translations, digest=digest, source_lang=source_lang
        )

    def unlink(self):
        if not self or not self._qms_audit_names():
            return super().unlink()
        self.env["qms.reason.rule"]._check_event(self, "delete")
        if AuditBuffer.is_pending(self.env, self):
            # while they still have names
            self.env["qms.audit.entry"]._write_pending()
        rows = self._qms_prepare_deletions()
        res = super().unlink()
        buffer = AuditBuffer.of(self.env)
        for row in rows:
            buffer.changes[row["res_model"]].pop(row["res_id"], None)
        buffer.deletions += rows
        return res

    def _qms_prepare_deletions(self):
        """Return the entries of these records and of all that is deleted with them."""
        rows = self.env["qms.audit.entry"]._prepare_deletions(self)
        for model, name in self._qms_get_cascades():
            # sudo: the database deletes them whoever may see them
            parts = self.env[model].sudo().with_context(active_test=False)
            parts = parts.search([(name, "in", self.ids)])
            if parts:
                rows += parts._qms_prepare_deletions()
        return rows

    @api.model
    @tools.ormcache("self._name")
    def _qms_get_cascades(self):
        """Return model and field of what the database deletes with these records."""
        return [
            (model, field.name)
            for model in self.pool
            if hasattr(self.pool[model], "_qms_audit_names")
            and not self.pool[model]._abstract
            for field in self.env[model]._fields.values()
            if field.type == "many2one"
            and field.store
            and field.comodel_name == self._name
            and field.ondelete == "cascade"
        ]

    @api.model
    @tools.ormcache("self._name")
    def _qms_get_part_names(self):
        """Return the fields that list parts, which this record's first entry counts."""
        return [
            name
            for name, field in self._fields.items()
            if field.type == "one2many"
            and field.inverse_name
            and getattr(self.pool[field.comodel_name], "_qms_audit_whole", None)
            == field.inverse_name
        ]

    def _qms_follow(self, names):
        """Keep the values of fields before they change, the first of each flush."""
        fields = [self._fields[name] for name in sorted(names)]
        missing = [
            (record, changes)
            for record, changes in AuditBuffer.of(self.env).get(self)
            if not names <= changes.old.keys()
        ]
        # sudo: the trail follows what the user may not read
        records = self.browse(record.id for record, _changes in missing)
        records = records.sudo().with_context(active_test=False)
        for record, (_same, changes) in zip(records, missing, strict=True):
            for field in fields:
                if field.name not in changes.old:
                    changes.old[field.name] = record._qms_get_value(field)

    def _qms_get_value(self, field):
        """Return the value of a field in a form that can be kept and compared."""
        if field.translate:
            stored = field._get_stored_translations(self) or {}
            # what starts with _ waits to be confirmed by a translator
            return {k: v for k, v in stored.items() if not k.startswith("_")}
        value = self[field.name]
        if field.relational:
            return tuple(sorted(value._ids))
        if field.type == "many2one_reference":
            return (value,) if value else ()
        if field.type == "binary" and value:
            # a form asks for the size alone
            content = b64decode(self.with_context(bin_size=False)[field.name])
            return f"{len(content)} bytes, SHA-256 {sha256(content).hexdigest()}"
        return value

    def _qms_get_repeated_names(self):
        """Return the fields whose change the entry of another record says already."""
        return ()

    def _qms_get_values(self, names):
        fields = [self._fields[name] for name in sorted(names)]
        records = self.sudo().with_context(active_test=False)
        return {
            record.id: {field.name: record._qms_get_value(field) for field in fields}
            for record in records
        }

    # -- Events of actions -------------------------------------------------------------

    def _audit(self, event, changes=None, reason=None):
        """Say which action changes these records, and why.

        The entries of what it changes carry the event's name. Where nothing that is
        followed changes, one entry says that it took place.

        :param str event: what happened, in a word
        :param dict changes: ``{field name: (old, new)}``, texts that replace those that
            the trail would write, the same for every record; or nothing
        :param str reason: why
        """
        rows = [(name, None, old, new) for name, (old, new) in (changes or {}).items()]
        entries = self.env["qms.audit.entry"]
        entries._note(self, event, dict.fromkeys(self.ids, rows), reason)

    def _qms_content_changed(self):
        """React to changes of these records, once their entries are written."""

    # -- Screens -----------------------------------------------------------------------

    def action_open_audit(self):
        """Open the audit trail of these records."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "qms_quality.qms_audit_entry_action"
        )
        return {
            **action,
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            # which record it is need not be said of one
            "context": {"qms_of_record": len(self) == 1},
        }

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Show the button of the trail on every form of the model."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and self._qms_audit_names():
            self._qms_add_audit_button(arch)
        return arch, view

    def _qms_add_audit_button(self, arch):
        sheet = arch.find("sheet")
        if sheet is None or arch.xpath("//button[@name='action_open_audit']"):
            return
        boxes = sheet.xpath(".//div[@name='button_box']")
        box = boxes[0] if boxes else E.div(name="button_box", **{"class": _BOX})
        if not boxes:
            sheet.insert(0, box)
        box.append(
            E.button(
                E.div(
                    E.span(self.env._("Audit Trail"), **{"class": "o_stat_text"}),
                    **{"class": "o_stat_info"},
                ),
                name="action_open_audit",
                type="object",
                icon="fa-history",
                invisible="not id",
                groups=_READERS,
                **{"class": "oe_stat_button"},
            )
        )
