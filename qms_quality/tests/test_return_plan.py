from odoo.tests import tagged

from .common_step import StepCase
from .route_case import RouteCase


@tagged("post_install", "-at_install")
class TestReturnPlan(StepCase):
    """Goods that customers return, by the return of a delivery."""

    _return = RouteCase._return

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.quality.plan"].search([]).active = False
        cls.rule = cls._rule("receipt")
        cls.plan = cls.env["qms.quality.plan"].create(
            {
                "code": "P",
                "name": "Plan",
                "product_id": cls.product.id,
                "return_order": True,
            }
        )

    def _come_back(self, quantity=4):
        """Receive, pass, deliver and take back part of a lot; return its order."""
        receipt = self._receive(["L1"])
        self.first = self._orders(receipt)
        self._inspect(self.first)
        delivery = self._picking("outgoing", 6).with_user(self.clerk)
        delivery.action_confirm()
        delivery.action_assign()
        delivery.button_validate()
        self.assertEqual(delivery.state, "done")
        back = self._return(delivery, quantity)
        back = back.with_user(self.clerk)
        back.action_confirm()
        back.action_assign()
        back.move_ids.move_line_ids.location_dest_id = self.shelf
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        return self._orders(back.sudo())

    def test_returned_goods_are_inspected(self):
        order = self._come_back()
        lot = self.first.lot_ids
        self.assertEqual(
            (order.event, order.lot_ids, order.quantity), ("customer_return", lot, 4)
        )
        self.assertEqual(order.test_group_ids, self.small)
        self.assertEqual(order.partner_id, self.partner)
        self.assertEqual(order.plan_copy_id.plan_id, self.plan)
        # what was never sold stays free
        self.assertEqual(self._held(order), [(self.under_inspection, lot, self.shelf)])
        self._inspect(order)
        self.assertFalse(self._held(order))

    def test_not_where_the_plan_does_not_say_so(self):
        self.plan.return_order = False
        self.assertFalse(self._come_back())

    def test_rule_goes_before_the_plan(self):
        rule = self._rule("customer_return")
        order = self._come_back()
        self.assertEqual(order.association_id, rule)

    def test_copied_to_the_new_lot_only(self):
        self.plan.return_copy_new_lot = True
        order = self._come_back()
        lot = self.first.lot_ids
        child = lot.with_user(self.inspector)._qms_split(4, self.shelf, "RETURNED")
        copy = child.qms_quality_order_ids.sudo()
        self.assertEqual(
            (copy.event, copy.quantity, copy.state, copy.former_id),
            ("customer_return", 4, "draft", order),
        )
        self.assertEqual(order.state, "cancelled")
        self.assertFalse(self._held(order))
        self.assertEqual(self._held(copy), [(self.under_inspection, child, self.shelf)])
        self._inspect(copy)
        self.assertFalse(
            self.env["qms.hold"].search(
                [("lot_id", "=", child.id), ("state", "=", "open")]
            )
        )

    def test_rest_stays_with_its_lot(self):
        self.plan.return_copy_new_lot = True
        order = self._come_back()
        self.first.lot_ids.with_user(self.inspector)._qms_split(3, self.shelf)
        self.assertEqual((order.state, order.quantity), ("draft", 1))

    def test_not_copied_without_the_option(self):
        order = self._come_back()
        child = self.first.lot_ids.with_user(self.inspector)._qms_split(4, self.shelf)
        self.assertFalse(child.qms_quality_order_ids)
        self.assertEqual(order.state, "draft")

    def test_put_away(self):
        self.plan.lot_auto = True
        zone = self._make_location("Returns", qms_zone="quarantine")
        zone.location_id = self.warehouse.view_location_id
        self.shelf = zone
        order = self._come_back()
        self._inspect(order)
        self.assertEqual(self._quantity(zone, order.lot_ids), 0)
        self.assertEqual(self._quantity(self.stock, order.lot_ids), 8)
