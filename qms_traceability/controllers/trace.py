import json
import re

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request
from odoo.tools import html_escape

from ..models.record.trace_page import MOST_ROOTS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
REPORT = "qms_traceability.report_item_tracing"


class TraceController(http.Controller):
    """A trace as a file: what the page shows, for those who may see it there."""

    @http.route("/qms_traceability/trace/xlsx", type="http", auth="user", readonly=True)
    def export_xlsx(self, model, ids, direction="both", date=None):
        """Hand out the trace of a document's lots as an Excel file."""
        return self._export(model, ids, direction, date, self._get_xlsx, XLSX, "xlsx")

    @http.route("/qms_traceability/trace/pdf", type="http", auth="user", readonly=True)
    def export_pdf(self, model, ids, direction="both", date=None):
        """Hand out the item tracing report of a document's lots."""
        kind = "application/pdf"
        return self._export(model, ids, direction, date, self._get_pdf, kind, "pdf")

    def _export(self, model, ids, direction, date, get_content, kind, ending):
        trace = request.env["qms.trace"]
        try:
            records = trace._get_traced_records(model, self._read_ids(ids))
            lots, _count = records._qms_get_traced_lots(MOST_ROOTS)
            content = get_content(lots, direction, date)
            name = trace._get_graph_title(records, lots)
        except UserError as error:
            return self._refuse(error)
        name = re.sub(r"[^\w]+", "-", name).strip("-")
        return request.make_response(
            content,
            [
                ("Content-Type", kind),
                ("Content-Disposition", content_disposition(f"{name}.{ending}")),
                ("Cache-Control", "no-store"),
            ],
        )

    def _read_ids(self, text):
        """Return the ids in a text such as ``12,13``; what is none is left out."""
        return [int(one) for one in text.split(",") if one.isdecimal()]

    def _refuse(self, error):
        """Return an error as the web client shows it."""
        payload = {
            "code": 200,
            "message": "Odoo Server Error",
            "data": http.serialize_exception(error),
        }
        return request.make_response(
            html_escape(json.dumps(payload)), status=error.http_status
        )

    def _get_xlsx(self, lots, direction, date):
        return request.env["qms.trace"]._get_workbook(lots, direction, date)

    def _get_pdf(self, lots, direction, date):
        reports = request.env["ir.actions.report"]
        if reports.get_wkhtmltopdf_state() == "install":
            raise UserError(
                request.env._(
                    "This server can't make PDF files: wkhtmltopdf is not installed"
                    " there. Take the Excel file, or ask your administrator."
                )
            )
        data = {"direction": direction, "date": date, "lot_ids": lots.ids}
        content, _kind = reports._render_qweb_pdf(REPORT, lots.ids, data=data)
        return content
