from odoo.tests import HttpCase, tagged

from .common import INSPECTOR, MANAGER
from .signing_case import RELEASE, SigningCase


@tagged("post_install", "-at_install", "qms_native")
class TestSignatureTour(SigningCase, HttpCase):
    """Sign in the browser, as those who do."""

    def test_inspector_signs_the_validation(self):
        self._rule(meaning_ids=[(6, 0, self.reviewed.ids)])
        order = self._ready_order()
        # the password is the login: quotes could be spoilt on their way to the server
        signer = self._make_user('it\'s "mine" \\ & 100%', INSPECTOR)
        url = f"/odoo/quality-orders/{order.id}"
        self.start_tour(url, "qms_inspector_signs", login=signer.login)
        self.assertEqual(order.state, "validated")
        self.assertEqual(self._signatures(order).user_id, signer)

    def test_two_sign_a_release(self):
        reason = self.env["qms.hold.reason"].create(
            {"name": "Accepted by two", "usage": "release"}
        )
        self._rule(
            RELEASE, MANAGER, signature_count=2, meaning_ids=[(6, 0, self.reviewed.ids)]
        )
        hold = self._hold(lot=self._make_lot("TOUR-SIGN"))
        url = f"/odoo/quality-holds/{hold.id}"
        self.start_tour(url, "qms_manager_signs_first", login=self.manager.login)
        self.assertEqual(hold.state, "open")
        self.start_tour(url, "qms_second_signs", login=self.second.login)
        self.assertEqual((hold.state, hold.release_reason), ("released", reason.name))
        self.assertEqual(self._signatures(hold).user_id, self.manager | self.second)
