import tempfile

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request
from odoo.tools import config

KEPT_IN_MEMORY = 10 * 1024 * 1024


class AuditController(http.Controller):
    """Downloads of the audit trail and of its seals."""

    @http.route("/qms_quality/audit/export/<int:export_id>", type="http", auth="user")
    def export(self, export_id):
        """Hand out the entries that an export dialog chose, as JSON lines."""
        export = request.env["qms.audit.export"].browse(export_id).exists()
        if not export or export.create_uid != request.env.user:
            raise request.not_found()
        entries = request.env["qms.audit.entry"]
        file = self._write_lines(entries._iterate_lines(export._get_entry_domain()))
        return self._download(file, export._get_file_name(), "application/x-ndjson")

    def _write_lines(self, lines):
        """Write lines to a temporary file: an export may be larger than memory."""
        file = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY, dir=config["data_dir"])
        for line in lines:
            file.write(line.encode())
        file.seek(0)
        return file

    @http.route("/qms_quality/audit/seal/<int:seal_id>", type="http", auth="user")
    def seal(self, seal_id):
        """Hand out the file of a seal."""
        seal = request.env["qms.audit.seal"].browse(seal_id).exists()
        if not seal:
            raise request.not_found()
        try:
            seal.check_access("read")
        except AccessError as error:
            raise request.not_found() from error
        headers = self._get_headers(seal._get_file_name(), "application/json")
        return request.make_response(seal._get_file_text(), headers)

    def _download(self, file, name, mimetype):
        response = request.make_response(None, self._get_headers(name, mimetype))
        response.response = iter(lambda: file.read(1 << 16), b"")
        response.call_on_close(file.close)
        response.direct_passthrough = True
        return response

    def _get_headers(self, name, mimetype):
        return [
            ("Content-Type", mimetype),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
