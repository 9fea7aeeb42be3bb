from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import STOCK_USER, QmsCase


@tagged("post_install", "-at_install")
class TestPointOfSaleTour(QmsCase, HttpCase):
    """A cashier at the till, in the browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "pos.config" not in cls.env:
            cls.config = None
            return
        # core lets nobody without rights on lots sell a product tracked by them
        cls.cashier = cls._make_user(
            "qms_cashier", "point_of_sale.group_pos_user", STOCK_USER
        )
        cls.cashier.password = cls.cashier.login
        category = cls.env["pos.category"].create({"name": "Farm shop"})
        cls.config = cls.env["pos.config"].create(
            {
                "name": "Farm shop",
                "limit_categories": True,
                "iface_available_categ_ids": [Command.set(category.ids)],
            }
        )
        cls.place = cls.config.picking_type_id.default_location_src_id
        cls.product.name = "Yoghurt of the tour"
        (cls.product | cls.untracked).write(
            {
                "available_in_pos": True,
                "list_price": 2,
                "pos_categ_ids": [Command.set(category.ids)],
            }
        )

    def setUp(self):
        super().setUp()
        if not self.config:
            self.skipTest("Point of Sale is not installed")

    def _start(self, tour):
        self.config.with_user(self.cashier).open_ui()
        url = f"/pos/ui/{self.config.id}"
        self.start_tour(url, tour, login=self.cashier.login, timeout=180)
        return self.config.current_session_id.order_ids

    def test_a_held_lot_is_refused_on_the_screen(self):
        lots = [self._make_lot(name) for name in ("HELD", "FREE-1", "FREE-2")]
        for lot in lots:
            self._stock_up(10, lot, self.place)
        self._hold(lot=lots[0], reason="Mould on the lid")
        order = self._start("qms_cashier_types_a_held_lot")
        self.assertEqual(order.lines.pack_lot_ids.mapped("lot_name"), ["FREE-1"])
        self.assertEqual(order.picking_ids.state, "done")
        self.assertEqual(order.picking_ids.move_line_ids.lot_id, lots[1])

    def test_a_sale_of_held_goods_becomes_an_activity(self):
        self._stock_up(5, product=self.untracked, location=self.place)
        self.env["qms.hold"].with_user(self.manager)._place(
            [
                {
                    "product_id": self.untracked.id,
                    "location_id": self.place.id,
                    "status_id": self.on_hold.id,
                    "reason": "Test",
                }
            ]
        )
        order = self._start("qms_cashier_sells_held_goods")
        self.assertEqual(order.state, "paid")
        self.assertNotEqual(order.picking_ids.state, "done")
        activity = order.picking_ids.activity_ids
        self.assertEqual(activity.user_id, self.manager)
        self.assertEqual(activity.summary, "Held goods were sold")
        self.assertIn("Salt", activity.note)
