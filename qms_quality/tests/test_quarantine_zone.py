from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestQuarantineZone(QmsCase):
    """Receipts are diverted into the zone; a decision sends them on."""

    def setUp(self):
        super().setUp()
        self.rule = self.env["qms.status.rule"].create(
            {
                "product_id": self.product.id,
                "status_id": self.under_inspection.id,
                "divert": True,
            }
        )

    def _receive(self, quantity=10, product=None, name="NEW", steps="one_step"):
        """Procure from the vendor as a purchase order does, and receive."""
        self.warehouse.reception_steps = steps
        dest = self.warehouse.in_type_id.default_location_dest_id
        receipt = self._picking("incoming", quantity, product, dest=dest)
        receipt.move_ids.location_final_id = self.stock
        receipt.action_confirm()
        if name:
            receipt.move_ids.move_line_ids.lot_name = name
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        return receipt

    def _next(self, moves):
        move = moves.move_dest_ids
        move.picked = True
        move.picking_id.with_user(self.clerk).button_validate()
        return move

    @property
    def zone(self):
        return self.warehouse.qms_quarantine_location_id

    def _places(self, lot):
        quants = lot.quant_ids.filtered(
            lambda q: q.quantity > 0 and q.location_id.usage == "internal"
        )
        return {quant.location_id: quant.quantity for quant in quants}

    def test_one_step(self):
        receipt = self._receive()
        lot = receipt.move_line_ids.lot_id
        self.assertEqual(self._places(lot), {self.zone: 10})
        self.assertEqual(self.zone.qms_zone, "quarantine")
        self.assertFalse(receipt.move_ids.move_dest_ids)
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_two_steps(self):
        receipt = self._receive(steps="two_steps")
        lot = receipt.move_line_ids.lot_id
        self.assertEqual(self._places(lot), {self.warehouse.wh_input_stock_loc_id: 10})
        move = self._next(receipt.move_ids)
        self.assertEqual(move.state, "done")
        self.assertEqual(self._places(lot), {self.zone: 10})
        self.assertFalse(move.move_dest_ids)

    def test_three_steps(self):
        receipt = self._receive(steps="three_steps")
        move = self._next(receipt.move_ids)
        self.assertEqual(move.state, "done")
        self.assertEqual(self._places(receipt.move_line_ids.lot_id), {self.zone: 10})
        self.assertFalse(move.move_dest_ids)

    def test_other_products_go_their_way(self):
        for steps in ("one_step", "two_steps", "three_steps"):
            receipt = self._receive(product=self.untracked, name=False, steps=steps)
            moves = receipt.move_ids
            while moves.move_dest_ids:
                moves = self._next(moves)
            self.assertEqual(moves.location_dest_id, self.stock)
        self.assertFalse(self.zone)

    def test_rule_of_another_partner(self):
        self.rule.partner_id = self.env["res.partner"].create({"name": "Other"})
        receipt = self._receive()
        self.assertEqual(receipt.move_ids.location_dest_id, self.stock)

    def test_customer_return(self):
        """Goods that come back from a customer are diverted by their own rule."""
        self.rule.arrival = "receipt"
        lot = self._make_lot("SOLD")
        back = self._picking("incoming", 1, source=self.customer)
        back.action_confirm()
        self.assertEqual(back.move_ids.location_dest_id, self.stock)
        self.rule.arrival = "customer_return"
        back = self._picking("incoming", 1, source=self.customer)
        back.action_confirm()
        self.assertEqual(back.move_ids.location_dest_id, self.zone)
        self.assertTrue(lot)

    def _decide(self, lot, passed):
        """As the validation of a quality order does: release, hold, send on."""
        self.env["qms.hold"].sudo().search([("lot_id", "=", lot.id)])._release("ok")
        if not passed:
            self._hold(lot=lot)
        quants = lot.quant_ids.filtered(lambda q: q.location_id.usage == "internal")
        return (
            self.env["stock.quant"]
            .with_user(self.inspector)
            ._qms_after_decision(quants.with_user(self.inspector), passed)
        )

    def test_passed_goods_are_put_away(self):
        lot = self._receive().move_line_ids.lot_id
        picking = self._decide(lot, True).sudo()
        self.assertEqual(picking.state, "assigned")
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertEqual(picking.location_dest_id, self.stock)
        self.assertFalse(self._decide(lot, True), "they are on their way")
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(self._places(lot), {self.stock: 10})

    def test_passed_goods_are_moved_at_once_where_so_set(self):
        self.warehouse.qms_zone_done = True
        lot = self._receive().move_line_ids.lot_id
        picking = self._decide(lot, True).sudo()
        self.assertEqual(picking.state, "done")
        self.assertEqual(self._places(lot), {self.stock: 10})

    def test_failed_goods_go_to_the_reject_zone(self):
        self.warehouse.qms_zone_done = True
        lot = self._receive().move_line_ids.lot_id
        self._decide(lot, False)
        reject = self.warehouse.qms_reject_location_id
        self.assertEqual(reject.qms_zone, "reject")
        self.assertEqual(self._places(lot), {reject: 10})
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        self.assertFalse(self._decide(lot, False), "they are there")

    def test_goods_held_for_another_reason_stay(self):
        lot = self._receive().move_line_ids.lot_id
        quant = lot.quant_ids.filtered(lambda q: q.location_id == self.zone)
        pickings = self.env["stock.quant"]._qms_after_decision(quant, True)
        self.assertFalse(pickings)

    def test_goods_outside_a_zone_stay(self):
        lot = self._make_lot("L1")
        quant = self._stock_up(5, lot)
        for passed in (True, False):
            self.assertFalse(self.env["stock.quant"]._qms_after_decision(quant, passed))

    def test_only_those_goods_are_sent(self):
        """Older goods in the zone are not taken in place of those decided on."""
        old = self._receive(name="OLD").move_line_ids.lot_id
        self.env["qms.hold"].search([("lot_id", "=", old.id)])._release("ok")
        lot = self._receive(name="YOUNG").move_line_ids.lot_id
        picking = self._decide(lot, True).sudo()
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertEqual(picking.move_line_ids.quantity, 10)

    def test_package_stays_together(self):
        package = self.env["stock.package"].create({"name": "PAL"})
        zone = self.warehouse._qms_get_quarantine()
        lot = self._make_lot("L1", self._make_product("Cream"))
        quant = self._stock_up(5, lot, zone, package=package)
        self.warehouse.qms_zone_done = True
        self.env["stock.quant"]._qms_after_decision(quant, True)
        self.assertEqual(self._places(lot), {self.stock: 5})
        goods = lot.quant_ids.filtered(lambda q: q.location_id == self.stock)
        self.assertEqual(goods.package_id, package)

    def test_zones_are_the_quality_managers(self):
        keeper = self._make_user("qms_keeper", "stock.group_stock_manager")
        shelf = self.shelf.with_user(keeper)
        with self.assertRaises(AccessError) as caught:
            shelf.qms_zone = "quarantine"
        self.assertEqual(
            str(caught.exception),
            "Only quality managers may change which places belong to a quality zone:"
            " DAIRY/Stock/Shelf.",
        )
        zone = self.warehouse._qms_get_quarantine()
        with self.assertRaises(AccessError):
            shelf.location_id = zone
        with self.assertRaises(AccessError) as caught:
            self.warehouse.with_user(keeper).action_create_qms_zones()
        self.assertEqual(
            str(caught.exception), "Only quality managers may set up quality zones."
        )
        self.warehouse.with_user(self.manager).action_create_qms_zones()
        self.assertTrue(self.warehouse.qms_reject_location_id)
