from odoo.tests import HttpCase, tagged

from .common_look_ahead import LookAheadCase
from .test_expiry_notice import NoticeCase


@tagged("post_install", "-at_install", "qms_native")
class TestExpiryReportTour(LookAheadCase, HttpCase):
    def test_report(self):
        """A warehouse user reads the report: list, pivot, graph, a lot and back."""
        self.env["stock.quant"].search(
            [("product_id.use_expiration_date", "=", True)]
        ).lot_id.expiration_date = False
        self._make_dated_lot("TOUR SOON", 5, quantity=10)
        self._make_dated_lot("TOUR GONE", -1, quantity=3)
        self._make_dated_lot("TOUR LATE", 90, quantity=3)
        self.clerk.group_ids |= self.env.ref("stock.group_production_lot")
        self.clerk.password = "qms_clerk"
        self.start_tour(
            "/odoo/expiration-report", "qms_expiration_report", login="qms_clerk"
        )


@tagged("post_install", "-at_install", "qms_native")
class TestExpiryNoticeTour(NoticeCase, HttpCase):
    def test_notice(self):
        """A sales manager finds customers, leaves one out and tells the other."""
        self.seller.password = "qms_seller"
        self.start_tour("/odoo/expiry-notices", "qms_expiry_notice", login="qms_seller")
        found = {
            one.partner_id: one.state
            for one in self.notices.search([("lot_id", "=", self.soon.id)])
        }
        self.assertEqual(found, {self.shop: "sent", self.cafe: "discarded"})
