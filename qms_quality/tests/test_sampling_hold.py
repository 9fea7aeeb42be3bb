from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_sampling import SamplingCase


@tagged("post_install", "-at_install")
class TestSamplingHold(SamplingCase):
    """Where only the sample is held, it goes to its place and the rest flows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lab = cls._make_location("Laboratory", cls.warehouse.view_location_id)

    def _apart(self, method="fixed", product=None, **vals):
        values = {
            "quantity": 3,
            "hold_scope": "sample",
            "sample_location_id": self.lab.id,
            **vals,
        }
        plan = self._make_plan(method, **values)
        self._sample_by(plan, product)
        return plan

    def _places(self, product):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        return {quant.location_id: quant.quantity for quant in quants if quant.quantity}

    def _deliver(self, quantity, lot=None, product=None, source=None):
        """Let the warehouse deliver; return how much it could reserve."""
        picking = self._picking("outgoing", quantity, product, source=source)
        picking = picking.with_user(self.clerk)
        picking.action_confirm()
        reserved = sum(picking.move_ids.mapped("quantity"))
        picking.action_cancel()
        return reserved

    def test_the_sample_moves_and_the_rest_flows(self):
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        lot = order.lot_ids
        self.assertEqual(self._places(self.product), {self.stock: 7, self.lab: 3})
        self.assertEqual(self._held(order), [(self.under_inspection, lot, self.lab)])
        self.assertEqual(lot.inspection_status_id, self.available)
        self.assertEqual(self._deliver(10), 7)
        picking = self._delivery(1, lot, source=self.lab)
        with self.assertRaises(UserError):
            picking.with_user(self.clerk).button_validate()

    def test_passed(self):
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._held(order), [])
        self.assertEqual(self._deliver(3, source=self.lab), 3)

    def _pass_sample(self, **kwargs):
        order = self._orders(self._receive(["A"], quantity=10, **kwargs))
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        return order

    def _back(self, order):
        return order.sample_picking_ids.filtered("qms_sample_back")

    def test_brought_back_by_button(self):
        self._apart()
        order = self._pass_sample()
        self.assertFalse(self._back(order))
        self.assertTrue(order.can_bring_back)
        action = order.with_user(self.inspector).action_bring_sample_back()
        back = self._back(order)
        message = action["params"]["message"]
        self.assertEqual(message, f"To be brought back: {back.name}")
        self.assertEqual((back.state, back.origin), ("assigned", order.name))
        self.assertEqual(back.location_dest_id, self.stock)
        back.with_user(self.clerk).button_validate()
        self.assertEqual(self._places(self.product), {self.stock: 10})
        with self.assertRaises(UserError) as error:
            order.with_user(self.inspector).action_bring_sample_back()
        self.assertEqual(
            str(error.exception),
            f"{order.name}: there is no sample to bring back. It has to be moved, and"
            " to pass, and it comes back once.",
        )

    def test_brought_back_by_the_plan(self):
        self._apart(sample_back=True, sample_package=True)
        order = self._pass_sample()
        back = self._back(order)
        self.assertEqual(back.move_line_ids.mapped("quantity"), [3])
        self.assertFalse(order.can_bring_back)
        back.with_user(self.clerk).button_validate()
        quants = order.lot_ids.quant_ids.filtered(lambda q: q.location_id == self.stock)
        self.assertFalse(quants.package_id)
        self.assertEqual(sum(quants.mapped("quantity")), 10)

    def test_nobody_else_says_what_brings_a_sample(self):
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        sample = order.sample_picking_ids
        forged = self._picking("internal", 1, dest=self.shelf)
        message = (
            "Which transfers bring a sample, and bring it back, is written by quality"
            " orders only. Use the button on the order."
        )
        pickings = forged.with_user(self.clerk)
        values = {
            "picking_type_id": forged.picking_type_id.id,
            "location_id": self.stock.id,
            "location_dest_id": self.shelf.id,
        }
        default = pickings.with_context(default_qms_sample_order_id=order.id)
        lines = order.with_user(self.inspector)
        for refused in (
            lambda: pickings.write({"qms_sample_order_id": order.id}),
            lambda: sample.with_user(self.clerk).write({"qms_sample_back": True}),
            lambda: sample.with_user(self.clerk).write({"qms_sample_order_id": False}),
            lambda: pickings.create({**values, "qms_sample_order_id": order.id}),
            lambda: pickings.copy({"qms_sample_back": True}),
            lambda: default.create(values),
            lambda: lines.write({"sample_picking_ids": [(4, forged.id)]}),
        ):
            with self.assertRaises(AccessError) as error, self.env.cr.savepoint():
                refused()
            self.assertEqual(str(error.exception), message)
        self.assertEqual(order.sample_picking_ids, sample)

    def test_the_rest_of_a_sample_comes_back_too(self):
        self._apart()
        order = self._pass_sample()
        order.with_user(self.inspector).action_bring_sample_back()
        back = self._back(order)
        back.move_ids.quantity = 1
        action = back.with_user(self.clerk).button_validate()
        Form.from_action(self.env(user=self.clerk), action).save().process()
        rest = self._back(order) - back
        self.assertEqual(
            (rest.backorder_id, rest.move_ids.product_uom_qty, rest.qms_sample_back),
            (back, 2, True),
        )
        self.assertFalse(order.can_bring_back)
        self.assertFalse(back.copy().qms_sample_order_id)

    def test_what_was_used_up_is_not_brought_back(self):
        line = {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6}
        group = self._make_group("Taste", {**line, "destroyed_quantity": 1})
        plan = self._make_plan(
            "fixed",
            quantity=3,
            hold_scope="sample",
            sample_location_id=self.lab.id,
            sample_back=True,
            reading_scope="sample",
        )
        self._sample_by(plan, group=group)
        order = self._pass_sample()
        self.assertEqual(self._places(self.product), {self.stock: 7, self.lab: 2})
        self.assertEqual(self._back(order).move_line_ids.mapped("quantity"), [2])

    def test_samples_that_fail_or_are_gone_stay(self):
        self._apart(sample_back=True)
        order = self._orders(self._receive(["A"], quantity=10))
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertFalse(self._back(order))
        self.assertFalse(order.can_bring_back)
        order.sampling_plan_id.sample_back = False
        other = self._orders(self._receive(["B"], quantity=10))
        self._fill(other)
        other.with_user(self.inspector).action_validate()
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.lab, -3, lot_id=other.lot_ids
        )
        with self.assertRaises(UserError) as error:
            other.with_user(self.inspector).action_bring_sample_back()
        self.assertEqual(
            str(error.exception),
            f"{other.name}: nothing of the sample is left in its place, and free.",
        )

    def test_failed_holds_the_rest_too(self):
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.lot_ids.inspection_status_id, self.on_hold)
        self.assertEqual(self._deliver(7), 0)

    def test_goods_without_a_lot(self):
        self._apart(product=self.untracked)
        order = self._orders(self._receive(product=self.untracked, quantity=10))
        self.assertEqual(self._places(self.untracked), {self.stock: 7, self.lab: 3})
        self.assertEqual(self._deliver(10, product=self.untracked), 7)
        self._fill(order, fail=True)
        order.with_user(self.inspector).action_validate()
        places = {place for _status, _lot, place in self._held(order)}
        self.assertEqual(places, {self.lab, self.stock})

    def test_a_package_of_its_own(self):
        self._apart(sample_package=True, sample_location_id=False)
        order = self._orders(self._receive(["A"], quantity=10))
        package = order.hold_ids.package_id
        self.assertEqual(len(package), 1)
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 3)
        self.assertEqual(package.quant_ids.location_id, self.stock)
        self.assertEqual(self._deliver(10), 7)

    def test_a_package_in_the_sample_place(self):
        self._apart(sample_package=True)
        order = self._orders(self._receive(["A"], quantity=10))
        self.assertEqual(order.hold_ids.package_id.quant_ids.location_id, self.lab)

    def test_serial_numbers(self):
        self._apart(product=self.serial)
        names = [f"S{i}" for i in range(8)]
        order = self._orders(self._receive(names, product=self.serial))
        taken = order.unit_ids.lot_id
        self.assertEqual(taken.inspection_status_id, self.under_inspection)
        self.assertEqual(
            taken.quant_ids.filtered("quantity").location_id & self.lab, self.lab
        )
        self.assertEqual((order.lot_ids - taken).inspection_status_id, self.available)
        self.assertEqual(self._places_of(taken), self.lab)
        self.assertEqual(self._deliver(8, product=self.serial), 5)

    def _places_of(self, lots):
        quants = lots.quant_ids.filtered(
            lambda q: q.quantity > 0 and q.location_id.usage == "internal"
        )
        return quants.location_id

    def test_only_made_and_reserved(self):
        self._apart(sample_done=False)
        order = self._orders(self._receive(["A"], quantity=10))
        self.assertEqual(self._places(self.product), {self.stock: 10})
        self.assertEqual(self._deliver(10), 7)
        transfer = self.env["stock.picking"].search([("origin", "=", order.name)])
        self.assertEqual(transfer.state, "assigned")
        transfer.move_ids.picked = True
        transfer.with_user(self.clerk).button_validate()
        self.assertEqual(self._places(self.product), {self.stock: 7, self.lab: 3})

    def test_out_of_quarantine_by_permit(self):
        """Goods diverted into quarantine: the new lot's hold lets the sample pass."""
        self.env["qms.status.rule"].create(
            {
                "product_id": self.product.id,
                "status_id": self.available.id,
                "divert": True,
            }
        )
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        zone = self.warehouse.qms_quarantine_location_id
        self.assertEqual(self._places(self.product), {zone: 7, self.lab: 3})
        permit = self.env["qms.hold.permit"].search([("res_id", "=", order.id)])
        self.assertEqual(
            (permit.transaction_type, permit.spent_quantity, permit.reason),
            ("put_away", 3, f"Sample of {order.name}"),
        )

    def test_passed_in_a_quarantine_zone_is_put_away(self):
        self.lab.qms_zone = "quarantine"
        self.warehouse.qms_zone_done = True
        self._apart()
        order = self._orders(self._receive(["A"], quantity=10))
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(self._places(self.product), {self.stock: 10})

    def test_the_hold_of_another_reason_stays(self):
        """A known lot on hold: its sample passes by a permit, and stays held too."""
        lot = self._make_lot("OLD")
        self._hold(lot=lot)
        self._apart()
        order = self._orders(self._receive([lot], quantity=10))
        self.assertEqual(self._places(self.product), {self.stock: 7, self.lab: 3})
        self.assertEqual(self._deliver(7), 0)
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(lot.inspection_status_id, self.on_hold)

    def _share(self, *quantities, product=None, **vals):
        """Receive 10, of which several orders take samples; return the orders."""
        product = product or self.product
        for quantity in quantities:
            plan = self._make_plan(
                "fixed",
                **{
                    "quantity": quantity,
                    "hold_scope": "sample",
                    "sample_location_id": self.lab.id,
                    "reading_scope": "sample",
                    **vals,
                },
            )
            group = self._make_weight_group(f"Group {quantity}")
            self._sample_by(plan, product, group)
        lots = ["A"] if product == self.product else None
        return self._orders(self._receive(lots, product=product, quantity=10))

    def _pass(self, order, user=None):
        self._fill(order)
        order.with_user(user or self.inspector).action_validate()

    def _free_after(self, *orders, product=None):
        """Let orders pass one by one; return what is free to deliver after each."""
        free = []
        for order in orders:
            self._pass(order)
            free.append(self._deliver(10, product=product, source=self.lab))
        return free

    def test_several_samples_share_what_is_there(self):
        """Samples of 5, 10 and 1 of 10: moved are 5, then 5, then 0. The 10 that passes
        frees 4, as 6 are still needed; then the 5 frees 5, then the 1 frees 1."""
        five, ten, one = orders = self._share(5, 10, 1)
        self.assertEqual(orders.mapped("sample_quantity"), [5, 10, 1])
        self.assertEqual(self._places(self.product), {self.lab: 10})
        moves = self.env["stock.move"].search(
            [("location_dest_id", "=", self.lab.id)], order="id"
        )
        self.assertEqual(moves.mapped("quantity"), [5, 5])
        self.assertEqual(moves.picking_id.qms_sample_order_id, five | ten)
        self.assertEqual(self._deliver(10, source=self.lab), 0)
        self.assertEqual(self._free_after(ten, five, one), [4, 9, 10])
        self.assertEqual(self._held(orders), [])

    def test_what_is_freed_follows_the_order_of_verdicts(self):
        """The 5 that passes first frees nothing: 11 are still needed, of 10."""
        five, ten, one = self._share(5, 10, 1)
        self.assertEqual(self._free_after(five, ten, one), [0, 9, 10])

    def test_shared_samples_without_a_lot(self):
        five, ten, one = self._share(5, 10, 1, product=self.untracked)
        free = self._free_after(ten, five, one, product=self.untracked)
        self.assertEqual(free, [4, 9, 10])

    def test_shared_samples_in_packages(self):
        """Each sample has a package: what is short is shared in those of others."""
        five, ten, one = orders = self._share(5, 10, 1, sample_package=True)
        holds = self.env["qms.hold"]._search_open(orders._name, orders.ids)
        packages = {
            order: holds.filtered(lambda hold, order=order: hold.res_id == order.id)
            for order in orders
        }
        self.assertEqual([len(packages[one]) for one in orders], [1, 2, 2])
        self.assertEqual(self._free_after(ten, five, one), [4, 9, 10])

    def test_what_is_still_needed_lies_in_a_package(self):
        five, ten, one = self._share(5, 10, 1)
        self._pass(ten)
        holds = self.env["qms.hold"]._search_open(five._name, (five | one).ids)
        package = holds.package_id
        self.assertEqual(
            [(hold.res_id, hold.package_id, hold.status_id) for hold in holds],
            [(order.id, package, self.under_inspection) for order in (one, five)],
        )
        self.assertEqual(sum(package.quant_ids.mapped("quantity")), 6)
        self.assertIn(
            f"6 Units of the sample are still needed: {package.name}. The rest is no"
            " longer held for it.",
            five.message_ids[0].preview,
        )

    def test_given_up_frees_what_it_alone_needed(self):
        five, ten, one = self._share(5, 10, 1)
        ten.with_user(self.manager).action_cancel()
        self.assertEqual(self._deliver(10, source=self.lab), 4)
        self.assertEqual(self._free_after(five, one), [9, 10])

    def test_shared_sample_that_fails_holds_all(self):
        five, ten, _one = self._share(5, 10, 1)
        self._fill(five, fail=True)
        five.with_user(self.inspector).action_validate()
        self._pass(ten)
        self.assertEqual(self._deliver(10, source=self.lab), 0)
        lot = five.lot_ids
        self.assertEqual(lot.inspection_status_id, self.on_hold)
        # nothing is packed where nothing is freed
        self.assertIn((self.on_hold, lot, self.lab), self._held(five))

    def test_opened_again_needs_its_sample_again(self):
        five, ten, one = self._share(5, 10, 1)
        self._pass(ten)
        self._pass(five)
        five.with_user(self.manager).action_reopen()
        self.assertEqual(five.lot_ids.inspection_status_id, self.under_inspection)
        self.assertEqual(self._free_after(five, one), [9, 10])

    def test_samples_of_two_receipts_in_one_place(self):
        """Neither waits for the other, though both lie in the laboratory."""
        self._apart()
        first = self._orders(self._receive(["A"], quantity=10))
        second = self._orders(self._receive([first.lot_ids], quantity=10))
        self.assertEqual(self._places(self.product)[self.lab], 6)
        self.assertEqual(self._free_after(first, second), [3, 6])

    def test_what_else_lies_there_stays_held_with_the_sample(self):
        self._apart()
        first = self._orders(self._receive(["A"], quantity=10))
        second = self._orders(self._receive([first.lot_ids], quantity=10))
        self._stock_up(4, first.lot_ids, location=self.lab)
        self.assertEqual(self._free_after(first, second), [3, 10])

    def test_reserved_goods_stay_held_until_all_passed(self):
        five, ten, one = orders = self._share(5, 10, 1)
        transfer = self._transfer_of(orders.lot_ids, 8)
        self._pass(ten)
        self.assertEqual(self._deliver(10, source=self.lab), 0)
        transfer.action_cancel()
        # what the 10 gave up meanwhile is free at the end
        self.assertEqual(self._free_after(five, one), [5, 10])

    def _transfer_of(self, lot, quantity):
        picking = self._picking("internal", quantity, source=self.lab, dest=self.shelf)
        picking = picking.with_user(self.clerk)
        picking.action_confirm()
        picking.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, lot)
        self.assertEqual(sum(picking.move_ids.mapped("quantity")), quantity)
        return picking

    def test_shared_samples_are_brought_back_in_steps(self):
        five, ten, one = self._share(5, 10, 1, sample_back=True)
        for order, back in ((ten, 4), (five, 5), (one, 1)):
            self._pass(order)
            transfer = self._back(order)
            self.assertEqual(sum(transfer.move_ids.mapped("quantity")), back)
            transfer.with_user(self.clerk).button_validate()
        self.assertEqual(self._places(self.product), {self.stock: 10})

    def test_shared_samples_are_used_up_where_they_lie(self):
        line = {"test_id": self.weight.id, "lower_limit": 4, "upper_limit": 6}
        for quantity in (5, 10):
            group = self._make_group(f"G{quantity}", {**line, "destroyed_quantity": 1})
            plan = self._make_plan(
                "fixed",
                quantity=quantity,
                hold_scope="sample",
                sample_location_id=self.lab.id,
                reading_scope="sample",
            )
            self._sample_by(plan, group=group)
        five, ten = self._orders(self._receive(["A"], quantity=12))
        self.assertEqual(self._places(self.product), {self.lab: 12})
        self._pass(ten)
        # 15 needed of 12: one was used up, 5 are kept
        self.assertEqual(self._deliver(12, source=self.lab), 6)
        self._pass(five)
        self.assertEqual(self._deliver(12, source=self.lab), 10)

    def test_full_packages(self):
        plan = self._make_plan("package", package_nth=2, hold_scope="sample")
        self._sample_by(plan, self.untracked)
        picking = self._picking("incoming", 30, self.untracked)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        packages = self.env["stock.package"].create(
            [{"name": f"P{i}"} for i in range(3)]
        )
        self.env["stock.move.line"].create(
            [
                {**line, "quantity": 10, "result_package_id": package.id}
                for package in packages
            ]
        )
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        orders = self._orders(picking)
        self.assertEqual(orders.hold_ids.package_id, packages[0] | packages[2])
        self.assertEqual(self._deliver(30, product=self.untracked), 10)

    def test_the_sample_needs_a_place(self):
        with self.assertRaises(ValidationError) as error:
            self._make_plan("fixed", hold_scope="sample")
        self.assertEqual(
            str(error.exception),
            "fixed: to hold the sample only, it needs a place or a package of its own.",
        )
