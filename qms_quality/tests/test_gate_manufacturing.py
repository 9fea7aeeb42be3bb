from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_mrp import QmsMrpCase


@tagged("post_install", "-at_install")
class TestGateManufacturing(QmsMrpCase):
    """An order that lacks a component because it is held is not worked on."""

    def setUp(self):
        super().setUp()
        self.held = self._make_lot("HELD")
        self.free = self._make_lot("FREE")
        self._stock_up(40, self.held)
        self._stock_up(12, self.free)
        self.hold = self._hold(lot=self.held)
        self.bom = self._make_bom([(self.product, 50)], operations=1)
        self.order = self._make_order(self.bom).with_user(self.operator)

    def _assert_refused(self, function, *args):
        with self.assertRaisesRegex(UserError, "is held"), self.cr.savepoint():
            function(*args)

    def test_refusal_in_full(self):
        with self.assertRaises(UserError) as caught:
            self.order.button_mark_done()
        self.assertEqual(
            str(caught.exception),
            f"{self.order.name} can't be started, worked on or closed: what is missing"
            " of these components is held.\n"
            "Milk: 12 Units available, 40 Units held (50 Units needed)\n"
            f"    {self.hold.with_user(self.operator)._get_reason_text()}\n"
            "Ask for the release, get other goods, or reduce or split the order.",
        )

    def test_banner(self):
        self.assertEqual(
            self.order.qms_shortage,
            "Milk: 12 Units available, 40 Units held (50 Units needed)",
        )
        form = Form(self.order)
        self.assertIn("40 Units held", form.qms_shortage)

    def test_start(self):
        self._assert_refused(self.order.action_start)
        self._assert_refused(self.order.write, {"state": "progress"})

    def test_quantity_producing(self):
        self._assert_refused(self.order.write, {"qty_producing": 1})

    def test_close(self):
        self._assert_refused(self.order.button_mark_done)
        self._assert_refused(self.order.write, {"state": "done"})
        self._assert_refused(self.order.write, {"state": "to_close"})

    def test_work_order(self):
        work = self.order.workorder_ids
        self._assert_refused(work.button_start)
        self._assert_refused(work.button_finish)
        self._assert_refused(work.action_mark_as_done)
        self._assert_refused(work.set_state, "progress")
        self._assert_refused(work.set_state, "done")
        self._assert_refused(work.write, {"state": "progress"})
        self._assert_refused(work.write, {"state": "done"})
        self._assert_refused(work.write, {"qty_produced": 1})

    def test_create_started(self):
        vals = {
            "product_id": self.yoghurt.id,
            "bom_id": self.bom.id,
            "product_qty": 1,
            "product_uom_id": self.yoghurt.uom_id.id,
            "picking_type_id": self.warehouse.manu_type_id.id,
            "location_src_id": self.stock.id,
            "state": "progress",
            "move_raw_ids": [
                (
                    0,
                    0,
                    {
                        "product_id": self.product.id,
                        "product_uom_qty": 50,
                        "product_uom": self.product.uom_id.id,
                        "location_id": self.stock.id,
                        "location_dest_id": self.yoghurt.property_stock_production.id,
                    },
                )
            ],
        }
        Order = self.env["mrp.production"].with_user(self.operator)
        self._assert_refused(Order.create, vals)

    def test_release_resolves(self):
        self.hold._release("ok")
        self.order.action_assign()
        self.assertFalse(self.order.qms_shortage)
        self.order.workorder_ids.button_start()
        self.order.workorder_ids.button_finish()
        self.order.button_mark_done()
        self.assertEqual(self.order.state, "done")

    def test_other_goods_resolve(self):
        self._stock_up(38, self._make_lot("OTHER"))
        self.assertFalse(self.order.qms_shortage)
        self.order.action_assign()
        self.order.button_mark_done()
        self.assertEqual(self.order.state, "done")
        self.assertNotIn(self.held, self.order.move_raw_ids.move_line_ids.lot_id)

    def test_plain_shortage_is_odoos_business(self):
        bom = self._make_bom([(self.untracked, 5)])
        order = self._make_order(bom).with_user(self.operator)
        self.assertFalse(order.qms_shortage)
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    def test_reserved_from_allowed_goods(self):
        """What is held elsewhere does not matter to an order that has its goods."""
        self.order.do_unreserve()
        order = self._make_order(self._make_bom([(self.product, 12)]))
        self.assertFalse(order.qms_shortage)
        self.assertEqual(order.reservation_state, "assigned")
        order.with_user(self.operator).button_mark_done()
        self.assertEqual(order.state, "done")

    def test_held_elsewhere_is_a_plain_shortage(self):
        other = self.env["stock.warehouse"].create({"name": "Far", "code": "FAR"})
        salt = self.untracked
        self._stock_up(10, product=salt, location=other.lot_stock_id)
        self._hold(product=salt, location=other.lot_stock_id)
        order = self._make_order(self._make_bom([(salt, 5)]))
        self.assertFalse(order.qms_shortage)
        order.with_user(self.operator).button_mark_done()
        self.assertEqual(order.state, "done")

    def test_untracked_held_in_a_place_inside_the_source(self):
        """Closing would take from the source itself, and leave it negative."""
        salt = self.untracked
        self._stock_up(10, product=salt, location=self.shelf)
        self._hold(product=salt, location=self.shelf)
        order = self._make_order(self._make_bom([(salt, 5)]))
        self.assertIn("10 Units held", order.qms_shortage)
        self._assert_refused(order.with_user(self.operator).button_mark_done)

    def test_goods_reserved_by_others_are_not_available(self):
        delivery = self._picking("outgoing", 12)
        self.order.do_unreserve()
        delivery.action_confirm()
        self.assertEqual(delivery.move_ids.quantity, 12)
        self.assertIn("Milk: 0 Units available", self.order.qms_shortage)

    def test_held_for_delivery_only(self):
        self.hold._release("ok")
        conditional = self.env.ref("qms_quality.status_conditional")
        self._hold(conditional, lot=self.held)
        self.order.action_assign()
        self.assertFalse(self.order.qms_shortage)
        self.order.button_mark_done()
        self.assertEqual(self.order.state, "done")

    def test_components_picked_in_another_step(self):
        """Goods held where they are picked from hold up the order, too."""
        self.warehouse.manufacture_steps = "pbm"
        salt = self.untracked
        self._stock_up(10, product=salt)
        self._hold(product=salt, location=self.stock)
        bom = self._make_bom([(salt, 5)])
        order = self.env["mrp.production"].create(
            {
                "product_id": self.yoghurt.id,
                "bom_id": bom.id,
                "product_qty": 1,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        self.assertIn("10 Units held", order.qms_shortage)
        self._assert_refused(order.with_user(self.operator).button_mark_done)

    def test_components_cost_few_queries(self):
        """One query where nothing is held, two where anything is, of 20 components."""
        products = [self._make_product(f"Part {n}") for n in range(20)]
        for product in products:
            self._stock_up(5, self._make_lot(product.name, product))
        order = self._make_order(self._make_bom([(p, 5) for p in products]))
        order.move_raw_ids._qms_get_shortages()
        self.env.flush_all()
        self.env["product.product"].invalidate_model(["qms_blocked_types"])
        with self.assertQueryCount(1):
            order.move_raw_ids._qms_get_shortages()
        for product in products:
            lot = self._make_lot("HELD", product)
            self._stock_up(5, lot)
            self._hold(lot=lot)
        self.env.flush_all()
        with self.assertQueryCount(2):
            self.assertFalse(order.move_raw_ids._qms_get_shortages())
        order.do_unreserve()
        order.move_raw_ids.product_uom_qty = 7
        order.move_raw_ids._qms_get_shortages()
        self.env.flush_all()
        self.env.invalidate_all()
        order.move_raw_ids.mapped("product_id.uom_id.name")
        order.move_raw_ids.mapped("location_id.parent_path")
        # who looks at the components has read their order
        order.mapped("qms_disposition_id")
        with self.assertQueryCount(10):
            shortages = order.move_raw_ids._qms_get_shortages()
        self.assertEqual(len(shortages), 20)
