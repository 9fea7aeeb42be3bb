from odoo.tests import tagged

from .common import STOCK_USER
from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestStatusRuleArrival(RouteCase):
    """Goods that a customer sent back, or that were made or taken apart, start so too.

    Each rule is about all products, so what arrives in another way shows that only
    its own way counts.
    """

    def setUp(self):
        super().setUp()
        self.worker = self._make_user("qms_worker", "mrp.group_mrp_user", STOCK_USER)

    def _rule(self, arrival):
        self.env["qms.status.rule"].create(
            {"arrival": arrival, "status_id": self.under_inspection.id}
        )

    def _make_cake(self):
        """Let the worker make a lot of cake of ``self.free``; return the order."""
        order = self._fill_order(self._make_order(), self.free)
        order = order.with_user(self.worker)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        return order

    def test_production_output(self):
        self._rule("output")
        made = self._make_cake().lot_producing_ids.sudo()
        self.assertEqual(made.inspection_status_id, self.under_inspection)
        hold = made.qms_hold_ids.filtered(lambda hold: hold.state == "open")
        self.assertFalse(hold.provisional, "its goods are there")
        self.assertEqual(self.free.inspection_status_id, self.available)

    def test_unbuild(self):
        self._rule("unbuild")
        order = self._make_cake()
        made = order.lot_producing_ids
        self.assertEqual(made.inspection_status_id, self.available)
        unbuild = order.env["mrp.unbuild"].create(
            {
                "product_id": order.product_id.id,
                "mo_id": order.id,
                "bom_id": order.bom_id.id,
                "lot_id": made.id,
                "product_qty": 1,
                "location_id": self.stock.id,
                "location_dest_id": self.shelf.id,
            }
        )
        unbuild.action_validate()
        self.assertEqual(unbuild.state, "done")
        back = self.assertOneQuant(self.free, self.shelf)
        self.assertEqual(back.inspection_status_id, self.under_inspection)
        stayed = self.assertOneQuant(self.free)
        self.assertEqual(stayed.inspection_status_id, self.available)

    def test_customer_return(self):
        self._rule("customer_return")
        delivery = self._posted(lot=self.free)
        back = self._return(delivery, 2)
        back.move_ids.location_dest_id = self.shelf
        back.move_line_ids.location_dest_id = self.shelf
        back.move_ids.picked = True
        back.with_user(self.clerk).button_validate()
        self.assertEqual(back.state, "done")
        came = self.assertOneQuant(self.free, self.shelf)
        self.assertEqual(came.inspection_status_id, self.under_inspection)
        stayed = self.assertOneQuant(self.free)
        self.assertEqual(stayed.inspection_status_id, self.available)
