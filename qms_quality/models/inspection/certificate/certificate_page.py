import re
from base64 import b64encode
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import format_date

PATH = "/quality/certificate"
TOKEN = re.compile(r"[\w-]{32}", re.ASCII)


class QmsCertificate(models.Model):
    """What the public page says of a certificate, and the way to it."""

    _inherit = "qms.certificate"

    def _get_page_url(self):
        """Return the address of the page that vouches for this certificate."""
        self.ensure_one()
        # sudo: who may print the certificate may print its address
        return f"{self.get_base_url()}{PATH}/{self.sudo().token}"

    def _get_qr_code(self):
        """Return the address of its page as an image, for ``src``."""
        image = self.env["ir.actions.report"].barcode(
            "QR", self._get_page_url(), width=240, height=240, quiet=0
        )
        return f"data:image/png;base64,{b64encode(image).decode()}"

    @api.model
    def _get_public_answer(self, token):
        """Return what anybody may know who has a certificate in his hands.

        No reading, no customer: only what tells a copy from a forgery.

        :param str token: from the QR code
        :return: ``{"standing": …}``, and the number, date, goods and issuer of one that
            was issued
        """
        # sudo: the public has no rights; the token is the proof
        certificate = self.sudo().browse()
        if TOKEN.fullmatch(token):
            certificate = certificate.search([("token", "=", token)])
        if not certificate or certificate.state == "draft":
            return {"standing": "unknown"}
        return {
            "standing": certificate._get_standing(),
            "number": certificate.name,
            "date": format_date(self.env, certificate._get_day_of_issue()),
            "issuer": certificate.company_id.name,
            "goods": [
                (goods.product_name, goods.lot_names) for goods in certificate.goods_ids
            ],
        }

    def _get_day_of_issue(self):
        """Return the day of issue where the company is, the same for every reader."""
        self.ensure_one()
        # sudo: the zone of a company is no secret
        zone = self.company_id.sudo().partner_id.tz or "UTC"
        issued = self.date_issued.replace(tzinfo=ZoneInfo("UTC"))
        return issued.astimezone(ZoneInfo(zone)).date()

    def _get_standing(self):
        """Return whether this certificate can be relied on today.

        ``current``, ``superseded`` or ``withdrawn``; ``held``, if the goods are held or
        their inspection was opened again; ``changed``, if they were tested again since.
        """
        self.ensure_one()
        if self.state != "issued":
            return self.state
        if self.goods_ids._get_holds() or self._has_reopened():
            return "held"
        parts = [*self.goods_ids, *self.line_ids]
        current = all(part._is_current() for part in parts)
        return "current" if current and not self._is_tested_again() else "changed"

    def _has_reopened(self):
        """Tell whether an order doesn't speak for this certificate any more."""
        orders, tests = self.goods_ids.order_ids, self.line_ids.order_test_id
        reopened = any(
            order.state != "validated" or order._has_failed(tests) for order in orders
        )
        lots = self.goods_ids.lot_ids
        return reopened or bool(orders._get_failed_untested(lots, self.company_id))

    def _is_tested_again(self):
        """Tell whether the goods have newer readings than those of this certificate."""
        orders = self.env["qms.quality.order"]
        governing = orders._get_governing_tests(self.goods_ids.lot_ids, self.company_id)
        return any(
            line.order_test_id not in governing[lot]
            for line in self.line_ids
            for lot in line.goods_id.lot_ids
        )
