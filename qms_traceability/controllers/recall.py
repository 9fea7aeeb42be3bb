from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.recall.recall_export import KINDS

PATH = "/my/recalls"
REPORT = "qms_traceability.action_report_recall_notice"
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/ld+json",
}


class RecallPortal(CustomerPortal):
    """Where customers read recall notices to their company, and answer them.

    A notice is shown to the customer's own portal users, and to whoever has the link of
    the mail. Nobody else learns whether there is one.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "recall_count" in counters:
            notices = request.env["qms.recall.customer"]
            values["recall_count"] = (
                notices.search_count([]) if notices.has_access("read") else 0
            )
        return values

    @http.route(
        [PATH, f"{PATH}/page/<int:page>"], type="http", auth="user", website=True
    )
    def recalls(self, page=1, **kwargs):
        """List the notices to the user's company, the newest first."""
        notices = request.env["qms.recall.customer"]
        if not notices.has_access("read"):
            return request.redirect("/my")
        step = self._items_per_page
        pages = pager(url=PATH, total=notices.search_count([]), page=page, step=step)
        values = {
            **self._prepare_portal_layout_values(),
            "notices": notices.search([], limit=step, offset=pages["offset"]).sudo(),
            "page_name": "recall",
            "pager": pages,
            "default_url": PATH,
        }
        return request.render("qms_traceability.portal_recalls", values)

    @http.route(
        f"{PATH}/<int:notice_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def recall(self, notice_id, access_token=None, report_type=None, **kwargs):
        """Show a notice, or its file."""
        notice = self._find_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        if report_type == "pdf":
            return self._show_report(notice, "pdf", REPORT, kwargs.get("download"))
        return self._render_notice(notice, access_token)

    @http.route(
        f"{PATH}/<int:notice_id>/acknowledge",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def acknowledge(self, notice_id, access_token=None, **post):
        """Note that the customer has read the notice."""
        notice = self._find_notice(notice_id, access_token)
        if not notice or request.env.user._is_internal():
            return request.redirect("/my")
        notice._acknowledge_portal()
        return request.redirect(notice.get_portal_url(query_string="&done=read"))

    @http.route(
        f"{PATH}/<int:notice_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def answer(self, notice_id, access_token=None, **post):
        """Take what the customer entered as his answer."""
        notice = self._find_notice(notice_id, access_token)
        if not notice:
            return request.redirect("/my")
        if request.env.user._is_internal():
            problems = [request.env._("Enter the customer's answer on the notice.")]
        else:
            problems = notice._save_portal_answer(post, post.get("answered_by"))
        if problems:
            return self._render_notice(notice, access_token, post, problems)
        return request.redirect(notice.get_portal_url(query_string="&done=sent"))

    # -- Common ------------------------------------------------------------------------

    def _find_notice(self, notice_id, access_token):
        """Return the notice that was sent, as superuser, if it is the visitor's.

        :return: ``qms.recall.customer``, or ``None``
        """
        token = access_token if (access_token or "").isascii() else None
        try:
            found = self._document_check_access("qms.recall.customer", notice_id, token)
        except (AccessError, MissingError):
            return None
        if not found.sudo().date_told and not request.env.user._is_internal():
            return None
        # as the visitor, whom the audit trail names
        return request.env["qms.recall.customer"].sudo().browse(found.id)

    def _render_notice(self, notice, access_token, post=None, problems=()):
        internal = request.env.user._is_internal()
        values = {
            "notice": notice,
            "lines": notice.line_ids.filtered("is_told") or notice.line_ids,
            "page_name": "recall",
            "post": post or {},
            "problems": problems,
            "done": request.params.get("done") if not post else None,
            "can_answer": notice._is_awaited() and not internal,
            "is_public": request.env.user._is_public(),
            "res_company": notice.company_id,
        }
        values = self._get_page_view_values(
            notice, access_token, values, "my_recalls_history", False
        )
        page = request.render("qms_traceability.portal_recall", values)
        page.headers.update(
            {
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return page


class RecallController(http.Controller):
    """The files of a recall."""

    @http.route(
        "/qms_traceability/recall/<int:recall_id>/<string:kind>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def export(self, recall_id, kind):
        """Hand out a file to those who may read the recall."""
        recall = request.env["qms.recall"].browse(recall_id).exists()
        if kind not in KINDS or not recall:
            raise request.not_found()
        try:
            recall.check_access("read")
        except AccessError as error:
            raise request.not_found() from error
        name, kind, content = recall._get_export(kind)
        return request.make_response(
            content,
            [
                ("Content-Type", TYPES[kind]),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
