from odoo.tests import HttpCase, tagged

from .common_dairy import DairyCase


@tagged("post_install", "-at_install")
class TestTraceTour(DairyCase, HttpCase):
    """The page of a trace on a tablet, as an inspector."""

    browser_size = "1024x768"
    touch_enabled = True

    def test_page(self):
        self.inspector.password = self.inspector.login
        self._hold(lot=self.curd_1, reason="Listeria suspected")
        self.start_tour(
            f"/odoo/lots/{self.curd_1.id}", "qms_trace_page", login="qms_inspector"
        )
