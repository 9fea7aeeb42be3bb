from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

PATH = "/my/supplier-claims"
REPORT = "qms_quality.action_report_supplier_claim"


class SupplierClaimPortal(CustomerPortal):
    """Where vendors read the claims to their company, and answer them.

    A claim is shown to the vendor's own portal users, and to whoever has the link of
    the mail. Nobody else learns whether there is one.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "supplier_claim_count" in counters:
            claims = request.env["qms.supplier.claim"]
            values["supplier_claim_count"] = (
                claims.search_count([]) if claims.has_access("read") else 0
            )
        return values

    # -- Reading -----------------------------------------------------------------------

    @http.route(
        [PATH, f"{PATH}/page/<int:page>"], type="http", auth="user", website=True
    )
    def supplier_claims(self, page=1, **kwargs):
        """List the claims to the user's company, the newest first."""
        claims = request.env["qms.supplier.claim"]
        if not claims.has_access("read"):
            return request.redirect("/my")
        step = self._items_per_page
        pages = pager(url=PATH, total=claims.search_count([]), page=page, step=step)
        values = {
            **self._prepare_portal_layout_values(),
            "claims": claims.search([], limit=step, offset=pages["offset"]),
            "page_name": "supplier_claim",
            "pager": pages,
            "default_url": PATH,
        }
        return request.render("qms_quality.portal_supplier_claims", values)

    @http.route(
        f"{PATH}/<int:claim_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def supplier_claim(self, claim_id, access_token=None, report_type=None, **kwargs):
        """Show a claim, or its file."""
        claim = self._find_claim(claim_id, access_token)
        if not claim:
            return request.redirect("/my")
        if report_type == "pdf":
            return self._show_report(claim, "pdf", REPORT, kwargs.get("download"))
        return self._render_claim(claim, access_token, sender=kwargs)

    @http.route(
        f"{PATH}/<int:claim_id>/files/<int:file_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def supplier_claim_file(self, claim_id, file_id, access_token=None, **kwargs):
        """Hand out a file that belongs to what the vendor sees."""
        claim = self._find_claim(claim_id, access_token)
        file = claim and claim._get_shared_file(file_id)
        if not file:
            raise request.not_found()
        stream = request.env["ir.binary"]._get_stream_from(file)
        # never shown in the page: what others handed in stays a file
        return stream.get_response(as_attachment=True)

    # -- Answering ---------------------------------------------------------------------

    @http.route(
        f"{PATH}/<int:claim_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def supplier_claim_answer(self, claim_id, access_token=None, **post):
        """Save what the vendor entered, and send it off if he says it is complete."""
        claim = self._find_claim(claim_id, access_token)
        if not claim:
            return request.redirect("/my")
        if request.env.user._is_internal():
            problems = [request.env._("Enter the vendor's answer on the claim itself.")]
            return self._render_claim(claim, access_token, problems=problems)
        problems = self._take_answer(claim, post)
        if problems:
            return self._render_claim(claim, access_token, post, problems)
        done = "sent" if claim.state == "answered" else "saved"
        return request.redirect(claim.get_portal_url(query_string=f"&done={done}"))

    def _take_answer(self, claim, post):
        """Return the problems, for people."""
        form = request.httprequest
        removed = {
            int(one)
            for one in form.form.getlist("remove_file")
            if one.isascii() and one.isdigit()
        }
        files = form.files.getlist("files")
        problems = claim._save_portal_answer(post, files, removed)
        if problems or post.get("step") != "send":
            return problems
        return claim._complete_portal_answer(post.get("answered_by"))

    # -- Common ------------------------------------------------------------------------

    def _find_claim(self, claim_id, access_token):
        """Return the claim that was sent, as superuser, if it is the visitor's.

        :return: ``qms.supplier.claim``, or ``None``
        """
        token = access_token if (access_token or "").isascii() else None
        try:
            found = self._document_check_access("qms.supplier.claim", claim_id, token)
        except (AccessError, MissingError):
            return None
        if found.state == "draft" and not request.env.user._is_internal():
            return None
        # as the visitor, whom the audit trail names
        return request.env["qms.supplier.claim"].sudo().browse(found.id)

    def _render_claim(self, claim, access_token, post=None, problems=(), sender=None):
        """Return the page.

        :param dict sender: may hold ``pid`` and ``hash``, which say whom a mail went to
        """
        values = {
            "claim": claim,
            "page_name": "supplier_claim",
            "post": post or {},
            "problems": problems,
            "done": request.params.get("done") if not post else None,
            "can_answer": claim.state == "sent" and not request.env.user._is_internal(),
            "is_public": request.env.user._is_public(),
            "res_company": claim.company_id,
        }
        known = {name: (sender or {}).get(name) for name in ("pid", "hash")}
        values = self._get_page_view_values(
            claim, access_token, values, "my_supplier_claims_history", False, **known
        )
        page = request.render("qms_quality.portal_supplier_claim", values)
        page.headers.update(
            {
                "Cache-Control": "no-store",
                "Referrer-Policy": "no-referrer",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return page
