from odoo import http
from odoo.http import request

from ..models.inspection.certificate.certificate_page import PATH


class CertificateController(http.Controller):
    """The page that tells anybody whether a certificate is genuine and current."""

    @http.route(
        [PATH, f"{PATH}/<string:token>"],
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def certificate(self, token=None, code=None):
        """Show what is known of a certificate, or ask for its code.

        :param str token: from the QR code
        :param str code: the same, typed into the page
        """
        token = (token or code or "").strip()
        answer = {}
        if token:
            answer = request.env["qms.certificate"]._get_public_answer(token)
        page = request.render(
            "qms_quality.certificate_page", {"answer": answer, "path": PATH}
        )
        if answer.get("standing") == "unknown":
            page.status_code = 404
        page.headers.update(
            {
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return page
