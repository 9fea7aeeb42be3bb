from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ExpiryController(http.Controller):
    """The expiration report as a file."""

    @http.route("/qms_shelf_life/expiry/<int:print_id>", type="http", auth="user")
    def export(self, print_id):
        """Hand out the rows that a user chose, as an Excel file."""
        choice = request.env["qms.expiry.print"].browse(print_id).exists()
        if not choice or choice.create_uid != request.env.user:
            raise request.not_found()
        try:
            content = choice._get_file()
        except AccessError as error:
            raise request.not_found() from error
        return request.make_response(
            content,
            [
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(choice._get_file_name())),
                ("Cache-Control", "no-store"),
            ],
        )
