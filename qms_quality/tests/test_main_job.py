from odoo.tests import HttpCase, tagged

from .common import QmsCase


@tagged("post_install", "-at_install", "qms_native")
class TestMainJob(QmsCase, HttpCase):
    """Receive, inspect, be refused, deliver: in the browser, as three users."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.group_user").implied_ids += cls.env.ref(
            "stock.group_production_lot"
        )
        test_model = cls.env["qms.test"]
        ph = test_model.create({"code": "T-PH", "name": "pH"})
        inhibitors = test_model.create(
            {"code": "T-INH", "name": "Inhibitors", "test_type": "pass_fail"}
        )
        group = cls.env["qms.test.group"].create(
            {
                "name": "Milk",
                "line_ids": [
                    (
                        0,
                        0,
                        {"test_id": ph.id, "lower_limit": 6.6, "upper_limit": 6.8},
                    ),
                    (0, 0, {"test_id": inhibitors.id}),
                ],
            }
        )
        group.with_user(cls.manager).action_activate()
        cls.env["qms.quality.association"].create(
            {
                "name": "Milk",
                "event": "receipt",
                "test_group_id": group.id,
                "product_ids": cls.product.ids,
                "user_id": cls.inspector.id,
            }
        )

    def _open(self, picking, tour):
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            tour,
            login=self.clerk.login,
        )

    def test_from_receipt_to_release(self):
        receipt = self._picking("incoming", 100)
        receipt.action_confirm()
        self._open(receipt, "qms_clerk_receives_milk")
        lot = receipt.move_line_ids.lot_id
        self.assertEqual(lot.name, "TOUR-MILK")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

        self.start_tour(
            "/odoo/quality-orders",
            "qms_inspector_validates_milk",
            login=self.inspector.login,
        )
        self.assertEqual(lot.inspection_status_id, self.available)

    def test_held_lot_is_delivered_only_after_its_release(self):
        lot = self._make_lot("TOUR-HELD")
        self._stock_up(10, lot)
        for hold in lot.qms_hold_ids:
            hold._release("Test")
        hold = self._hold(lot=lot, reason="Suspected contamination")
        delivery = self._delivery(4, lot)
        self._open(delivery, "qms_clerk_is_refused")
        self.assertEqual(self._quantity(self.stock, lot), 10)
        self.start_tour(
            f"/odoo/quality-holds/{hold.id}",
            "qms_manager_releases",
            login=self.manager.login,
        )
        self.assertRecordValues(
            hold,
            [
                {
                    "state": "released",
                    "release_reason": "Accepted by quality",
                    "released_by_id": self.manager.id,
                }
            ],
        )
        self._open(delivery, "qms_clerk_delivers")
        self.assertEqual(self._quantity(self.stock, lot), 6)
