from itertools import product

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.qms_quality.models.gate.transaction import TRANSACTION_TYPES

from .common import QmsCase

TYPES = [name for name, _label in TRANSACTION_TYPES]


@tagged("post_install", "-at_install")
class TestHoldCustomer(QmsCase):
    """Goods that some customers accepted go to them, and to nobody else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = cls.env.ref("qms_quality.status_limited")
        cls.conditional = cls.env.ref("qms_quality.status_conditional")
        cls.depot = cls.env["res.partner"].create(
            {
                "name": "Green Farm, depot",
                "type": "delivery",
                "parent_id": cls.partner.id,
            }
        )
        cls.stranger = cls.env["res.partner"].create({"name": "Red Farm"})

    def _limit(self, status=None, **goods):
        records = {f"{name}_id": record.id for name, record in goods.items()}
        product_ = goods.get("product") or goods["lot"].product_id
        return self.env["qms.hold"]._place(
            [
                {
                    **records,
                    "product_id": product_.id,
                    "status_id": (status or self.limited).id,
                    "reason": "Accepted by the farm",
                    "allowed_partner_ids": [(6, 0, self.partner.ids)],
                }
            ]
        )

    def _make(self, status=None, quantity=10):
        lot = self._make_lot("L-1")
        self._stock_up(quantity, lot)
        return lot, self._limit(status, lot=lot)

    def test_customer_gets_them(self):
        lot, _hold = self._make()
        for partner in (self.partner, self.depot):
            picking = self._picking("outgoing", 5, partner_id=partner.id)
            picking.action_confirm()
            picking.action_assign()
            self.assertEqual(picking.state, "assigned")
            picking.move_ids.picked = True
            picking._action_done()
        self.assertEqual(self._quantity(self.stock, lot), 0)

    def test_others_do_not_reserve_them(self):
        self._make()
        for partner in (self.stranger, self.partner.browse()):
            picking = self._picking("outgoing", 5, partner_id=partner.id)
            picking.action_confirm()
            picking.action_assign()
            self.assertEqual(picking.state, "confirmed")

    def test_others_are_told_why(self):
        lot, hold = self._make()
        picking = self._delivery(5, lot, partner_id=self.stranger.id)
        with self.assertRaises(UserError) as refused:
            picking._action_done()
        self.assertIn(
            "Limited to customers · Accepted by the farm", str(refused.exception)
        )
        self.assertIn("Only for: Green Farm", str(refused.exception))
        self.assertIn(hold.name, str(refused.exception))

    def test_reservation_of_the_customer_is_kept(self):
        lot = self._make_lot("L-1")
        self._stock_up(10, lot)
        mine = self._picking("outgoing", 5)
        other = self._picking("outgoing", 5, partner_id=self.stranger.id)
        for picking in (mine, other):
            picking.action_confirm()
            picking.action_assign()
        self._limit(lot=lot)
        self.assertEqual((mine.state, other.state), ("assigned", "confirmed"))

    def test_limit_goes_with_the_goods(self):
        lot = self._make_lot("L-1")
        self._stock_up(10, lot)
        hold = self._limit(lot=lot, location=self.stock)
        outside = self._make_location("Outside", self.warehouse.view_location_id)
        picking = self._picking("internal", 10, dest=outside)
        picking.action_confirm()
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(hold.child_ids.allowed_partner_ids, self.partner)
        child = lot._qms_split(4, outside)
        copied = child.qms_hold_ids.filtered(lambda one: one.state == "open")
        self.assertEqual(copied.allowed_partner_ids, self.partner)

    def test_other_holds_are_not_lifted(self):
        lot, _hold = self._make()
        self._hold(lot=lot)
        picking = self._delivery(5, lot)
        with self.assertRaisesRegex(UserError, "On hold · Test"):
            picking._action_done()

    def test_what_else_the_status_blocks_stays_blocked(self):
        lot, hold = self._make(self.conditional)
        goods = self.env["stock.quant"].search([("lot_id", "=", lot.id)])
        (reasons,) = self.env["qms.hold"]._qms_gate_reasons(
            goods._qms_get_goods(), ("delivery", "transfer"), partner=self.partner
        )
        self.assertEqual(reasons[0].hold, hold)

    def test_reasons_and_reservation_agree(self):
        """The gate's answer and its twin for reservation, for every combination."""
        lots = [self._make_lot(f"L-{number}") for number in range(4)]
        for lot in lots:
            self._stock_up(1, lot)
            self._stock_up(1, lot, self.shelf)
        self._limit(lot=lots[0])
        self._limit(self.conditional, lot=lots[1], location=self.shelf)
        self._limit(lot=lots[2])
        self._hold(lot=lots[2], location=self.shelf)
        self._limit(self.on_hold, product=self.product, location=self.shelf)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.product.id),
                ("location_id.usage", "=", "internal"),
            ]
        )
        self.assertEqual(len(quants), 8)
        partners = (None, self.partner, self.depot, self.stranger)
        kinds = [*((name,) for name in TYPES), ("delivery", "internal"), ("delivery",)]
        seen = set()
        for types, partner in product(kinds, partners):
            answers = self.env["qms.hold"]._qms_gate_reasons(
                quants._qms_get_goods(), types, partner=partner
            )
            allowed = {
                quant
                for quant, reasons in zip(quants, answers, strict=True)
                if not any(reason.policy == "block" for reason in reasons)
            }
            domain = self.env["stock.quant"]._qms_gate_domain(
                types, product=self.product, location=self.stock, partner=partner
            )
            found = self.env["stock.quant"].search([("id", "in", quants.ids), *domain])
            self.assertEqual(set(found), allowed, (types, partner))
            self.assertEqual(set(quants.filtered_domain(domain)), allowed)
            seen.add(len(allowed))
        self.assertGreater(len(seen), 3, "the combinations tell apart")
