from odoo.tests import HttpCase, tagged

from .common_near_expiry import NearExpiryCase


@tagged("post_install", "-at_install", "qms_native")
class TestNearExpiryTour(NearExpiryCase, HttpCase):
    """A shelf-life manager works off his list in the browser."""

    def test_worklist(self):
        self.Row.search([])._close("Test", settled=True)
        lots = {
            name: self._make_dated_lot(name, days, quantity=quantity)
            for name, days, quantity in (
                ("TOUR-1", 2, 100),
                ("TOUR-2", 3, 10),
                ("TOUR-3", 4, 10),
            )
        }
        self._run()
        self.keeper.password = self.keeper.login
        self.start_tour(
            "/odoo/near-expiry", "qms_near_expiry_worklist", login=self.keeper.login
        )
        for name in ("TOUR-1", "TOUR-2"):
            row = self._row(lots[name], "done")
            self.assertEqual(
                (row.kind, row.reason), ("destroy", "Cold chain was broken")
            )
            self.assertEqual(row.decided_by_id, self.keeper)
            self.assertEqual(self._quantity(self.stock, lots[name]), 0)
        row = self._row(lots["TOUR-3"], "decided")
        self.assertEqual((row.kind, row.quantity), ("donate", 4))
        self.assertEqual(row.move_ids.picking_id.partner_id, self.client)
        self.assertEqual(self._row(lots["TOUR-3"]).stock_quantity, 6)
