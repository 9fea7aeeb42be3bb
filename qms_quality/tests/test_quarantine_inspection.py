from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestQuarantineInspection(InspectionCase):
    """From the gate of the farm to stock, or to the reject zone."""

    def setUp(self):
        super().setUp()
        # the rule diverts only: the quality order is what holds
        self.env["qms.status.rule"].create(
            {
                "product_id": self.product.id,
                "status_id": self.available.id,
                "divert": True,
            }
        )
        self.warehouse.qms_zone_done = True

    def _places(self, lot):
        quants = lot.quant_ids.filtered(
            lambda q: q.quantity > 0 and q.location_id.usage == "internal"
        )
        return {quant.location_id: quant.quantity for quant in quants}

    def _inspect(self, **kwargs):
        order = self._receive_order(**kwargs)
        zone = self.warehouse.qms_quarantine_location_id
        self.assertEqual(self._places(order.lot_ids)[zone], 10)
        return order

    def test_passed(self):
        order = self._inspect()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._places(order.lot_ids), {self.stock: 10})
        self.assertEqual(order.lot_ids.inspection_status_id, self.available)

    def test_failed(self):
        order = self._inspect()
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        reject = self.warehouse.qms_reject_location_id
        self.assertEqual(self._places(order.lot_ids), {reject: 10})
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)

    def test_known_lot(self):
        """Only what arrived is held and put away; the lot's older goods stay."""
        lot = self._make_lot("OLD")
        self._stock_up(4, lot, self.shelf)
        order = self._inspect(lots=[lot])
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._places(lot), {self.shelf: 4, self.stock: 10})
