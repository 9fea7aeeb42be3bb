"""Every kind of disposition in every situation, through to the stock and its value.

Each row of the table is a test with a subtest for each kind: in full, in parts over
several receipts, lots and places, serial numbers, goods without a lot, and refused.
"""

from collections import Counter

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_disposing import DisposingCase

KINDS = (
    "scrap",
    "return",
    "rework",
    "use_as_is",
    "return_production",
    "downgrade",
    "sort",
    "donate",
    "customer",
)
GONE = {"scrap", "return", "downgrade", "donate"}
SHIPPED = {"return", "donate"}
# Kinds whose goods stay where they are: no other document's hold is in the way of it.
STAYING = {"use_as_is", "sort", "customer"}
PRICE = 2.0


@tagged("post_install", "-at_install")
class TestDispositionTable(DisposingCase):
    """See the module."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.retest = cls._make_weight_group("Weight again")
        cls.second = cls._make_product("Second choice", "none", categ_id=cls.average.id)
        cls.zoo = cls.env["res.partner"].create({"name": "Zoo"})
        cls.line = cls._make_location("Line 3", cls.warehouse.view_location_id)
        cls.cellar = cls._make_location("Cellar", cls.warehouse.view_location_id)
        cls.operator = cls._make_user("qms_operator", "mrp.group_mrp_user")
        cls.sensor = cls._make_product("Sensor", "serial", categ_id=cls.average.id)
        cls.box = cls._make_product("Box", "none", categ_id=cls.average.id)

    # -- The situations: goods, and how much of each is decided ------------------------

    def _receive(self, quantity, lot, place=None, product=None):
        """Buy, receive, bill, and put away; return the lot."""
        product = product or self.milk
        known = lot and self._lot(lot, product)
        names = [known or lot] if lot else None
        line = self._buy(quantity, price=PRICE, lots=names, product=product)
        self._bill(line)
        found = self._lot(lot, product) if lot else self.env["stock.lot"]
        if place:
            picking = self._picking("internal", quantity, product, dest=place)
            picking.action_confirm()
            picking.move_ids.move_line_ids.unlink()
            values = picking.move_ids._prepare_move_line_vals(quantity=quantity)
            self.env["stock.move.line"].create({**values, "lot_id": found.id})
            picking.move_ids.picked = True
            picking._action_done()
        return found

    def _in_full(self):
        lot = self._receive(10, "L1")
        return self._open_case(lot), [(lot, self.stock, 10)]

    def _in_parts(self):
        """All of a lot that came by two receipts; part of another, in two places."""
        two = self._receive(4, "L2", self.shelf)
        self._receive(2, "L2")
        one = self._receive(3, "L1")
        self._receive(5, "L1")
        return self._open_case(one | two), [
            (one, self.stock, 8),
            (two, self.shelf, 1),
            (two, self.stock, 2),
        ]

    def _in_serials(self):
        serials = [self._receive(1, f"S{n}", product=self.sensor) for n in range(3)]
        lots = self.env["stock.lot"].union(*serials)
        return self._open_case(lots), [(one, self.stock, 1) for one in serials[:2]]

    def _without_lots(self):
        none = self._receive(6, None, product=self.box)
        self._receive(4, None, product=self.box)
        case = self._open_case(product_id=self.box.id)
        self._hold(product=self.box, location=self.stock)._hand_over(case, "Test")
        return case, [(none, self.stock, 7)]

    # -- What each kind needs, and what others do for it -------------------------------

    def _get_needs(self, kind, product):
        loose = product.tracking == "none"
        needs = {
            "rework": {
                "rework_way": "production",
                "test_group_ids": [(6, 0, self.retest.ids)],
                "location_dest_id": loose and self.cellar.id,
            },
            "use_as_is": {"location_dest_id": loose and self.cellar.id},
            "return_production": {"location_dest_id": self.line.id},
            "downgrade": {"product_dest_id": self.second.id},
            "sort": {
                "test_group_ids": [(6, 0, self.retest.ids)],
                "location_dest_id": loose and self.cellar.id,
            },
            "donate": {"partner_id": self.zoo.id},
            "customer": {
                "partner_id": self.partner.id,
                "location_dest_id": loose and self.cellar.id,
            },
        }
        return {"reason": "Decided", **needs.get(kind, {})}

    def _add_rows(self, kind, case, goods):
        rows = self.env["qms.disposition"]
        for lot, place, quantity in goods:
            product = lot.product_id or case.product_id
            needs = self._get_needs(kind, product)
            rows |= self._propose(
                case, kind, quantity, lot, place, product_id=product.id, **needs
            )
        return rows

    def _see_through(self, kind, rows):
        """Do what others do, after the inspector carried rows out."""
        if kind in SHIPPED:
            for picking in rows.move_ids.picking_id:
                picking.move_ids.picked = True
                picking.with_user(self.clerk).button_validate()
        for order in rows.production_ids:
            order.with_user(self.operator).button_mark_done()
        for row in rows.with_user(self.inspector):
            if kind == "sort":
                self._fill(row.order_ids)
                row.order_ids.action_validate()
                row.good_quantity = row.quantity
                row.action_finish_sorting()
            elif kind == "customer":
                row.customer_answer_text = "Mr Green, by telephone"
                row.action_customer_accepts()

    # -- What is there -----------------------------------------------------------------

    def _count(self, product):
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        return sum(quants.mapped("quantity"))

    def _value(self, product):
        product.invalidate_recordset()
        return product.total_value

    def _deliverable(self, product, partner):
        """Return how much of a product the gate lets a customer have."""
        quants = self.env["stock.quant"].search(
            [("product_id", "=", product.id), ("location_id.usage", "=", "internal")]
        )
        answers = self.env["qms.hold"]._qms_gate_reasons(
            quants._qms_get_goods(), "delivery", partner=partner
        )
        return sum(
            quant.quantity
            for quant, reasons in zip(quants, answers, strict=True)
            if not reasons
        )

    def _check_in_every_kind(self, prepare):
        for kind in KINDS:
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                self._check(kind, *prepare())
                self.env.cr.precommit.clear()
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def _check(self, kind, case, goods):
        """Decide, carry out, and look at the stock, its value and its documents."""
        product = case.product_id or case.lot_ids.product_id
        decided = sum(quantity for _lot, _place, quantity in goods)
        there, worth = self._count(product), self._value(product)
        rows = self._add_rows(kind, case, goods)
        self._carry_out(case)
        self._see_through(kind, rows)
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(sum(rows.mapped("done_quantity")), decided)

        gone = decided if kind in GONE else 0
        self.assertAlmostEqual(self._count(product), there - gone)
        self.assertAlmostEqual(self._value(product), worth - gone * PRICE)
        left = there - decided
        self.assertAlmostEqual(sum(case._get_held_quants().mapped("quantity")), left)
        self.assertAlmostEqual(case.undisposed_quantity, left)
        self.assertEqual(case.state, "execution" if left else "follow_up")
        freed = 0 if kind in GONE | {"rework"} else decided
        self.assertEqual(self._deliverable(product, self.partner), freed)
        stranger = 0 if kind == "customer" else freed
        self.assertEqual(self._deliverable(product, self.zoo), stranger)
        getattr(self, f"_check_{kind}", lambda *_args: None)(rows, decided)

    # -- What is particular to a kind --------------------------------------------------

    def _check_scrap(self, rows, decided):
        scraps = rows.move_ids.scrap_id
        self.assertEqual(set(scraps.mapped("state")), {"done"})
        self.assertEqual(sum(scraps.mapped("scrap_qty")), decided)
        self.assertEqual(self._costs(rows), {"scrap": decided * PRICE})

    def _check_return(self, rows, decided):
        refund = rows.refund_ids
        self.assertEqual(set(refund.mapped("state")), {"draft"})
        lines = refund.invoice_line_ids
        self.assertEqual(sum(lines.mapped("quantity")), decided)
        self.assertEqual(sum(refund.mapped("amount_untaxed")), decided * PRICE)
        sent = Counter()
        for move in rows.move_ids:
            sent[move.origin_returned_move_id] += move.quantity
        for receipt, quantity in sent.items():
            self.assertLessEqual(quantity, receipt.quantity)
        self.assertEqual(self._costs(rows), {"material": decided * PRICE})

    def _check_donate(self, rows, decided):
        self.assertEqual(rows.move_ids.picking_id.partner_id, self.zoo)
        self.assertEqual(self._costs(rows), {"material": decided * PRICE})

    def _check_downgrade(self, rows, decided):
        self.assertEqual(self._count(self.second), decided)
        self.assertAlmostEqual(self._value(self.second), decided * PRICE)

    def _check_return_production(self, rows, decided):
        quants = self.env["stock.quant"].search([("location_id", "=", self.line.id)])
        self.assertEqual(sum(quants.mapped("quantity")), decided)

    def _check_rework(self, rows, decided):
        orders = rows.order_ids
        self.assertEqual(set(orders.mapped("event")), {"retest"})
        self.assertEqual(sum(orders.mapped("quantity")), decided)
        for order in orders:
            self._fill(order)
        orders.with_user(self.inspector).action_validate()
        product = rows.product_id
        self.assertEqual(self._deliverable(product, self.partner), decided)

    def _costs(self, rows):
        amounts = Counter()
        for cost in rows.nonconformance_id.cost_ids:
            amounts[cost.kind] += cost.amount
        return dict(amounts)

    # -- The table ---------------------------------------------------------------------

    def test_in_full(self):
        self._check_in_every_kind(self._in_full)

    def test_in_parts(self):
        self._check_in_every_kind(self._in_parts)

    def test_serial_numbers(self):
        self._check_in_every_kind(self._in_serials)

    def test_goods_without_a_lot(self):
        self._check_in_every_kind(self._without_lots)

    # -- Refused -----------------------------------------------------------------------

    def _assert_refused(self, case, rows, text):
        """Expect that nothing is done, and every row is named with what is wrong."""
        product = case.product_id
        there, worth = self._count(product), self._value(product)
        with self.assertRaises(UserError) as refusal, self.env.cr.savepoint():
            case.with_user(self.inspector).action_submit()
        self.env.invalidate_all()
        for row in rows:
            self.assertRegex(str(refusal.exception), f"{row.display_name}: .*{text}")
        self.assertEqual(set(rows.mapped("state")), {"draft"})
        self.assertEqual((self._count(product), self._value(product)), (there, worth))
        self.assertFalse(rows.move_ids or rows.production_ids or rows.order_ids)

    def test_more_than_is_there(self):
        lot = self._receive(10, "L1")
        case = self._open_case(lot)
        for kind in KINDS:
            rows = self._add_rows(kind, case, [(lot, self.stock, 11)])
            with self.subTest(kind):
                self._assert_refused(case, rows, "only 10 Units are in")
            rows.with_user(self.inspector).unlink()

    def test_not_held_by_the_case(self):
        lot, other = self._receive(10, "L1"), self._receive(5, "L2")
        case = self._open_case(lot)
        for kind in KINDS:
            rows = self._add_rows(kind, case, [(other, self.stock, 5)])
            with self.subTest(kind):
                self._assert_refused(case, rows, "doesn't hold these goods")
            rows.with_user(self.inspector).unlink()

    def test_promised_twice(self):
        lot = self._receive(10, "L1")
        case = self._open_case(lot)
        for kind in KINDS:
            goods = [(lot, self.stock, 6), (lot, self.stock, 5)]
            rows = self._add_rows(kind, case, goods)
            with self.subTest(kind):
                self._assert_refused(case, rows, "other dispositions are about")
            rows.with_user(self.inspector).unlink()

    def test_held_by_another_document(self):
        """It is in the way of what moves; what stays where it is stays held by it."""
        lot = self._receive(10, "L1")
        case = self._open_case(lot)
        hold = self._hold(lot=lot, reason="Stolen")
        for kind in KINDS:
            with self.subTest(kind), self.env.cr.savepoint() as savepoint:
                rows = self._add_rows(kind, case, [(lot, self.stock, 10)])
                if kind in STAYING:
                    self._carry_out(case)
                    self._see_through(kind, rows)
                    self.assertEqual(self._deliverable(self.milk, self.partner), 0)
                else:
                    self._assert_refused(case, rows, f"Stolen.*{hold.name}")
                self.env.cr.precommit.clear()
                savepoint.rollback()
            self.env.invalidate_all(flush=False)

    def test_what_each_needs(self):
        lot = self._receive(10, "L1")
        case = self._open_case(lot)
        missing = {
            "rework": "choose by what the goods are reworked",
            "use_as_is": "say why the goods may be used",
            "return_production": "say to which place of the line",
            "downgrade": "say which other product they become",
            "sort": "say by which test groups they are sorted",
            "donate": "say who gets the goods",
            "customer": "say which customer decides",
        }
        for kind, text in missing.items():
            row = self._propose(case, kind, 10, lot)
            with self.subTest(kind):
                self._assert_refused(case, row, text)
            row.with_user(self.inspector).unlink()

    def test_return_without_a_receipt(self):
        lot = self._make_lot("L1", self.milk)
        self._stock_up(10, lot)
        case = self._open_case(lot)
        rows = self._add_rows("return", case, [(lot, self.stock, 5)])
        self._assert_refused(case, rows, "no receipt of L1 from any supplier is known")

    def test_part_of_goods_without_a_lot(self):
        """What can't be told from the rest needs a place of its own."""
        case, goods = self._without_lots()
        for kind in ("use_as_is", "customer", "sort", "rework"):
            rows = self._add_rows(kind, case, goods)
            rows.with_user(self.inspector).location_dest_id = False
            with self.subTest(kind):
                texts = {
                    "sort": "say to which place the good ones go",
                    "rework": "the case holds all of the product in",
                }
                text = texts.get(kind, "only part of what")
                self._assert_refused(case, rows, text)
            rows.with_user(self.inspector).unlink()
