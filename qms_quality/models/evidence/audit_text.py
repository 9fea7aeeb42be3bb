"""Values of fields, as people read them in the audit trail."""

import json
from collections import defaultdict

from odoo.exceptions import MissingError
from odoo.tools import html2plaintext

LANG = "en_US"


class AuditText:
    """Turns the values that were kept into texts, always in the same language.

    First :meth:`expect_all` values, so that the names of the records that they refer to
    are read together.
    """

    def __init__(self, env):
        # sudo, and none of the caller's context: names must not depend on who writes
        self.env = env(su=True, context={"lang": LANG, "active_test": False})
        self._expected = defaultdict(set)
        self._names = {}
        self._labels = {}
        self._choices = {}

    # -- Names of records --------------------------------------------------------------

    def expect_all(self, values, record):
        """Note which records values refer to: ``[(field, value), …]``."""
        for field, value in values:
            model = self._get_comodel(field, record)
            if model and value:
                self._expected[model].update(value)

    def _get_comodel(self, field, record):
        if field.relational:
            return field.comodel_name
        if field.type == "many2one_reference":
            model = record[field.model_field]
            return model if model in self.env else None
        return None

    def _get_name(self, model, res_id):
        if model not in self._names:
            self._names[model] = self._read_names(model)
        return self._names[model].get(res_id) or f"{model},{res_id} (deleted)"

    def _read_names(self, model):
        records = self.env[model].browse(self._expected[model])
        if hasattr(records, "_qms_get_names"):
            return records._qms_get_names()
        try:
            return {record.id: record.display_name for record in records}
        except MissingError:
            return {record.id: record.display_name for record in records.exists()}

    # -- Fields ------------------------------------------------------------------------

    def label(self, field):
        """Return the name of a field."""
        if field not in self._labels:
            self._labels[field] = field._description_string(self.env)
        return self._labels[field]

    def text(self, field, value, record):
        """Return a value as text, empty where there is none."""
        if value is None or value is False and field.type != "boolean":
            return ""
        method = getattr(self, f"_text_{field.type}", None)
        if method:
            return method(field, value)
        model = self._get_comodel(field, record)
        if model:
            names = [self._get_name(model, res_id) for res_id in value]
            return ", ".join(sorted(names))
        return str(value)

    def _text_boolean(self, field, value):
        return "Yes" if value else "No"

    def _text_selection(self, field, value):
        if field not in self._choices:
            self._choices[field] = dict(field._description_selection(self.env))
        return self._choices[field].get(value, str(value))

    def _text_float(self, field, value):
        digits = field.get_digits(self.env)
        return f"{value:.{digits[1]}f}" if digits else f"{value:.15g}"

    def _text_datetime(self, field, value):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"

    def _text_html(self, field, value):
        return html2plaintext(value)

    def _text_json(self, field, value):
        return json.dumps(value, sort_keys=True, default=str, ensure_ascii=False)

    _text_properties = _text_json

    # -- Changes -----------------------------------------------------------------------

    def changes(self, field, old, new, record):
        """Yield ``(label, old text, new text)`` of a changed field.

        Of links to several records, what was added and removed; of a translated field,
        each language.
        """
        if field.translate:
            yield from self._get_translation_changes(field, old, new)
        elif field.type == "many2many":
            yield (
                self.label(field),
                self.text(field, set(old) - set(new), record),
                self.text(field, set(new) - set(old), record),
            )
        else:
            yield (
                self.label(field),
                self.text(field, old, record),
                self.text(field, new, record),
            )

    def _get_translation_changes(self, field, old, new):
        texts = [
            {lang: self.text(field, text, None) for lang, text in values.items()}
            for values in (old, new)
        ]
        for lang in sorted({*old, *new}):
            before, after = (values.get(lang, "") for values in texts)
            if before != after:
                label = self.label(field)
                yield label if lang == LANG else f"{label} [{lang}]", before, after
