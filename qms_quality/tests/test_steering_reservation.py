from odoo import Command
from odoo.tests import Form, tagged

from .common_steering import SteeringCase


@tagged("post_install", "-at_install")
class TestSteeringReservation(SteeringCase):
    """Reservation takes what meets the order's requirements."""

    def test_blocked_takes_only_what_fits(self):
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("BLANK", 10)
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(25)
        self.assertEqual(self._taken(picking.move_ids), {"CL": 10})
        self.assertEqual(picking.move_ids.state, "partially_available")

    def test_other_customers_take_the_oldest(self):
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(10, partner=self.partner)
        self.assertEqual(self._taken(picking.move_ids), {"NZ": 10})

    def test_recorded_takes_what_fits_first(self):
        self._stock_lot("OLD NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("OLD CL", 10, {self.origin: self.chile})
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(25)
        self.assertEqual(
            self._taken(picking.move_ids), {"OLD CL": 10, "CL": 10, "OLD NZ": 5}
        )

    def test_approval_waits_for_the_decision(self):
        lot = self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand, "approval"))
        picking = self._sell(20)
        self.assertEqual(self._taken(picking.move_ids), {"CL": 10})
        self._accept(picking, lot)
        picking.action_assign()
        self.assertEqual(self._taken(picking.move_ids), {"CL": 10, "NZ": 10})

    def test_accepted_goes_after_what_fits(self):
        lot = self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand, "approval"))
        picking = self._sell(15)
        picking.do_unreserve()
        self._accept(picking, lot)
        picking.action_assign()
        self.assertEqual(self._taken(picking.move_ids), {"CL": 10, "NZ": 5})

    def test_several_criteria(self):
        self._stock_lot("LEAN", 10, {self.origin: self.chile, self.fat: 2})
        self._stock_lot("FAT NZ", 10, {self.origin: self.new_zealand, self.fat: 5})
        self._stock_lot("FAT", 10, {self.origin: self.chile, self.fat: 4})
        self._make_card(
            self._no_origin(self.new_zealand), self._fat(">=", 3, "recorded")
        )
        picking = self._sell(15)
        self.assertEqual(self._taken(picking.move_ids), {"FAT": 10, "LEAN": 5})

    def test_held_is_held(self):
        lot = self._stock_lot("CL", 10, {self.origin: self.chile})
        self._hold(lot=lot)
        self._make_card(self._no_origin(self.new_zealand))
        self.assertFalse(self._sell(10).move_ids.move_line_ids)

    def test_quantity_written_by_hand(self):
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(5)
        picking.do_unreserve()
        with Form(picking) as form, form.move_ids.edit(0) as move:
            move.quantity = 8
        self.assertEqual(self._taken(picking.move_ids), {"CL": 8})

    def test_first_in_first_out_otherwise(self):
        lots = [
            self._stock_lot(f"L{number}", 10, {self.origin: self.chile})
            for number in range(3)
        ]
        days = ("2025-03-02", "2025-03-03", "2025-03-01")
        for lot, day in zip(lots, days, strict=True):
            lot.quant_ids.in_date = day
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(25)
        self.assertEqual(self._taken(picking.move_ids), {"L2": 10, "L0": 10, "L1": 5})

    def _use_removal(self, method):
        strategy = self.env["product.removal"].search([("method", "=", method)])
        self.stock.removal_strategy_id = strategy

    def test_last_in_first_out(self):
        for name, country in (("A", self.chile), ("B", self.chile)):
            self._stock_lot(name, 10, {self.origin: country})
        self._stock_lot("C", 10, {self.origin: self.new_zealand})
        self._use_removal("lifo")
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(25)
        self.assertEqual(self._taken(picking.move_ids), {"B": 10, "A": 10, "C": 5})

    def test_closest(self):
        places = [self._make_location(name) for name in ("A1", "A2", "A3")]
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand}, places[0])
        self._stock_lot("FAR", 10, {self.origin: self.chile}, places[2])
        self._stock_lot("NEAR", 10, {self.origin: self.chile}, places[1])
        self._use_removal("closest")
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(25)
        self.assertEqual(
            self._taken(picking.move_ids), {"NEAR": 10, "FAR": 10, "NZ": 5}
        )

    def test_least_packages(self):
        """One package of New Zealand would do; the customer gets two of Chile."""
        packages = self.env["stock.package"].create(
            [{"name": name} for name in ("P1", "P2", "P3")]
        )
        for name, country, package, quantity in (
            ("NZ", self.new_zealand, packages[0], 20),
            ("CL1", self.chile, packages[1], 10),
            ("CL2", self.chile, packages[2], 10),
        ):
            lot = self._make_lot(name)
            self._record(lot, {self.origin: country})
            self._stock_up(quantity, lot, package=package)
        self._use_removal("least_packages")
        plain = self._sell(20, partner=self.partner)
        self.assertEqual(self._taken(plain.move_ids), {"NZ": 20})
        plain.do_unreserve()
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(20)
        self.assertEqual(self._taken(picking.move_ids), {"CL1": 10, "CL2": 10})
        picking = self._sell(15)
        self.assertEqual(self._taken(picking.move_ids), {"NZ": 15})

    def test_least_packages_blocked(self):
        packages = self.env["stock.package"].create([{"name": "P1"}, {"name": "P2"}])
        for name, country, package, quantity in (
            ("NZ", self.new_zealand, packages[0], 20),
            ("CL", self.chile, packages[1], 10),
        ):
            lot = self._make_lot(name)
            self._record(lot, {self.origin: country})
            self._stock_up(quantity, lot, package=package)
        self._use_removal("least_packages")
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(20)
        self.assertEqual(self._taken(picking.move_ids), {"CL": 10})

    def test_first_expired_first_out(self):
        if "expiration_date" not in self.env["stock.lot"]._fields:
            self.skipTest("product_expiry is not installed")
        self.product.use_expiration_date = True
        for name, country, day in (
            ("NZ", self.new_zealand, "2099-01-01"),
            ("LATE", self.chile, "2099-03-01"),
            ("SOON", self.chile, "2099-02-01"),
        ):
            lot = self._stock_lot(name, 10, {self.origin: country})
            lot.write({"removal_date": day, "expiration_date": day})
        self._use_removal("fefo")
        self._make_card(self._no_origin(self.new_zealand, "recorded"))
        picking = self._sell(25)
        self.assertEqual(
            self._taken(picking.move_ids), {"SOON": 10, "LATE": 10, "NZ": 5}
        )

    def test_serial_numbers(self):
        self.product = self._make_product("Device", tracking="serial")
        for name, country in (
            ("S1", self.new_zealand),
            ("S2", self.chile),
            ("S3", self.chile),
        ):
            self._stock_lot(name, 1, {self.origin: country}, product=self.product)
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(3, product=self.product)
        self.assertEqual(self._taken(picking.move_ids), {"S2": 1, "S3": 1})

    def test_pick_of_two_steps(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        pick = self._sell(20).filtered(lambda one: one.location_id == self.stock)
        self.assertEqual(self._taken(pick.move_ids), {"CL": 10})
        pick.move_ids.picked = True
        pick.with_context(cancel_backorder=True)._action_done()
        ship = pick.move_ids.move_dest_ids or self.env["stock.move"].search(
            [
                ("sale_line_id", "=", pick.move_ids.sale_line_id.id),
                ("location_dest_id", "=", self.customer.id),
            ]
        )
        self.assertEqual(self._taken(ship), {"CL": 10})

    def test_components(self):
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="component"
        )
        order = self._make_order(self._make_bom([(self.product, 15)]))
        self.assertEqual(self._taken(order.move_raw_ids), {"CL": 10})

    def test_components_that_are_picked_first(self):
        self.warehouse.manufacture_steps = "pbm"
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(
            self._no_origin(self.new_zealand), kind="production", use="component"
        )
        bom = self._make_bom([(self.product, 15)])
        order = self.env["mrp.production"].create(
            {
                "product_id": self.yoghurt.id,
                "bom_id": bom.id,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        pick = order.picking_ids
        self.assertEqual(pick.location_id, self.stock)
        pick.action_assign()
        self.assertEqual(self._taken(pick.move_ids), {"CL": 10})

    def test_a_value_that_changes(self):
        lot = self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(10)
        self.assertTrue(picking.move_ids.move_line_ids)
        picking.do_unreserve()
        lot.qms_attribute_ids.country_id = self.new_zealand
        picking.action_assign()
        self.assertFalse(picking.move_ids.move_line_ids)

    def test_two_orders_in_one_wave(self):
        """Each order takes what meets its own requirements, reserved at once."""
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        mine, other = self._sell(10), self._sell(10, partner=self.partner)
        both = mine | other
        both.do_unreserve()
        both.move_ids._action_assign()
        self.assertEqual(self._taken(mine.move_ids), {"CL": 10})
        self.assertEqual(self._taken(other.move_ids), {"NZ": 10})

    def test_untracked_goods_without_lots(self):
        self._stock_up(10, product=self.untracked)
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(10, product=self.untracked)
        self.assertEqual(picking.move_ids.quantity, 10)

    def test_tracked_goods_without_a_lot(self):
        self._stock_up(10, product=self.product)
        self._make_card(self._no_origin(self.new_zealand))
        self.assertFalse(self._sell(10).move_ids.quantity)

    def test_stored_quantities_are_whole_again(self):
        self._stock_lot("NZ", 10, {self.origin: self.new_zealand})
        lot = self._stock_lot("CL", 10, {self.origin: self.chile})
        self._make_card(self._no_origin(self.new_zealand))
        picking = self._sell(20)
        # what no longer fits gives back what was reserved of it
        lot.qms_attribute_ids.country_id = self.new_zealand
        picking.do_unreserve()
        self.assertEqual(lot.quant_ids.reserved_quantity, 0)
        self.assertEqual(len(lot.quant_ids), 1)

    def _accept(self, picking, lot):
        """Record that the departure of ``lot`` was accepted for this delivery."""
        copy = self._copy_of(picking)
        self._make_deviation(
            {
                "company_id": copy.company_id.id,
                "document_line_id": copy.id,
                "criterion_id": copy.criterion_ids.id,
                "departure": "approval",
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "direction": "out",
                "state": "accepted",
                "decision": "accepted",
            }
        )

    def test_many_orders_cost_the_same_queries_each(self):
        """With many moves in one delivery, the requirements are read once."""
        self._make_card(
            self._no_origin(self.new_zealand), self._fat(">=", 3, "recorded")
        )
        more = []
        for count in (1, 5, 15):
            products = [self._make_product(f"P{count}-{n}") for n in range(count)]
            for product in products:
                self._stock_lot(
                    "L", 10, {self.origin: self.chile, self.fat: 2}, product=product
                )
            found = []
            for partner in (self.partner, self.fresh):
                order = self._quote(1, product=products[0], partner=partner)
                order.order_line = [
                    Command.create({"product_id": product.id, "product_uom_qty": 1})
                    for product in products[1:]
                ]
                order.action_confirm()
                picking = order.sudo().picking_ids
                picking.do_unreserve()
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                picking.action_assign()
                self.env.flush_all()
                found.append(self.env.cr.sql_log_count - before)
                self.assertEqual(len(picking.move_line_ids), count)
                picking.do_unreserve()
            more.append(found[1] - found[0])
        # what is taken first is one query for each move; the rest is asked once
        self.assertLessEqual(more[2] - more[1], 10, more)
        self.assertLessEqual(more[0], 12, more)
