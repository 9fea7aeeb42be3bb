from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_rework import ReworkCase


@tagged("post_install", "-at_install")
class TestReworkRecovered(ReworkCase):
    """What comes out of failed goods besides is held, until it is decided on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lid = cls._make_product("Lid", "none", categ_id=cls.average.id)
        cls.jar = cls._make_product("Jar", categ_id=cls.average.id)
        cls.recipe = cls._make_bom(cls.jar, (cls.milk, 2), (cls.lid, 1))
        cls.bench = cls._make_location("Bench", cls.warehouse.view_location_id)

    def _make_jars(self, quantity=5):
        """Buy the parts, make jars of them and return their lot."""
        self._buy(2 * quantity, price=3, lots=["M1"])
        self._buy(quantity, price=1, product=self.lid)
        order = self._order_jars(quantity)
        order.action_assign()
        jars = self._make_lot("J1", self.jar)
        order.lot_producing_ids = jars
        order.button_mark_done()
        return jars

    def _order_jars(self, quantity):
        order = self.env["mrp.production"].create(
            {
                "product_id": self.jar.id,
                "bom_id": self.recipe.id,
                "product_qty": quantity,
                "picking_type_id": self.warehouse.manu_type_id.id,
            }
        )
        order.action_confirm()
        return order

    def _take_apart(self, jars, quantity, **vals):
        """Have jars taken apart by the operator; return the row."""
        case = self._open_case(jars)
        row = self._rework(case, quantity, jars, "unbuild", **vals)
        row.unbuild_ids.with_user(self.operator).action_validate()
        return row

    def _build(self, order):
        order.with_user(self.operator).button_mark_done()
        self.assertEqual(order.state, "done")

    def _held_parts(self, case):
        """Return what else the case holds: ``{(product, lot, place): quantity}``."""
        quants = case._get_held_quants().filtered(
            lambda quant: quant.product_id != self.jar
        )
        return {
            (quant.product_id, quant.lot_id.name, quant.location_id): quant.quantity
            for quant in quants
        }

    def _deliver_lid(self, quantity):
        picking = self._picking("outgoing", quantity, self.lid)
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_user(self.clerk).button_validate()
        self.assertEqual(picking.state, "done")

    # -- Taken apart -------------------------------------------------------------------

    def test_parts_are_held_for_their_rebuild(self):
        """Just the order that builds the jars again may use their parts."""
        jars = self._make_jars()
        row = self._take_apart(jars, 3)
        case = row.nonconformance_id
        self.assertEqual(
            self._held_parts(case),
            {
                (self.milk, "M1", self.stock): 6,
                (self.lid, False, self.stock): 3,
            },
        )
        holds = case._get_open_holds().filtered(lambda hold: hold.lot_id != jars)
        self.assertEqual(holds.status_id, self.on_hold)
        self.assertEqual(set(holds.mapped("reason")), {f"Came out of J1, {case.name}"})
        with self.assertRaisesRegex(UserError, "M1"), self.cr.savepoint():
            self._deliver(self._lot("M1"))
        row.production_ids.with_user(self.operator).do_unreserve()
        other = self._order_jars(1)
        other.action_assign()
        self.assertFalse(other.move_raw_ids.move_line_ids)

        order = row.production_ids
        order.with_user(self.operator).action_assign()
        self.assertEqual(order.reservation_state, "assigned")
        self._build(order)
        self.assertEqual(row.state, "done")
        self.assertFalse(self._held_parts(case))
        self.assertFalse(
            case._get_open_holds().filtered(lambda hold: hold.product_id == self.lid)
        )
        self._buy(3, product=self.lid)
        self._deliver_lid(1)

    def test_parts_of_a_lot_that_is_there(self):
        """6 of M1 come out where 4 of it are free: they get a number of their own."""
        jars = self._make_jars()
        self._buy(4, lots=[self._lot("M1")])
        row = self._take_apart(jars, 3)
        held = self._held_parts(row.nonconformance_id)
        self.assertEqual(held[self.milk, "M1-1", self.stock], 6)
        self.assertNotIn((self.milk, "M1", self.stock), held)
        part = self._lot("M1-1")
        self.assertEqual(part.parent_lot_id, self._lot("M1"))
        self._delivery(4, self._lot("M1"), product=self.milk).with_user(
            self.clerk
        ).button_validate()
        with self.assertRaisesRegex(UserError, "M1-1"), self.cr.savepoint():
            self._deliver(part)
        self.assertEqual(row.production_ids.reservation_state, "assigned")
        self._build(row.production_ids)
        self.assertEqual(row.state, "done")
        self.assertEqual(self._quantity(self.stock, part), 0)

    def test_reserved_again(self):
        """The order finds its parts again, although newer ones are there."""
        row = self._take_apart(self._make_jars(), 3)
        order = row.production_ids
        order.with_user(self.operator).do_unreserve()
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self._buy(6, lots=["M2"])
        order.with_user(self.operator).action_assign()
        milk = order.move_raw_ids.filtered(lambda move: move.product_id == self.milk)
        self.assertEqual(milk.move_line_ids.lot_id.name, "M1")
        self._build(order)
        self.assertEqual(row.state, "done")

    def test_built_again_in_parts(self):
        """A backorder of the order that builds them again passes as well."""
        row = self._take_apart(self._make_jars(), 3)
        first = row.production_ids
        order = first.with_user(self.foreman)
        order.qty_producing = 1
        order._set_qty_producing()
        order.with_context(
            skip_backorder=True, mo_ids_to_backorder=first.ids
        ).button_mark_done()
        rest = row.production_ids - first
        self.assertEqual((first.state, row.state), ("done", "in_progress"))
        self.assertEqual(rest.product_qty, 2)
        rest.with_user(self.operator).action_assign()
        self._build(rest)
        self.assertEqual(row.state, "done")
        self.assertFalse(self._held_parts(row.nonconformance_id))

    def test_a_broken_part_is_replaced(self):
        """The case scraps it, and the order takes another one, that is free."""
        row = self._take_apart(self._make_jars(), 3)
        case, order = row.nonconformance_id, row.production_ids
        case.with_user(self.inspector).action_dispose()
        scrap = self._propose(case, "scrap", 2, self._lot("M1"))
        self._approve(case)
        scrap.with_user(self.inspector).action_execute()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(self._held_parts(case)[self.milk, "M1", self.stock], 4)
        self._buy(2, lots=["M2"])
        order.with_user(self.operator).action_assign()
        order.with_user(self.operator).action_assign()
        self.assertEqual(order.reservation_state, "assigned")
        used = order.move_raw_ids.move_line_ids.grouped("lot_id")
        self.assertEqual(
            {lot.name: sum(some.mapped("quantity")) for lot, some in used.items()},
            {"M1": 4, "M2": 2, False: 3},
        )
        self._build(order)
        self.assertEqual(row.state, "done")

    def test_not_built_again(self):
        """Where nobody builds them again, the parts wait for a decision."""
        row = self._take_apart(self._make_jars(), 3)
        case = row.nonconformance_id
        row.production_ids.with_user(self.operator).action_cancel()
        self.assertEqual(row.state, "done")
        self.assertEqual(len(self._held_parts(case)), 2)
        with self.assertRaisesRegex(UserError, "M1"), self.cr.savepoint():
            self._deliver(self._lot("M1"))
        case.with_user(self.inspector).action_dispose()
        case.with_user(self.inspector).action_list_goods()
        listed = case.disposition_ids.filtered(lambda one: one.state == "draft")
        self.assertEqual(
            {(one.product_id, one.quantity) for one in listed},
            {(self.jar, 2), (self.milk, 6), (self.lid, 3)},
        )
        listed.with_user(self.inspector).write({"kind": "use_as_is", "reason": "Clean"})
        self._carry_out(case)
        self.assertEqual(case.state, "follow_up")
        self._deliver(self._lot("M1"))

    def test_loose_parts_where_there_are_others(self):
        """Parts without a lot go where they can be held alone."""
        jars = self._make_jars()
        self._buy(8, product=self.lid)
        case = self._open_case(jars)
        vals = {
            "rework_way": "unbuild",
            "test_group_ids": [(6, 0, self.retest.ids)],
        }
        row = self._propose(case, "rework", 3, jars, **vals)
        with self.assertRaises(UserError) as refusal:
            case.with_user(self.inspector).action_submit()
        self.assertEqual(
            str(refusal.exception),
            f"This can't be done:\n- {row.display_name}: Lid come out of it without a"
            f" lot and are held, and with them what is in {self.stock.display_name}."
            " Choose another place for it to go to.",
        )
        row.with_user(self.inspector).location_dest_id = self.bench
        self._carry_out(case)
        row.unbuild_ids.with_user(self.operator).action_validate()
        self.assertEqual(
            self._held_parts(case),
            {
                (self.milk, "M1", self.bench): 6,
                (self.lid, False, self.bench): 3,
            },
        )
        self._deliver_lid(8)
        self._build(row.production_ids)
        self.assertEqual(row.state, "done")

    # -- By-products -------------------------------------------------------------------

    def _add_by_products(self, *products):
        self.bom.byproduct_ids = [
            (0, 0, {"product_id": product.id, "product_qty": 1}) for product in products
        ]

    def test_by_products(self):
        """What rework yields besides is held, and decided on."""
        whey = self._make_product("Whey", categ_id=self.average.id)
        foam = self._make_product("Foam", "none", categ_id=self.average.id)
        self._add_by_products(whey, foam)
        self._buy(10, price=4, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        row = self._rework(case, 10, lot, bom_id=self.bom.id)
        order = row.production_ids
        made = self._make_lot("W1", whey)
        order.move_byproduct_ids.filtered(
            lambda move: move.product_id == whey
        ).lot_ids = made
        self._produce(order, lot=self._make_lot("C1", self.cheese))
        self.assertEqual((order.state, row.state), ("done", "done"))
        self.assertEqual(
            self._held_parts(case),
            {(whey, "W1", self.stock): 5, (foam, False, self.stock): 5},
        )
        with self.assertRaisesRegex(UserError, "W1"), self.cr.savepoint():
            self._deliver(made)
        self.assertEqual(case.state, "execution", "they are to be decided on")
        case.with_user(self.inspector).action_dispose()
        self._propose(case, "scrap", 5, made)
        self._propose(case, "scrap", 5, product_id=foam.id)
        self._carry_out(case)
        self.assertEqual(case.state, "follow_up")

    def test_by_products_where_there_are_others(self):
        foam = self._make_product("Foam", "none", categ_id=self.average.id)
        self._add_by_products(foam)
        self._buy(3, product=foam)
        self._buy(10, lots=["L1"])
        lot = self._lot("L1")
        case = self._open_case(lot)
        self._propose(
            case,
            "rework",
            6,
            lot,
            rework_way="production",
            bom_id=self.bom.id,
            test_group_ids=[(6, 0, self.retest.ids)],
        )
        with self.assertRaisesRegex(UserError, "Foam come out of it without a lot"):
            case.with_user(self.inspector).action_submit()
