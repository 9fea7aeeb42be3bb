from base64 import b64decode, b64encode

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import get_lang

from ..quality_order import INSPECTOR
from .quality_order_record import MAX_ROWS
from .reading_file import NoTextFile, ReadingFile, arm, write_file
from .reading_row import KEYS

MAX_BYTES = 10_000_000


class QmsReadingImport(models.TransientModel):
    """Readings from a file: shown first, then all of them recorded or none."""

    _name = "qms.reading.import"
    _description = "Import Readings"

    order_id = fields.Many2one(
        "qms.quality.order",
        string="Quality Order",
        domain=[("state", "in", ("draft", "open"))],
        ondelete="cascade",
        help="Rows that name no order are about this one.",
    )
    file = fields.Binary(attachment=False)
    filename = fields.Char()
    decimal_point = fields.Selection(
        [("language", "As in my language"), (".", "Point: 4.1"), (",", "Comma: 4,1")],
        string="Decimals",
        required=True,
        default="language",
    )
    line_ids = fields.One2many("qms.reading.import.line", "import_id", readonly=True)
    is_checked = fields.Boolean()
    wrong_count = fields.Integer(readonly=True)
    ready_count = fields.Integer(readonly=True)
    skipped_count = fields.Integer(readonly=True)
    template = fields.Binary(compute="_compute_template")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        if self.env.context.get("active_model") == "qms.quality.order":
            values.setdefault("order_id", self.env.context.get("active_id"))
        return values

    @api.onchange("file", "order_id", "decimal_point")
    def _onchange_file(self):
        self.is_checked = False

    # -- Actions -----------------------------------------------------------------------

    def action_check(self):
        """Show what each row of the file would do; record nothing.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the file can't be read
        """
        self._check_inspector()
        self._show(*self._enter(keep=False))
        return self._get_own_action()

    def action_import(self):
        """Record all rows of the file. If one is wrong, show them, and record nothing.

        :raise AccessError: if the user is no inspector
        :raise ReasonRequired: if only reasons for change are missing
        :raise UserError: if the file can't be read
        """
        self._check_inspector()
        rows, skipped = self._enter(keep=True)
        wrong = [row for row in rows if row.problem]
        if wrong and all(row.is_unexplained for row in wrong):
            self.env["qms.quality.order"]._refuse_rows(rows)
        if wrong or not rows:
            self._show(rows, skipped)
            return self._get_own_action()
        return self._get_done_action(rows)

    def action_template(self):
        """Download a file to fill in: the missing readings of the order, if any."""
        self.ensure_one()
        name = (self.order_id.name or self.env._("readings")).replace("/", "-")
        path = f"/web/content/{self._name}/{self.id}/template/{name}.csv"
        return {"type": "ir.actions.act_url", "url": f"{path}?download=true"}

    def _check_inspector(self):
        self.ensure_one()
        self.env["qms.quality.order"]._check_group(INSPECTOR)

    def _get_own_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Readings"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def _get_done_action(self, rows):
        orders = self.env["qms.quality.order"].union(*(row.order for row in rows))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(readings)s readings of %(orders)s quality orders recorded.",
                    readings=len(rows),
                    orders=len(orders),
                ),
                "next": orders._get_action([("id", "in", orders.ids)]),
            },
        }

    # -- Entering ----------------------------------------------------------------------

    def _enter(self, keep):
        """Enter the rows of the file, and undo it unless all are to be kept.

        :return: list of :class:`ReadingRow`, and the lines without a value
        """
        pairs, skipped = self._get_pairs()
        orders = self.env["qms.quality.order"]
        if self.decimal_point != "language":
            orders = orders.with_context(qms_decimal_point=self.decimal_point)
        savepoint = self.env.cr.savepoint()
        try:
            rows = orders._enter_rows(pairs, follow=keep)
            for row in rows:
                row.keep_answer()
        except Exception:
            savepoint.close(rollback=True)
            raise
        savepoint.close(rollback=not keep or any(row.problem for row in rows))
        return rows, skipped

    def _show(self, rows, skipped):
        """Keep what the rows do, to be shown."""
        self.line_ids.unlink()
        vals_list = [row.prepare_line() for row in rows] + skipped
        self.env["qms.reading.import.line"].create(
            [{**vals, "import_id": self.id} for vals in vals_list]
        )
        wrong = sum(bool(row.problem) for row in rows)
        self.write(
            {
                "is_checked": True,
                "wrong_count": wrong,
                "ready_count": len(rows) - wrong,
                "skipped_count": len(skipped),
            }
        )

    # -- The file ----------------------------------------------------------------------

    @api.model
    def _get_column_labels(self):
        """Return what the columns are called for people, by key."""
        return {
            "reading": self.env._("Reading ID"),
            "order": self.env._("Quality Order"),
            "test": self.env._("Test"),
            "sample": self.env._("Sample"),
            "number": self.env._("Number"),
            "lot": self.env._("Lot/Serial Number"),
            "value": self.env._("Value"),
            "unit": self.env._("Unit"),
            "note": self.env._("Note"),
            "reason": self.env._("Reason"),
        }

    @api.model
    def _get_column_keys(self):
        """Return the key of each name that a column can have, in small letters."""
        english = self.with_context(lang="en_US")._get_column_labels()
        keys = {key: key for key in KEYS}
        for labels in (english, self._get_column_labels()):
            keys.update({label.casefold(): key for key, label in labels.items()})
        return keys

    def _get_pairs(self):
        """Return the rows of the file as (line, row), and lines without a value.

        :raise UserError: says what is wrong with the file
        """
        keys = self._get_column_keys()
        file = self._read_file(keys)
        columns = self._get_columns(file.header, keys)
        self._check_shape(file, columns)
        pairs, skipped = [], []
        for line, values in file.rows:
            row = self._prepare_row(columns, values)
            if "value" in row or "note" in row:
                pairs.append((line, row))
            else:
                skipped.append(self._prepare_skipped(line, row))
        return pairs, skipped

    def _read_file(self, keys):
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        content = b64decode(self.with_context(bin_size=False).file)
        if len(content) > MAX_BYTES:
            raise UserError(
                self.env._("The file is larger than %s MB.", MAX_BYTES // 1_000_000)
            )
        try:
            return ReadingFile(content, keys)
        except NoTextFile:
            raise UserError(
                self.env._(
                    "%s is no text in columns. In a spreadsheet, save it as CSV.",
                    self.filename or self.env._("The file"),
                )
            ) from None

    def _get_columns(self, header, keys):
        """Return the key of each column, ``None`` for one without a name.

        :raise UserError: names columns that are unknown, missing or there twice
        """
        columns = [keys.get(name.casefold()) for name in header]
        unknown = [
            name for name, key in zip(header, columns, strict=True) if name and not key
        ]
        known = [key for key in columns if key]
        needed = {"value"}
        if "reading" not in known:
            needed |= {"test"} if self.order_id else {"order", "test"}
        problems = [
            (self.env._("Unknown columns: %s."), unknown),
            (self.env._("Missing columns: %s."), sorted(needed - set(known))),
            (
                self.env._("Columns that are there twice: %s."),
                sorted({key for key in known if known.count(key) > 1}),
            ),
        ]
        texts = [text % ", ".join(names)[:500] for text, names in problems if names]
        if texts:
            texts.append(self.env._("A file can have: %s.", ", ".join(KEYS)))
            raise UserError("\n".join(texts))
        return columns

    def _check_shape(self, file, columns):
        if not file.rows:
            raise UserError(self.env._("The file has no rows below its header."))
        if len(file.rows) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "%(count)s rows are too many for one file. Split it into files of"
                    " at most %(max)s rows.",
                    count=len(file.rows),
                    max=MAX_ROWS,
                )
            )
        wrong = [
            str(line)
            for line, values in file.rows
            if any(
                value.strip() and (place >= len(columns) or not columns[place])
                for place, value in enumerate(values)
            )
        ]
        if wrong:
            raise UserError(
                self.env._(
                    "These lines have values in columns without a name: %s. A text with"
                    " the sign between the columns in it stands in quotes.",
                    ", ".join(wrong)[:500],
                )
            )

    def _prepare_row(self, columns, values):
        """Return one row as :meth:`record_readings` takes it, without empty cells."""
        row = {
            key: arm(value.strip())
            for key, value in zip(columns, values, strict=False)
            if key and value.strip()
        }
        if self.order_id and not {"order", "reading"} & row.keys():
            row["order"] = self.order_id.id
        return row

    def _prepare_skipped(self, line, row):
        return {
            "line": line,
            "action": "skip",
            "reading_name": row.get("test", "")[:200],
            "message": self.env._("no value"),
        }

    # -- The template ------------------------------------------------------------------

    @api.depends("order_id")
    def _compute_template(self):
        comma = get_lang(self.env).decimal_point == ","
        for wizard in self:
            rows = [wizard._get_template_columns(), *wizard._get_template_rows()]
            wizard.template = b64encode(write_file(rows, ";" if comma else ","))

    @api.model
    def _get_template_columns(self):
        return ["order", "test", "lot", "sample", "number", "value", "unit", "note"]

    def _get_template_rows(self):
        """Return a row for each reading that is missing."""
        self.order_id.check_access("read")
        missing = self.order_id.result_ids.filtered(
            lambda one: (
                not one.is_recorded
                and not one.is_automatic
                and one.test_type != "picture"
            )
        )
        targets = self.order_id._get_read_targets() if missing else {}
        return [
            [
                self.order_id.name,
                result.test_line_id._get_unique_key(),
                result.lot_id.name or "",
                targets[result._get_target_key()],
                result.number,
                "",
                result.uom_id.name or "",
                "",
            ]
            for result in missing
        ]
