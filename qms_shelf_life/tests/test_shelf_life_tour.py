from odoo.tests import HttpCase, tagged

from .expiry_case import ExpiryCase


@tagged("post_install", "-at_install", "qms_native")
class TestShelfLifeTour(ExpiryCase, HttpCase):
    """Rules, dates of lots and refusals, in the browser of those who work with them."""

    def _tour(self, name, url, user):
        user.password = user.login
        self.env.flush_all()
        self.start_tour(url, name, login=user.login)
        self.env.invalidate_all()

    def test_rule_dates_and_refusal(self):
        """A manager stops picking and moves a date; a clerk ships nothing expired."""
        self.company.qms_expiry_change = True
        self.env["qms.expiry.rule"].search([]).active = False
        self.milk.name = "Tour Milk"
        near = self._make_dated_lot("NEAR", 2, quantity=5)
        self._tour("qms_shelf_life_rule", "/odoo/quality-expiry-rules", self.keeper)
        rule = self.env["qms.expiry.rule"].search([])
        self.assertEqual((rule.product_id, rule.days), (self.milk, 3))
        waiting = self._due(0)
        self.assertEqual(self._reserved(waiting.move_ids), {})
        url = f"/odoo/action-stock.action_production_lot_form/{near.id}"
        self._tour("qms_shelf_life_dates", url, self.keeper)
        day = near._qms_get_expiry_day(self.warehouse)
        self.assertEqual((day - self.today).days, 16)
        self.env.cr.precommit.run()
        entries = self.env["qms.audit.entry"].search(
            [
                ("res_model", "=", "stock.lot"),
                ("res_id", "=", near.id),
                ("event", "=", "change_expiry"),
            ]
        )
        self.assertEqual(set(entries.mapped("reason")), {"Re-test passed"})
        self.assertEqual(entries.user_id, self.keeper)
        self.assertEqual(self._reserved(waiting.move_ids), {"NEAR": 4})
        delivery = self._forced(lot=self._make_dated_lot("OLD", -1, quantity=5))
        action = "stock.action_picking_tree_outgoing"
        url = f"/odoo/action-{action}/{delivery.id}"
        self._tour("qms_shelf_life_refused", url, self.clerk)
        self.assertEqual(delivery.state, "assigned")
