from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestWarning(QmsMrpCase):
    """Goods in a status that warns: the button asks, and the answer is recorded."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.careful = cls.env["qms.inspection.status"].create(
            {
                "name": "Use first",
                "code": "FIRST",
                "policy_delivery": "warn",
                "policy_consumption": "warn",
                "policy_scrap": "warn",
            }
        )

    def setUp(self):
        super().setUp()
        self.lot = self._make_lot("L1")
        self._stock_up(100, self.lot)
        self.hold = self._hold(self.careful, lot=self.lot)

    def _deliver(self, quantity=10):
        delivery = self._delivery(quantity, self.lot)
        return delivery.with_user(self.clerk)

    def _entries(self, moves):
        entries = self.env["qms.audit.entry"].search(
            [
                ("res_model", "=", "stock.move"),
                ("res_id", "in", moves.ids),
                ("event", "=", "warned"),
            ]
        )
        return entries.mapped("reason")

    def _confirm(self, action, user):
        self.assertEqual(action["res_model"], "qms.warning")
        warning = (
            self.env["qms.warning"]
            .with_user(user)
            .with_context(**action["context"])
            .browse(action["res_id"])
        )
        return warning.action_confirm()

    def test_transfer(self):
        delivery = self._deliver()
        action = delivery.button_validate()
        self.assertEqual(delivery.state, "assigned")
        warning = self.env["qms.warning"].browse(action["res_id"])
        self.assertEqual(
            warning.text,
            "Milk · L1 · DAIRY/Stock\n"
            f"    {self.hold.with_user(self.clerk)._get_reason_text()}",
        )
        self._confirm(action, self.clerk)
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self._entries(delivery.move_ids), ["Confirmed"])

    def test_without_the_button(self):
        delivery = self._deliver()
        delivery.move_ids.sudo()._action_done()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self._entries(delivery.move_ids), ["Not confirmed by anyone"])

    def test_several_transfers_are_asked_once(self):
        both = self._deliver() | self._deliver(20)
        action = both.button_validate()
        self._confirm(action, self.clerk)
        self.assertEqual(set(both.mapped("state")), {"done"})

    def test_batch(self):
        if "stock.picking.batch" not in self.env:
            self.skipTest("stock_picking_batch is not installed")
        both = self._deliver() | self._deliver(20)
        batch = self.env["stock.picking.batch"].with_user(self.clerk)
        batch = batch.create({"picking_ids": [(6, 0, both.ids)]})
        batch.action_confirm()
        action = batch.action_done()
        self.assertEqual(batch.state, "in_progress")
        self._confirm(action, self.clerk)
        self.assertEqual(set(both.mapped("state")), {"done"})
        self.assertEqual(batch.state, "done")
        self.assertEqual(self._entries(both.move_ids), ["Confirmed"] * 2)

    def test_backorder_after_the_warning(self):
        delivery = self._deliver()
        delivery.move_ids.sudo().product_uom_qty = 15
        action = self._confirm(delivery.button_validate(), self.clerk)
        self.assertEqual(action["res_model"], "stock.backorder.confirmation")
        wizard = (
            self.env["stock.backorder.confirmation"]
            .with_user(self.clerk)
            .with_context(**action["context"])
            .create({})
        )
        wizard.process()
        self.assertEqual(delivery.state, "done")
        self.assertEqual(self._entries(delivery.move_ids), ["Confirmed"])

    def test_confirmation_is_for_these_goods_only(self):
        delivery = self._deliver()
        self._confirm(delivery.button_validate(), self.clerk)
        other = self._deliver()
        action = other.button_validate()
        self.assertEqual(action["res_model"], "qms.warning")
        other.move_ids.sudo()._action_done()
        self.assertEqual(self._entries(other.move_ids), ["Not confirmed by anyone"])

    def test_confirmation_can_not_be_forged(self):
        delivery = self._deliver()
        action = delivery.button_validate()
        warning = self.env["qms.warning"].browse(action["res_id"])
        with self.assertRaises(AccessError):
            warning.with_user(self.clerk).write({"confirmed": True})
        with self.assertRaises(AccessError) as caught:
            warning.with_user(self.clerk).sudo().write({"confirmed": True})
        self.assertEqual(
            str(caught.exception), "A warning is confirmed by its button only."
        )
        with self.assertRaises(AccessError) as caught:
            warning.with_user(self.operator).action_confirm()
        action = delivery.with_context(qms_warning_asked=True).button_validate()
        self.assertEqual(action["res_model"], "qms.warning")

    def test_manufacturing_order(self):
        order = self._make_order(self._make_bom([(self.product, 5)]))
        order = order.with_user(self.operator)
        action = order.button_mark_done()
        self.assertNotEqual(order.state, "done")
        self._confirm(action, self.operator)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._entries(order.move_raw_ids), ["Confirmed"])

    def test_scrap(self):
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.clerk)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_id": self.lot.id,
                    "scrap_qty": 1,
                    "location_id": self.stock.id,
                }
            )
        )
        action = scrap.action_validate()
        self.assertEqual(scrap.state, "draft")
        self._confirm(action, self.clerk)
        self.assertEqual(scrap.state, "done")
        self.assertEqual(self._entries(scrap.move_ids), ["Confirmed"])

    def test_nothing_to_warn_of(self):
        self.hold._release("ok")
        delivery = self._deliver()
        self.assertIs(delivery.button_validate(), True)
