from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import QmsCase


@tagged("post_install", "-at_install")
class TestSaleAvailability(QmsCase):
    """Goods that are limited to some customers are free on the orders of just these."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.limited = cls.env.ref("qms_quality.status_limited")
        cls.stranger = cls.env["res.partner"].create({"name": "Red Farm"})
        cls.depot = cls.env["res.partner"].create(
            {
                "name": "Green Farm, depot",
                "type": "delivery",
                "parent_id": cls.partner.id,
            }
        )
        cls.seller = cls._make_user("qms_seller", "sales_team.group_sale_salesman")
        cls.lot = cls._make_lot("L-1")
        cls._stock_up(10, cls.lot)
        cls.other = cls._make_lot("L-2")
        cls._stock_up(4, cls.other)

    def _limit(self, lot=None, partners=None, **vals):
        return self.env["qms.hold"]._place(
            [
                {
                    "product_id": self.product.id,
                    "lot_id": (lot or self.lot).id,
                    "status_id": self.limited.id,
                    "reason": "Accepted by the farm",
                    "allowed_partner_ids": [(6, 0, (partners or self.partner).ids)],
                    **vals,
                }
            ]
        )

    def _order(self, partner, quantity=5, lines=1, **vals):
        return (
            self.env["sale.order"]
            .with_user(self.seller)
            .create(
                {
                    "partner_id": partner.id,
                    "warehouse_id": self.warehouse.id,
                    "order_line": [
                        (
                            0,
                            0,
                            {
                                "product_id": self.product.id,
                                "product_uom_qty": quantity,
                            },
                        )
                    ]
                    * lines,
                    **vals,
                }
            )
        )

    def _free(self, order):
        self.env.invalidate_all()
        line = order.order_line[:1]
        return line.free_qty_today, line.virtual_available_at_date

    def test_quotation(self):
        """Free and forecast: all 14 for the farm and its depot, 4 for others."""
        self._limit()
        for partner in (self.partner, self.depot):
            self.assertEqual(self._free(self._order(partner)), (14, 14))
        self.assertEqual(self._free(self._order(self.stranger))[0], 4)
        sent_there = self._order(self.stranger, partner_shipping_id=self.depot.id)
        self.assertEqual(self._free(sent_there), (14, 14))
        product = self.product.with_context(warehouse_id=self.warehouse.id)
        self.assertEqual(product.free_qty, 4, "for nobody in particular")

    def test_a_moment_later(self):
        """Who asked for now is answered about now, though some seconds have passed."""
        self._limit()
        product = self.product.with_context(warehouse_id=self.warehouse.id)
        for seconds in (0, 5, 50):
            date = fields.Datetime.now() - timedelta(seconds=seconds)
            with self.subTest(seconds):
                self.assertEqual(product.with_context(to_date=date).free_qty, 4)

    def test_what_else_holds_them_does(self):
        self._limit()
        self._hold(lot=self.lot)
        self.assertEqual(self._free(self._order(self.partner))[0], 4)

    def test_limited_to_another(self):
        """Each sees what is his: both lots, or the one that is for both."""
        self._limit(self.lot, self.partner)
        self._limit(self.other, self.partner | self.stranger)
        self.assertEqual(self._free(self._order(self.partner))[0], 14)
        self.assertEqual(self._free(self._order(self.stranger))[0], 4)

    def test_another_address_is_chosen(self):
        """The number follows where the goods are to be sent."""
        self._limit()
        order = self._order(self.stranger)
        self.assertEqual(order.order_line.free_qty_today, 4)
        order.partner_shipping_id = self.depot
        self.assertEqual(order.order_line.free_qty_today, 14)

    def test_confirmed(self):
        """What a delivery can have is what its customer may get."""
        self._limit()
        mine, theirs = self._order(self.partner, 8), self._order(self.stranger, 8)
        for order in mine | theirs:
            order.action_confirm()
        self.assertEqual(mine.sudo().picking_ids.state, "assigned")
        self.assertEqual(self._free(mine)[0], 8)
        self.assertLess(self._free(theirs)[0], 8)

    def test_waiting_deliveries(self):
        """The forecast of a delivery that isn't reserved yet counts them, too."""
        self._limit()
        available = {}
        for partner in (self.partner, self.stranger):
            picking = self._picking("outgoing", 6, partner_id=partner.id)
            self.env.invalidate_all()
            available[partner] = picking.move_ids.forecast_availability
        self.assertGreaterEqual(available[self.partner], 6)
        self.assertLess(available[self.stranger], 6)

    def test_kit(self):
        """A kit is made of components that this customer may get."""
        self._limit()
        kit = self._make_product("Kit", tracking="none")
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    (0, 0, {"product_id": self.product.id, "product_qty": 2})
                ],
            }
        )
        free = {
            partner: kit.with_context(
                warehouse_id=self.warehouse.id, qms_gate_partner=partner.id
            ).free_qty
            for partner in (self.partner, self.stranger)
        }
        self.assertEqual(free, {self.partner: 7, self.stranger: 2})

    def test_key_is_no_right(self):
        """Whoever sends it sees another number, and reserves nothing by it."""
        self._limit()
        for value in ("x", [], None, 1.5):
            product = self.product.with_context(
                warehouse_id=self.warehouse.id, qms_gate_partner=value
            )
            self.assertEqual(product.free_qty, 4)
        picking = self._picking("outgoing", 14, partner_id=self.stranger.id)
        forged = picking.with_user(self.clerk).with_context(
            qms_gate_partner=self.partner.id
        )
        forged.action_confirm()
        forged.action_assign()
        self.assertEqual(picking.move_line_ids.lot_id, self.other)

    def test_queries(self):
        """What it costs more doesn't grow with the lines, nor with the customers."""
        strangers = self.env["res.partner"].create(
            [{"name": f"Shop {number}"} for number in range(12)]
        )
        # else Odoo takes this very second, and asks again once it is over
        day = {"commitment_date": fields.Datetime.now() + timedelta(days=1)}
        groups = [
            self._order(self.partner, **day).order_line,
            self._order(self.partner, 0.1, lines=20, **day).order_line,
            self._order(strangers[0], 0.1, **day).order_line,
            self.env["sale.order.line"].union(
                *(self._order(shop, 0.1, **day).order_line for shop in strangers)
            ),
        ]
        self._count(groups[0])
        before = [self._count(lines) for lines in groups]
        self._limit()
        more = [
            self._count(lines) - count
            for lines, count in zip(groups, before, strict=True)
        ]
        self.assertLessEqual(max(more), 6, f"{before} {more}")

    def _count(self, lines):
        self.env.flush_all()
        self.env.invalidate_all()
        lines.mapped("order_id.partner_shipping_id.commercial_partner_id.name")
        before = self.cr.sql_log_count
        lines.mapped("free_qty_today")
        return self.cr.sql_log_count - before
