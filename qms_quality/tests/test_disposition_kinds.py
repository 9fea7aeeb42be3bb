from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_disposition import DispositionCase


@tagged("post_install", "-at_install")
class TestDispositionProduction(DispositionCase):
    """Goods go back to the line."""

    def test_part_goes_back_to_the_line(self):
        line = self._make_location("Line 3")
        case = self._lot_case()
        row = self._add(case, "return_production", 30)
        self.assertEqual(row.problem, "say to which place of the line they go back.")
        row.with_user(self.inspector).location_dest_id = line
        self._carry_out(case)
        self.assertEqual(self._free(line, row.child_lot_id), 30)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 70})
        self.assertEqual(row.move_ids.picking_id.state, "done")
        self.assertEqual(row.move_ids.picking_id.origin, case.name)

    def test_untracked_goods_go_back_to_the_line(self):
        line = self._make_location("Line 3")
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        self._add(
            case,
            "return_production",
            20,
            location=self.shelf,
            location_dest_id=line.id,
        )
        self._carry_out(case)
        self.assertEqual(self._free(line, product=self.untracked), 20)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})

    def test_package_that_goes_as_a_whole_stays_packed(self):
        line = self._make_location("Line 3")
        lot = self._make_lot("L-1")
        package = self.env["stock.package"].create({"name": "PACK"})
        self._stock_up(20, lot, package=package)
        case = self._make_case(lot)
        self._bring_to_disposition(case)
        self._add(
            case,
            "return_production",
            20,
            package_id=package.id,
            location_dest_id=line.id,
        )
        self._carry_out(case)
        self.assertEqual(package.location_id, line)
        self.assertEqual(self._free(line, lot), 20)


@tagged("post_install", "-at_install")
class TestDispositionDowngrade(DispositionCase):
    """Goods become another product, at the value they have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second_choice = cls._make_product("Milk for animals")
        categ = cls.env["product.category"].create(
            {"name": "AVCO", "property_cost_method": "average"}
        )
        (cls.product | cls.second_choice).categ_id = categ
        cls.product.standard_price = 3

    def _downgrade(self, case, quantity, **vals):
        vals.setdefault("product_dest_id", self.second_choice.id)
        return self._add(case, "downgrade", quantity, **vals)

    def test_part_becomes_another_product(self):
        case = self._lot_case()
        row = self._downgrade(case, 30)
        self._carry_out(case)
        lot = row.child_lot_id
        self.assertRecordValues(
            lot,
            [
                {
                    "name": "L-1",
                    "product_id": self.second_choice.id,
                    "parent_lot_id": case.lot_ids.id,
                }
            ],
        )
        self.assertEqual(self._free(self.stock, lot), 30)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 70})

    def test_value_goes_along(self):
        case = self._lot_case()
        row = self._downgrade(case, 30)
        self._carry_out(case)
        out, arrival = row.move_ids.sorted("id")
        self.assertEqual((out.value, arrival.value), (90, 90))
        self.assertEqual(self.second_choice.standard_price, 3)

    def test_number_that_is_taken(self):
        self._make_lot("L-1", self.second_choice)
        case = self._lot_case()
        row = self._downgrade(case, 30)
        self._carry_out(case)
        self.assertEqual(row.child_lot_id.name, "L-1-1")

    def test_status_afterwards(self):
        status = self.env.ref("qms_quality.status_conditional")
        case = self._lot_case()
        row = self._downgrade(case, 30, status_id=status.id)
        self._carry_out(case)
        self.assertEqual(row.child_lot_id.inspection_status_id, status)

    def test_lot_becomes_untracked(self):
        self.second_choice.tracking = "none"
        case = self._lot_case()
        row = self._downgrade(case, 30)
        self._carry_out(case)
        self.assertFalse(row.child_lot_id)
        self.assertEqual(self._free(self.stock, product=self.second_choice), 30)

    def test_untracked_gets_a_lot(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        row = self._downgrade(case, 20, location=self.shelf)
        self._carry_out(case)
        self.assertEqual(self._free(self.shelf, row.child_lot_id), 20)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})

    def test_what_can_not_be(self):
        case = self._lot_case()
        row = self._downgrade(case, 30, product_dest_id=self.product.id)
        self.assertEqual(row.problem, "say which other product they become.")
        kilo = self.env.ref("uom.product_uom_kgm")
        other = self._make_product("By weight", uom_id=kilo.id)
        row.with_user(self.inspector).product_dest_id = other
        self.assertEqual(
            row.problem, "By weight is counted in kg, these goods in Units."
        )
        other = self._make_product("Piece", tracking="serial")
        row.with_user(self.inspector).product_dest_id = other
        self.assertEqual(
            row.problem,
            "Piece is tracked by serial number: decide on one piece at a time.",
        )

    def test_exchange_can_not_be_undone_by_half(self):
        case = self._lot_case()
        row = self._downgrade(case, 30)
        self._carry_out(case)
        with self.assertRaisesRegex(UserError, "took goods out of one lot"):
            row.move_ids.move_line_ids[:1].action_revert_inventory()


@tagged("post_install", "-at_install")
class TestDispositionDonate(DispositionCase):
    """Goods are given away by a delivery that the warehouse ships."""

    def setUp(self):
        super().setUp()
        self.zoo = self.env["res.partner"].create({"name": "Zoo"})

    def _donate(self, case, quantity, **vals):
        return self._add(case, "donate", quantity, partner_id=self.zoo.id, **vals)

    def test_shipped_by_the_warehouse(self):
        case = self._lot_case()
        row = self._donate(case, 30)
        self._carry_out(case)
        picking = row.move_ids.picking_id
        self.assertEqual((row.state, picking.state), ("in_progress", "assigned"))
        self.assertEqual(case.undisposed_quantity, 70)
        picking.with_user(self.clerk).button_validate()
        self.assertEqual((picking.state, row.state), ("done", "done"))
        self.assertEqual(row.done_quantity, 30)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 70})
        self.assertEqual(case.state, "execution")

    def test_only_its_partner_gets_the_goods(self):
        case = self._lot_case()
        row = self._donate(case, 30)
        self._carry_out(case)
        picking = row.move_ids.picking_id
        picking.with_user(self.clerk).partner_id = self.partner
        with self.assertRaisesRegex(UserError, "These goods are held"):
            picking.with_user(self.clerk).button_validate()

    def test_not_more_than_was_decided(self):
        case = self._lot_case()
        row = self._donate(case, 30)
        self._carry_out(case)
        picking = row.move_ids.picking_id
        picking.move_line_ids.quantity = 31
        with self.assertRaisesRegex(UserError, "These goods are held"):
            picking.with_user(self.clerk).button_validate()

    def test_what_is_not_shipped_is_decided_on_again(self):
        case = self._lot_case()
        row = self._donate(case, 30)
        self._carry_out(case)
        picking = row.move_ids.picking_id
        picking.move_line_ids.quantity = 12
        picking.move_ids.picked = True
        picking.with_user(self.clerk)._action_done()
        self.assertFalse(picking.backorder_ids)
        self.assertEqual((row.state, row.done_quantity), ("done", 12))
        case.invalidate_recordset()
        self.assertEqual((case.held_quantity, case.undisposed_quantity), (88, 88))

    def test_cancelled_transfer_can_be_made_again(self):
        case = self._lot_case()
        row = self._donate(case, 30)
        self._carry_out(case)
        row.move_ids.picking_id.action_cancel()
        self.assertEqual((row.state, row.executed_by_id.id), ("approved", False))
        case.with_user(self.inspector).action_execute()
        picking = row.move_ids.picking_id.filtered(lambda p: p.state == "assigned")
        picking.with_user(self.clerk).button_validate()
        self.assertEqual((row.state, row.done_quantity), ("done", 30))

    def test_somebody_gets_them(self):
        case = self._lot_case()
        row = self._add(case, "donate", 30)
        self.assertEqual(row.problem, "say who gets the goods.")


@tagged("post_install", "-at_install")
class TestDispositionSort(DispositionCase):
    """The good ones are used, the others are decided on again."""

    def _sort(self, case, quantity=100, **vals):
        vals.setdefault("test_group_ids", self.group.ids)
        row = self._add(case, "sort", quantity, **vals)
        self._carry_out(case)
        return row

    def _finish(self, row, good, fail=True):
        self._fill(row.order_ids, fail=fail)
        row.order_ids.with_user(self.inspector).action_validate()
        row.with_user(self.inspector).good_quantity = good
        row.with_user(self.inspector).action_finish_sorting()

    def test_order_says_what_to_look_at(self):
        case = self._lot_case()
        row = self._sort(case)
        self.assertRecordValues(
            row.order_ids,
            [
                {
                    "nonconformance_id": case.id,
                    "lot_ids": case.lot_ids.ids,
                    "quantity": 100,
                    "state": "draft",
                    "test_group_ids": self.group.ids,
                }
            ],
        )
        self.assertFalse(row.order_ids.hold_ids)
        self.assertEqual(row.state, "in_progress")

    def test_not_before_the_order_is_validated(self):
        row = self._sort(self._lot_case())
        row.with_user(self.inspector).good_quantity = 60
        with self.assertRaisesRegex(UserError, "is not validated yet"):
            row.with_user(self.inspector).action_finish_sorting()

    def test_good_ones_are_used(self):
        case = self._lot_case()
        row = self._sort(case)
        self._finish(row, 60)
        self.assertEqual((row.state, row.done_quantity), ("done", 60))
        self.assertEqual(self._free(self.stock, row.child_lot_id), 60)
        self.assertEqual(self._held(case), {("L-1", self.stock.name): 40})
        self.assertEqual((case.state, case.undisposed_quantity), ("execution", 40))
        self.assertEqual(
            self.Case.search_count([("lot_ids", "in", case.lot_ids.ids)]),
            1,
            "what was sorted out belongs to this case",
        )

    def test_all_are_good(self):
        case = self._lot_case()
        row = self._sort(case)
        self._finish(row, 100, fail=False)
        self.assertFalse(row.child_lot_id)
        self.assertEqual(self._free(self.stock, case.lot_ids), 100)
        self.assertEqual(case.state, "follow_up")

    def test_none_is_good(self):
        case = self._lot_case()
        row = self._sort(case)
        self._finish(row, 0)
        self.assertEqual((row.state, row.done_quantity), ("done", 0))
        self.assertEqual(case.undisposed_quantity, 100)

    def test_not_more_than_were_sorted(self):
        row = self._sort(self._lot_case())
        with self.assertRaisesRegex(UserError, "101 can't be good of 100"):
            self._finish(row, 101)

    def test_untracked_good_ones_go_to_a_place(self):
        self._stock_up(50, product=self.untracked, location=self.shelf)
        case = self._place_case(location=self.shelf)
        row = self._add(
            case, "sort", 50, location=self.shelf, test_group_ids=self.group.ids
        )
        self.assertIn("to which place the good ones go", row.problem)
        row.with_user(self.inspector).location_dest_id = self.dest
        self._carry_out(case)
        self._finish(row, 20)
        self.assertEqual(self._free(self.dest, product=self.untracked), 20)
        self.assertEqual(self._held(case), {(False, "Shelf"): 30})

    def test_cancelled_while_sorting(self):
        case = self._lot_case()
        row = self._sort(case)
        with self.assertRaises(AccessError):
            row.with_user(self.inspector).action_cancel()
        row.with_user(self.manager).action_cancel()
        self.assertEqual((row.state, case.undisposed_quantity), ("cancelled", 100))


@tagged("post_install", "-at_install")
class TestDispositionCustomer(DispositionCase):
    """What a customer accepts is for him alone."""

    def _ask(self, case, quantity=30):
        row = self._add(case, "customer", quantity, partner_id=self.partner.id)
        self._carry_out(case)
        return row

    def test_customer_is_asked(self):
        self.partner.email = "farm@example.com"
        row = self._ask(self._lot_case())
        message = row.message_ids.filtered(lambda m: m.message_type == "comment")
        self.assertIn("Decided", message.body)
        self.assertEqual(message.partner_ids, self.partner)
        self.assertEqual(row.state, "in_progress")

    def test_answer_is_written_down(self):
        row = self._ask(self._lot_case())
        with self.assertRaisesRegex(UserError, "Write down what the customer said"):
            row.with_user(self.inspector).action_customer_accepts()

    def test_accepted_goods_are_for_this_customer(self):
        case = self._lot_case()
        row = self._ask(case)
        row.with_user(self.inspector).customer_answer_text = "Mr Green, by telephone"
        row.with_user(self.inspector).action_customer_accepts()
        child = row.child_lot_id
        self.assertEqual((row.state, row.customer_answer), ("done", "accepted"))
        hold = child.qms_hold_ids.filtered(lambda h: h.state == "open")
        self.assertEqual(hold.allowed_partner_ids, self.partner)
        self.assertEqual(self._free(self.stock, child), 0)
        self._delivery(30, child)._action_done()
        self.assertEqual(self._quantity(self.stock, child), 0)

    def test_refused_goods_are_decided_on_again(self):
        case = self._lot_case()
        row = self._ask(case)
        row.with_user(self.inspector).customer_answer_text = "No"
        row.with_user(self.inspector).action_customer_refuses()
        self.assertEqual((row.state, row.done_quantity), ("done", 0))
        self.assertEqual(case.undisposed_quantity, 100)
        with self.assertRaisesRegex(UserError, "isn't possible"):
            row.with_user(self.inspector).action_customer_accepts()
