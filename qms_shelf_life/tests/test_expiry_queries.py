from contextlib import contextmanager

from freezegun import freeze_time

from odoo.fields import Domain
from odoo.tests import tagged

from .expiry_case import ExpiryCase


# Core writes the date of what it posts only if a second has passed: time stands still.
@freeze_time("2026-03-03 10:00:00")
@tagged("post_install", "-at_install")
class TestExpiryQueries(ExpiryCase):
    """Dates cost a fixed number of queries, and none for goods without dates."""

    FEW, MANY = 4, 20

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_expiry_days = 3
        cls.company.qms_expiry_missing = "block"
        cls._make_rule(product_id=cls.milk.id, days=2)

    def _make_goods(self, count, **vals):
        """Return one product each with a lot of its own, all of them good."""
        products = self.env["product.product"]
        for number in range(count):
            product = self._make_product(f"P{number}", **vals)
            self._make_dated_lot(f"L{number}", 20, product, quantity=2)
            products |= product
        return products

    @contextmanager
    def _without_dates(self):
        """Take the questions about dates out of the gate."""
        quant, hold = type(self.env["stock.quant"]), type(self.env["qms.hold"])
        line = type(self.env["stock.move.line"])
        with (
            self.patched(quant, "_qms_get_date_blocks", lambda *args, **named: {}),
            self.patched(
                hold,
                "_qms_get_date_reasons",
                lambda holds, goods, *args, **named: [[] for _one in goods],
            ),
            self.patched(line, "_qms_get_refused_as_planned", lambda lines: []),
        ):
            yield

    @contextmanager
    def patched(self, model_class, name, method):
        origin = vars(model_class).get(name)
        setattr(model_class, name, method)
        try:
            yield
        finally:
            if origin is None:
                delattr(model_class, name)
            else:
                setattr(model_class, name, origin)

    def _count(self, products):
        """Return the queries of reserving and of posting one of each product."""
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.customer.id,
                "partner_id": self.partner.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": 1,
                            "product_uom": product.uom_id.id,
                            "location_id": self.stock.id,
                            "location_dest_id": self.customer.id,
                        },
                    )
                    for product in products
                ],
            }
        )
        picking.action_confirm()
        picking.do_unreserve()
        counts = [
            self._measure(picking.action_assign),
            self._measure(picking.with_context(skip_sms=True).button_validate),
        ]
        self.assertEqual(picking.state, "done")
        return counts

    def _measure(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _cost(self, count, **vals):
        """Return how many queries dates cost: reserving, and posting."""
        products = self._make_goods(count, **vals)
        # what the server keeps in its caches is asked once
        self._rolled_back(products)
        with_dates = self._rolled_back(products)
        with self._without_dates():
            without = self._rolled_back(products)
        return [one - two for one, two in zip(with_dates, without, strict=True)]

    def _rolled_back(self, products):
        with self.env.cr.savepoint() as savepoint:
            counts = self._count(products)
            savepoint.rollback()
        self.env.invalidate_all(flush=False)
        return counts

    def test_undated_goods_cost_nothing(self):
        self.assertEqual(self._cost(self.FEW), [0, 0])
        self.assertEqual(self._cost(self.MANY), [0, 0])

    def test_dated_goods_cost_the_same_however_many(self):
        dated = {"use_expiration_date": True, "expiration_time": 30}
        few, many = self._cost(self.FEW, **dated), self._cost(self.MANY, **dated)
        self.assertEqual(few, many)
        self.assertLessEqual(max(few), 8, few)

    def test_the_domain_costs_no_query(self):
        """What it needs is read with the goods, or kept by the server."""
        self._make_dated_lot("L", 20, quantity=1)
        for product in (self.milk, self.product):
            ask = {"product": product, "location": self.stock}
            gate = self.env["stock.quant"]._qms_gate_domain("delivery", **ask)
            self.assertIsInstance(gate, Domain)
            before = self.cr.sql_log_count
            self.env["stock.quant"]._qms_gate_domain("delivery", **ask)
            self.assertEqual(self.cr.sql_log_count, before)
