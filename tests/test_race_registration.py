"""Two workers scan for one order in the same moment, over two connections."""

import uuid

from odoo.tests import tagged

from .race_case import RaceCase, Step

ROWS = "SELECT id FROM qms_tracked_product WHERE product_id IN %(products)s"
ORDERS = "SELECT id FROM mrp_production WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestRegistrationRace(RaceCase):
    """One pump takes one motor; two orders want the same."""

    cleaning = (
        "ALTER TABLE qms_tracked_scan DISABLE TRIGGER USER",
        f"DELETE FROM qms_tracked_scan WHERE production_id IN ({ORDERS})",
        "ALTER TABLE qms_tracked_scan ENABLE TRIGGER USER",
        f"DELETE FROM qms_tracked_component WHERE tracked_product_id IN ({ROWS})",
        "DELETE FROM qms_tracked_product WHERE product_id IN %(products)s",
        f"DELETE FROM mail_message WHERE model = 'mrp.production'"
        f" AND res_id IN ({ORDERS})",
        "DELETE FROM stock_move_line WHERE product_id IN %(products)s",
        "DELETE FROM stock_move WHERE product_id IN %(products)s",
        "DELETE FROM mrp_production WHERE product_id IN %(products)s",
        "DELETE FROM mrp_bom WHERE code = 'RACE'",
    )

    def _make(self, env):
        env.company.qms_tracked_new_numbers = "any"
        products = env["product.product"].create(
            [
                {"name": f"Race {n}", "is_storable": True, "tracking": "serial"}
                for n in range(2)
            ]
        )
        self.product_ids += products.ids
        pump, motor = products
        bom = env["mrp.bom"].create(
            {
                "code": "RACE",
                "product_tmpl_id": pump.product_tmpl_id.id,
                "bom_line_ids": [(0, 0, {"product_id": motor.id, "product_qty": 1})],
            }
        )
        place = env["stock.warehouse"].search([], limit=1).lot_stock_id
        for number in range(2):
            lot = env["stock.lot"].create(
                {"name": f"RACE-M{number}", "product_id": motor.id}
            )
            env["stock.quant"]._update_available_quantity(motor, place, 1, lot_id=lot)
        orders = env["mrp.production"].create(
            [
                {"product_id": pump.id, "bom_id": bom.id, "product_qty": 2}
                for _number in range(2)
            ]
        )
        orders.action_confirm()
        self.order_ids = orders.ids
        self.rows = [
            self._scan(env, order.id, f"RACE-P{order.id}")["product"]["id"]
            for order in orders
        ]

    def _scan(self, env, order_id, code, row=False, key=None):
        scan = {
            "id": key or str(uuid.uuid4()),
            "code": code,
            "mode": "component" if row else "product",
            "product": row,
        }
        return env["mrp.production"].browse(order_id).qms_scan(scan)

    def _step(self, answers, *args, **named):
        def work(env):
            answers.append(self._scan(env, *args, **named))

        return Step(self, work)

    def _race_scans(self, first, second):
        """Return the answers that two workers got in the end."""
        answers = [], []
        self._race(self._step(answers[0], *first), self._step(answers[1], *second))
        return answers[0][-1], answers[1][-1]

    def _open(self, env):
        rows = env["qms.tracked.product"].browse(self.rows)
        return rows.component_ids.filtered(lambda one: one.state == "open")

    def test_two_motors_for_one_pump(self):
        order, row = self.order_ids[0], self.rows[0]
        one, two = self._race_scans((order, "RACE-M0", row), (order, "RACE-M1", row))
        self.assertEqual([one["outcome"], two["outcome"]], ["accepted", "refused"])
        with self.transaction() as env:
            self.assertEqual(self._open(env).lot_id.name, "RACE-M0")

    def test_one_motor_for_two_orders(self):
        one, two = self._race_scans(
            (self.order_ids[0], "RACE-M0", self.rows[0]),
            (self.order_ids[1], "RACE-M0", self.rows[1]),
        )
        self.assertEqual([one["outcome"], two["outcome"]], ["accepted", "refused"])
        with self.transaction() as env:
            self.assertEqual(len(self._open(env)), 1)

    def test_one_scan_sent_twice(self):
        order = self.order_ids[0]
        scan = (order, "RACE-M0", self.rows[0], "race-twice")
        one, two = self._race_scans(scan, scan)
        self.assertEqual([one["outcome"], two["outcome"]], ["accepted", "accepted"])
        with self.transaction() as env:
            self.assertEqual(len(self._open(env)), 1)

    def test_two_workers_fill_one_order(self):
        """Neither overwrites the other, and no more is registered than is made."""
        order = self.order_ids[0]
        one, two = self._race_scans((order, "RACE-A"), (order, "RACE-B"))
        self.assertEqual([one["outcome"], two["outcome"]], ["accepted", "refused"])
        with self.transaction() as env:
            rows = env["mrp.production"].browse(order).qms_tracked_product_ids
            self.assertEqual(len(rows), 2)
