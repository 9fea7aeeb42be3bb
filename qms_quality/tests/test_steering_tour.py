from odoo.tests import HttpCase, tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
class TestSteeringTour(SteeringCase, HttpCase):
    """A worker chooses lots for a customer who doesn't take them all."""

    def test_worker_takes_what_fits(self):
        group = self.env.ref("stock.group_production_lot")
        self.env.ref("base.group_user").implied_ids += group
        self._stock_lot("NZ", 15, {self.origin: self.new_zealand})
        cl = self._stock_lot("CL", 25, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(10)
        picking.do_unreserve()
        self.start_tour(
            f"/odoo/action-stock.stock_picking_action_picking_type/{picking.id}",
            "qms_worker_takes_what_fits",
            login=self.clerk.login,
            timeout=300,
        )
        self.env.invalidate_all()
        self.assertEqual(picking.move_line_ids.lot_id, cl)
        self.assertEqual(picking.move_line_ids.quantity, 10)
