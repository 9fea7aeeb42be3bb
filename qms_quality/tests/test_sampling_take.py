from odoo.tests import tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingTake(SamplingCase):
    """What is taken of goods that arrive, through the receipts of a clerk."""

    def test_all_units(self):
        self._sample_by(self._make_plan("all"))
        self.assertEqual(self._receive_samples(["A"], quantity=7), [7])

    def test_fixed_quantity(self):
        self._sample_by(self._make_plan("fixed", quantity=3))
        self.assertEqual(self._receive_samples(["A"], quantity=10), [3])
        self.assertEqual(self._receive_samples(["B"], quantity=2), [2])

    def test_percent_of_each_receipt(self):
        """10 % of 100 in two receipts: 3 of 30, 7 of 70."""
        self._sample_by(self._make_plan("percent", percent=10), self.untracked)
        first, second = self._order_and_receive(100, 30, 70)
        self.assertEqual(first.mapped("sample_quantity"), [3])
        self.assertEqual(second.mapped("sample_quantity"), [7])

    def test_percent_of_loads(self):
        """5 % of loads of 100, 100 and 300."""
        self._sample_by(self._make_plan("percent", percent=5), self.untracked)
        samples = [
            self._receive_samples(product=self.untracked, quantity=quantity)
            for quantity in (100, 100, 300)
        ]
        self.assertEqual(samples, [[5], [5], [15]])

    def test_percent_rounds_units_up(self):
        self._sample_by(self._make_plan("percent", percent=10))
        self.assertEqual(self._receive_samples(["A"], quantity=21), [3])
        self.assertEqual(self._receive_samples(["B"], quantity=20), [2])

    def test_percent_of_what_is_weighed(self):
        milk = self._make_product("Raw milk", uom_id=self.kg.id)
        self._sample_by(self._make_plan("percent", percent=10), milk)
        order = self._orders(self._receive(["A"], product=milk, quantity=21))
        self.assertEqual(order.sample_quantity, 2.1)
        self.assertFalse(order.unit_ids)

    def test_percent_of_what_was_ordered(self):
        """10 % of 100: all of it from the first 50, nothing on the second."""
        plan = self._make_plan("percent", percent=10, basis="ordered")
        self._sample_by(plan, self.untracked)
        first, second = self._order_and_receive(100, 50, 50)
        self.assertEqual(first.mapped("sample_quantity"), [10])
        self.assertFalse(second)

    def test_percent_of_what_was_ordered_in_small_parts(self):
        """10 % of 100, of which 4 arrive first: 4 now, 6 of the remainder."""
        plan = self._make_plan("percent", percent=10, basis="ordered")
        self._sample_by(plan, self.untracked)
        first, second = self._order_and_receive(100, 4, 96)
        self.assertEqual(first.mapped("sample_quantity"), [4, 6])
        self.assertEqual(first.mapped("is_remainder"), [False, True])
        self.assertFalse(second)

    def test_fixed_of_what_was_ordered(self):
        """1 of 100: one for the 30 that arrived, one for the remainder."""
        plan = self._make_plan("fixed", quantity=1, basis="ordered")
        self._sample_by(plan, self.untracked)
        first, second, third = self._order_and_receive(100, 30, 30, 40)
        self.assertEqual(first.mapped("sample_quantity"), [1, 1])
        self.assertEqual(first.mapped("quantity"), [30, 70])
        self.assertFalse(second | third)

    def test_fixed_of_each_serial_number(self):
        """1 of each: 3 orders for 3 serial numbers, 2 more for the next 2."""
        self._sample_by(self._make_plan("fixed", split_serial=True), self.serial)
        first, second = self._order_and_receive(
            10, ["S1", "S2", "S3"], ["S4", "S5"], product=self.serial
        )
        self.assertEqual(first.mapped("sample_quantity"), [1, 1, 1])
        self.assertEqual(second.mapped("sample_quantity"), [1, 1])
        self.assertEqual(second.lot_ids.mapped("name"), ["S4", "S5"])

    def test_fixed_of_ordered_serial_numbers(self):
        """2 of 10: 1 of each of 4, as each holds no more, and 2 of the remainder."""
        plan = self._make_plan("fixed", quantity=2, basis="ordered", split_serial=True)
        self._sample_by(plan, self.serial)
        names = [f"S{number}" for number in range(1, 11)]
        [first] = self._order_and_receive(10, names[:4], product=self.serial)
        self.assertEqual(first.mapped("sample_quantity"), [1, 1, 1, 1, 2])
        self.assertEqual([len(order.lot_ids) for order in first], [1, 1, 1, 1, 0])
        remainder = first[-1]
        self.assertEqual((remainder.is_remainder, remainder.quantity), (True, 6))
        purchase = remainder.purchase_id
        picking = purchase.picking_ids.filtered(lambda p: p.state != "done")
        self._receive_part(picking, names[4:])
        orders = self.env["qms.quality.order"]
        found = orders.search([("purchase_id", "=", purchase.id)])
        self.assertEqual(found, first, "the other 6 make no order")
        self.assertEqual(len(remainder.lot_ids), 6)

    def test_later_goods_share_the_fate_of_the_first(self):
        plan = self._make_plan("percent", percent=10, basis="ordered")
        self._sample_by(plan, self.serial)
        names = [f"S{i}" for i in range(10)]
        [order, later] = self._order_and_receive(
            10, names[:5], names[5:8], product=self.serial
        )
        self.assertFalse(later)
        self.assertEqual(len(order.lot_ids), 8)
        self.assertEqual(order.lot_ids.inspection_status_id, self.under_inspection)
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        picking = order.purchase_id.picking_ids.filtered(lambda p: p.state != "done")
        self._receive_part(picking, names[8:])
        last = self.env["stock.lot"].search([("name", "in", names[8:])])
        self.assertEqual(last.inspection_status_id, self.on_hold)

    def test_later_goods_of_a_sample_that_passed_are_free(self):
        plan = self._make_plan("percent", percent=10, basis="ordered")
        self._sample_by(plan, self.serial)
        [order] = self._order_and_receive(4, ["S1", "S2"], product=self.serial)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        picking = order.purchase_id.picking_ids.filtered(lambda p: p.state != "done")
        self._receive_part(picking, ["S3", "S4"])
        last = self.env["stock.lot"].search([("name", "in", ["S3", "S4"])])
        self.assertEqual(last.inspection_status_id, self.available)

    def _make_remainder(self):
        """Receive 30 of 100; return the purchase, and the order on what is to come."""
        plan = self._make_plan("fixed", basis="ordered")
        self._sample_by(plan, self.untracked)
        [[_first, rest]] = self._order_and_receive(100, 30)
        self.assertTrue(rest.is_remainder)
        return rest.purchase_id, rest

    def test_remainder_ends_with_its_purchase(self):
        purchase, rest = self._make_remainder()
        buyer = self._make_user("qms_buyer", "purchase.group_purchase_user")
        purchase.with_user(buyer).button_cancel()
        self.assertEqual(rest.state, "cancelled")
        self.assertIn("The document was cancelled", rest.message_ids[1].body)

    def test_remainder_ends_with_its_backorder(self):
        purchase, rest = self._make_remainder()
        backorder = purchase.picking_ids.filtered(lambda p: p.state != "done")
        backorder.with_user(self.clerk).action_cancel()
        self.assertEqual(rest.state, "cancelled")

    def test_remainder_that_came_in_part_stays(self):
        purchase, rest = self._make_remainder()
        backorder = purchase.picking_ids.filtered(lambda p: p.state != "done")
        self._receive_part(backorder, 20)
        purchase.button_cancel()
        self.assertEqual(rest.state, "draft")
        self.assertTrue(self._held(rest))

    def test_remainder_with_readings_stays_and_asks(self):
        purchase, rest = self._make_remainder()
        rest.user_id = self.inspector
        self._fill(rest)
        purchase.button_cancel()
        self.assertEqual(rest.state, "open")
        [activity] = rest.activity_ids
        self.assertEqual(activity.user_id, self.inspector)
        self.assertEqual(activity.summary, "The document was cancelled")

    def test_no_remainder_where_nothing_more_comes(self):
        plan = self._make_plan("fixed", basis="ordered")
        self._sample_by(plan, self.untracked)
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.partner.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    (0, 0, {"product_id": self.untracked.id, "product_qty": 100})
                ],
            }
        )
        purchase.button_confirm()
        picking = purchase.picking_ids.with_user(self.clerk)
        picking.move_ids.quantity = 30
        picking.move_ids.picked = True
        picking.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=picking.ids
        ).button_validate()
        self.assertEqual(picking.state, "done")
        order = self._orders(picking)
        self.assertEqual((len(order), order.is_remainder), (1, False))

    def test_ordered_on_a_transfer_without_a_purchase(self):
        plan = self._make_plan("percent", percent=10, basis="ordered")
        self._sample_by(plan, self.untracked)
        picking = self._picking("incoming", 100, self.untracked)
        picking.action_confirm()
        self._receive_part(picking, 40)
        order = self._orders(picking)
        self.assertEqual(order.sample_quantity, 10)
        self._receive_part(picking.backorder_ids, 60)
        self.assertFalse(self._orders(picking.backorder_ids))

    def test_so_many_of_every_n(self):
        """20 of every 500, counted across receipts: the first of each 500."""
        plan = self._make_plan("every_n", quantity=20, per_quantity=500)
        self._sample_by(plan, self.untracked)
        samples = [
            self._receive_samples(product=self.untracked, quantity=quantity)
            for quantity in (300, 300, 300, 100, 10, 1200, 990)
        ]
        # received: 300, 600, 900, 1000, 1010, 2210, 3200
        self.assertEqual(samples, [[20], [20], [], [], [10], [50], [40]])

    def test_every_n_is_counted_per_product_and_partner(self):
        plan = self._make_plan("every_n", quantity=20, per_quantity=500)
        other = self._make_product("Sugar", tracking="none")
        self._sample_by(plan, self.untracked | other)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        contact = self.env["res.partner"].create(
            {"name": "Barn", "parent_id": self.partner.id}
        )

        def take(product, partner):
            return self._receive_samples(
                product=product, quantity=100, partner_id=partner.id
            )

        self.assertEqual(take(self.untracked, self.partner), [20])
        self.assertEqual(take(self.untracked, contact), [])
        self.assertEqual(take(self.untracked, stranger), [20])
        self.assertEqual(take(other, self.partner), [20])
        counter = self.env["qms.sampling.counter"].search(
            [
                ("product_id", "=", self.untracked.id),
                ("partner_id", "=", self.partner.id),
            ]
        )
        self.assertEqual((counter.received, counter.lot_count), (200, 2))

    def test_goods_without_a_sample_are_free(self):
        plan = self._make_plan("every_n", quantity=5, per_quantity=50)
        self._sample_by(plan)
        self._receive(["A"], quantity=20)
        lot = self._receive(["B"], quantity=20).move_line_ids.lot_id
        self.assertEqual(lot.inspection_status_id, self.available)

    def _receive_packages(self, *lines):
        """Receive ``(product, quantity)`` each in a package of its own."""
        product = lines[0][0]
        picking = self._picking(
            "incoming", sum(q for p, q in lines if p == product), product
        )
        picking.action_confirm()
        for other in {p for p, _q in lines} - {product}:
            move = picking.move_ids[0].copy(
                {
                    "product_id": other.id,
                    "product_uom_qty": sum(q for p, q in lines if p == other),
                }
            )
            move._action_confirm(merge=False)
        picking.move_ids.move_line_ids.unlink()
        for number, (one, quantity) in enumerate(lines, 1):
            move = picking.move_ids.filtered(lambda m, one=one: m.product_id == one)
            package = self.env["stock.package"].create({"name": f"PACK{number}"})
            self.env["stock.move.line"].create(
                {
                    **move._prepare_move_line_vals(),
                    "quantity": quantity,
                    "result_package_id": package.id,
                }
            )
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        return self._orders(picking)

    def test_every_third_package(self):
        """Of 5 packages the 1st and the 4th; each stands for those up to the next."""
        self._sample_by(self._make_plan("package", package_nth=3), self.untracked)
        orders = self._receive_packages(*[(self.untracked, 10)] * 5)
        self.assertEqual(orders.sample_package_id.mapped("name"), ["PACK1", "PACK4"])
        self.assertEqual(orders.mapped("quantity"), [30, 20])
        self.assertEqual(orders.mapped("sample_quantity"), [10, 10])
        self.assertEqual(orders[0].sample_text, "Take the package PACK1, whole")

    def test_packages_counted_per_product_or_across(self):
        other = self._make_product("Sugar", tracking="none")
        plan = self._make_plan("package", package_nth=3)
        self._sample_by(plan, self.untracked | other)
        lines = [(self.untracked, 10)] * 2 + [(other, 10)] * 2
        orders = self._receive_packages(*lines)
        self.assertEqual(orders.sample_package_id.mapped("name"), ["PACK1", "PACK3"])
        plan.package_per_product = False
        orders = self._receive_packages(*lines)
        self.assertEqual(orders.sample_package_id.mapped("name"), ["PACK1", "PACK4"])

    def test_one_order_for_all_lots_of_a_receipt(self):
        plan = self._make_plan("percent", percent=10, split_lot=False)
        self._sample_by(plan)
        order = self._orders(self._receive(["A", "B", "C"], quantity=10))
        self.assertEqual(order.lot_ids.mapped("name"), ["A", "B", "C"])
        self.assertEqual((order.quantity, order.sample_quantity), (30, 3))
        self.assertEqual(len(self._held(order)), 3)

    def test_an_order_for_each_lot(self):
        self._sample_by(self._make_plan("percent", percent=10))
        samples = self._receive_samples(["A", "B"], quantity=30)
        self.assertEqual(samples, [3, 3])

    def test_an_order_for_each_package(self):
        self._sample_by(self._make_plan("fixed", split_package=True), self.untracked)
        orders = self._receive_packages(*[(self.untracked, 10)] * 3)
        self.assertEqual(orders.mapped("sample_quantity"), [1, 1, 1])

    def test_goods_of_production(self):
        plan = self._make_plan("percent", percent=10)
        self._sample_by(plan, self.untracked, event="output")
        production = self.env["mrp.production"].create(
            {"product_id": self.untracked.id, "product_qty": 50}
        )
        production.action_confirm()
        production.qty_producing = 50
        production.button_mark_done()
        order = self.env["qms.quality.order"].search(
            [("production_id", "=", production.id)]
        )
        self.assertEqual(order.sample_quantity, 5)

    def test_by_hand(self):
        """Holds what is typed, whatever the plan holds; the sample follows it."""
        plan = self._make_plan("percent", percent=10)
        lot = self._make_lot("HAND")
        order = (
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_ids": lot.ids,
                    "quantity": 40,
                    "test_group_ids": self.weights.ids,
                    "sampling_plan_id": plan.id,
                }
            )
        )
        self.assertEqual(order.sample_quantity, 4)
        self.assertEqual(len(order.result_ids), 4)
        self.assertEqual(lot.inspection_status_id, self.under_inspection)

    def test_rules_without_a_plan_are_as_before(self):
        self._associate(self.weights, product_ids=self.product.ids)
        order = self._orders(self._receive(["A"]))
        self.assertFalse(
            order.sampling_plan_id | order.unit_ids.order_id.sampling_plan_id
        )
        self.assertEqual((order.sample_stage, len(order.result_ids)), (0, 1))
