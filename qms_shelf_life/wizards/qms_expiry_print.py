import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

from ..models.look_ahead.expiry_sheet import write_sheet

_logger = logging.getLogger(__name__)

PRINTED = 2_000
EXPORTED = 200_000
CHUNK = 2_000
# What the columns show, and how.
COLUMNS = (
    ("product_id", "text"),
    ("categ_id", "text"),
    ("lot_id", "text"),
    ("warehouse_id", "text"),
    ("location_id", "text"),
    ("quantity", "number"),
    ("uom_id", "text"),
    ("value", "amount"),
    ("currency_id", "text"),
    ("expiry_day", "date"),
    ("sell_by_day", "date"),
    ("days_left", "integer"),
    ("status", "text"),
    ("at_risk_quantity", "number"),
    ("at_risk_value", "amount"),
)


class QmsExpiryPrint(models.TransientModel):
    """A choice of what expires, on paper or as an Excel file."""

    _name = "qms.expiry.print"
    _description = "Print of the Expiration Report"

    domain = fields.Json(help="Which rows of the report; empty: all.")
    row_count = fields.Integer(string="Rows", compute="_compute_row_count")

    @api.constrains("domain")
    def _check_domain(self):
        for choice in self:
            try:
                choice._find(limit=1)
            except (ValueError, TypeError, AttributeError, KeyError) as error:
                raise ValidationError(
                    self.env._("This is no choice of rows: %s", error)
                ) from error

    def _compute_row_count(self):
        rows = self.env["qms.expiry.report"]
        for choice in self:
            choice.row_count = rows.search_count(choice._get_domain())

    def _get_domain(self):
        return Domain(self.domain or [])

    def _find(self, limit=None):
        """Return the rows of this choice, what expires first before the others."""
        return self.env["qms.expiry.report"].search(self._get_domain(), limit=limit)

    def action_print(self):
        """Print the rows.

        :raise UserError: if there are none, or too many for paper
        """
        self._check_count(PRINTED)
        report = self.env.ref("qms_shelf_life.action_report_expiry")
        return report.report_action(self)

    def action_export(self):
        """Download the rows as an Excel file.

        :raise UserError: if there are none, or too many
        """
        self._check_count(EXPORTED)
        return {
            "type": "ir.actions.act_url",
            "url": f"/qms_shelf_life/expiry/{self.id}",
            "target": "download",
        }

    def _check_count(self, limit):
        self.ensure_one()
        if not self.row_count:
            raise UserError(
                self.env._(
                    "There is no stock to print. Change the filters of the report."
                )
            )
        if self.row_count > limit:
            raise UserError(
                self.env._(
                    "These are %(count)s rows, and at most %(limit)s fit. Choose fewer"
                    " with the filters of the report.",
                    count=self.row_count,
                    limit=limit,
                )
            )

    # -- What is handed out ------------------------------------------------------------

    def _get_columns(self):
        """Return ``(label, kind)`` of each column, in the user's language."""
        fields_ = self.env["qms.expiry.report"]._fields
        return [
            (fields_[name]._description_string(self.env), kind)
            for name, kind in COLUMNS
        ]

    def _iterate_rows(self):
        """Yield the values of each row, in the order of the columns."""
        statuses = self._get_status_names()
        for ids in split_every(CHUNK, self._find()._ids):
            rows = self.env["qms.expiry.report"].browse(ids)
            for row in rows:
                yield [
                    statuses[row.status] if name == "status" else row._get_cell(name)
                    for name, kind in COLUMNS
                ]
            rows.invalidate_recordset()

    def _get_status_names(self):
        field = self.env["qms.expiry.report"]._fields["status"]
        return dict(field._description_selection(self.env))

    def _get_file(self):
        """Return the rows as an Excel file, in bytes."""
        title = self.env._("Expiration Report")
        return write_sheet(title, self._get_columns(), self._iterate_rows())

    def _get_file_name(self, kind="xlsx"):
        today = fields.Date.context_today(self)
        return f"{self.env._('Expiration Report')} {today}.{kind}"

    def _get_figures(self):
        """Return ``(status, currency, rows, value, value at risk)`` of each status."""
        names = self._get_status_names()
        groups = self.env["qms.expiry.report"]._read_group(
            self._get_domain(),
            ["status", "currency_id"],
            ["__count", "value:sum", "at_risk_value:sum"],
        )
        order = list(names)
        return [
            (names[status], *rest)
            for status, *rest in sorted(
                groups, key=lambda one: (order.index(one[0]), one[1].id)
            )
        ]

    def _get_files(self):
        """Return the report as ``(name, content)``: on paper, and as an Excel file.

        What is too long for paper, or can't be printed here, is there as a file only.
        """
        files = [(self._get_file_name(), self._get_file())]
        if self.row_count > PRINTED:
            return files
        try:
            content, kind = self.env["ir.actions.report"]._render_qweb_pdf(
                "qms_shelf_life.report_expiry", self.ids
            )
        except UserError as error:
            _logger.warning("The expiration report isn't printed: %s", error)
            return files
        return [(self._get_file_name(kind), content), *files]

    def _get_company(self):
        """Return whose letterhead the report has."""
        companies = self._find(limit=PRINTED).company_id
        return companies if len(companies) == 1 else self.env.company
