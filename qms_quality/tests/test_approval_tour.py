from odoo.tests import HttpCase, tagged

from .common_approval import ApprovalCase


@tagged("post_install", "-at_install", "qms_native")
class TestApprovalTour(ApprovalCase, HttpCase):
    """Two people in the browser: one asks, the other signs and approves."""

    def test_one_asks_and_another_signs_and_approves(self):
        self.env["qms.hold.reason"].create(
            {"name": "Accepted by two", "usage": "release"}
        )
        self._make_rule({"name": "Plant", "needs_signature": True, "approver": "group"})
        for user in self.manager | self.second:
            user.password = user.login
        hold = self._make_hold("TOUR-APPROVE")
        url = f"/odoo/quality-holds/{hold.id}"
        self.start_tour(url, "qms_manager_asks_for_approval", login=self.manager.login)
        self.assertEqual(hold.state, "open")
        self.start_tour("/odoo", "qms_second_approves", login=self.second.login)
        self.assertEqual(hold.state, "released")
        request = self._get_request(hold, "used")
        self.assertEqual(request.vote_ids.user_id, self.second)
        self.assertEqual(request.qms_signature_ids.user_id, self.second)
