from odoo.fields import Command

from .common_requirement import RequirementCase


class TestQrsTry(RequirementCase):
    """What a card would do to stock and open orders, before it is in force."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nz_lot, cls.cl_lot, cls.unknown = (
            cls._make_lot(name) for name in ("NZ-1", "CL-1", "XX-1")
        )
        for lot in cls.nz_lot | cls.cl_lot | cls.unknown:
            cls._stock_up(10, lot=lot)
        cls._record(cls.nz_lot, {cls.origin: cls.new_zealand})
        cls._record(cls.cl_lot, {cls.origin: cls.chile})

    def _sell(self, quantity, product=None, partner=None):
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.buyer).id,
                "warehouse_id": self.warehouse.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.product).id,
                            "product_uom_qty": quantity,
                        }
                    )
                ],
            }
        )

    def _try(self, card):
        action = card.action_try()
        return (
            self.env["qms.qrs.try"]
            .with_user(self.administrator)
            .browse(action["res_id"])
        )

    def _findings(self, action):
        findings = self.env["qms.qrs.finding"].with_user(self.administrator)
        return findings.search(action["domain"]).sudo()

    def test_lots_in_stock(self):
        card = self._card(
            "TRY",
            self._line(
                self.product,
                self._not_from(self.new_zealand),
                self._criterion(kind="label", label="Seal"),
            ),
            active=False,
        )
        tried = self._try(card)
        self.assertEqual((tried.lot_count, tried.failing_lot_count), (3, 2))
        asked, label = tried.criterion_ids
        self.assertEqual((asked.lot_count, asked.failing_count), (3, 2))
        self.assertEqual((asked.is_at_transfer, label.is_at_transfer), (False, True))
        found = self._findings(tried.action_open_lots())
        self.assertEqual(
            {one.lot_id.name: (one.outcome, one.quantity, one.why) for one in found},
            {
                "NZ-1": (
                    "blocked",
                    10,
                    "Country of Origin is none of: New Zealand (found: New Zealand)",
                ),
                "XX-1": (
                    "blocked",
                    10,
                    "Country of Origin is none of: New Zealand (found: not recorded)",
                ),
            },
        )
        self.assertEqual(card.state, "draft")

    def test_open_orders(self):
        """Orders that would get the card, and whether stock that meets it is enough."""
        enough, short = self._sell(10), self._sell(15)
        self._sell(5, partner=self.partner)
        done = self._sell(3)
        done.action_cancel()
        card = self._card("TRY", self._line(self.product), active=False)
        tried = self._try(card)
        self.assertEqual((tried.order_count, tried.failing_order_count), (2, 1))
        found = self._findings(tried.action_open_orders())
        rows = {one.document_name: one for one in found}
        self.assertEqual(set(rows), {enough.name, short.name})
        row = rows[short.name]
        self.assertEqual((row.demand, row.meets, row.is_failing), (15, 10, True))
        self.assertEqual(row.partner_id, self.fresh)
        self.assertEqual(
            row.why,
            "20 Units in stock don't meet: Country of Origin is none of: New Zealand",
        )
        self.assertFalse(rows[enough.name].is_failing)
        action = row.with_user(self.env.user).action_open_document()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("sale.order", short.id)
        )

    def test_lots_that_were_reserved(self):
        order = self._sell(10)
        order.action_confirm()
        move = order.order_line.move_ids
        move._do_unreserve()
        move.move_line_ids = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "lot_id": self.nz_lot.id,
                    "quantity": 10,
                }
            )
        ]
        card = self._card("TRY", self._line(self.product), active=False)
        (row,) = self._findings(self._try(card).action_open_orders())
        self.assertTrue(row.is_failing)
        self.assertEqual(
            row.why,
            "NZ-1: Country of Origin is none of: New Zealand (found: New Zealand)",
        )

    def test_only_what_the_card_would_apply_to(self):
        """Cards that are more specific keep their orders; former versions don't."""
        former = self._card("V", self._line())
        self._card("MILK", self._line(self.product))
        cream = self._make_product("Cream")
        self._stock_up(1, lot=self._make_lot("C-1", cream))
        milk, other = self._sell(1), self._sell(1, cream)
        version = self.cards.browse(former.action_new_version()["res_id"])
        tried = self._try(version)
        found = self._findings(tried.action_open_orders())
        self.assertEqual(found.mapped("document_name"), [other.name])
        self.assertNotIn(milk.name, found.mapped("document_name"))

    def test_purchases_and_production(self):
        """What comes in is judged by the lots that were entered already."""
        purchase = self.env["purchase.order"].create(
            {
                "partner_id": self.farm.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create({"product_id": self.product.id, "product_qty": 7})
                ],
            }
        )
        purchase.button_confirm()
        card = self._card(
            "IN",
            self._line(self.product),
            type="purchase",
            partners=self.farm,
            active=False,
        )
        (row,) = self._findings(self._try(card).action_open_orders())
        self.assertEqual((row.demand, row.is_failing, row.why), (7, False, ""))
        purchase.picking_ids.move_line_ids.lot_id = self.nz_lot
        (row,) = self._findings(self._try(card).action_open_orders())
        self.assertTrue(row.is_failing)
        production = self.env["mrp.production"].create(
            {
                "product_id": self._make_product("Cheese").id,
                "picking_type_id": self.warehouse.manu_type_id.id,
                "product_qty": 1,
                "move_raw_ids": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 12}
                    )
                ],
            }
        )
        made = self._card(
            "MO",
            self._line(self.product, use="component"),
            type="production",
            active=False,
        )
        (row,) = self._findings(self._try(made).action_open_orders())
        self.assertEqual(row.document_name, production.name)
        self.assertEqual((row.demand, row.meets, row.is_failing), (12, 10, True))

    def test_constant_queries(self):
        """Many lots and orders cost the queries of few; only findings are written."""
        card = self._card("TRY", self._line(self.product), active=False)
        self._sell(1)

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            trial = card._try()
            trial.judge_stock()
            trial.judge_orders()
            return self.cr.sql_log_count - before

        count()
        few = count()
        for number in range(40):
            lot = self._make_lot(f"CL-{number + 2}")
            self._stock_up(1, lot=lot)
            self._record(lot, {self.origin: self.chile})
        for _number in range(10):
            self._sell(2)
        self.assertEqual(count(), few)
