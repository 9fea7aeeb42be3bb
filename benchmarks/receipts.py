"""Receipts: validate, with and without quality orders for what arrives."""

from . import goods
from .databases import measure

LOTS = 500
TESTS = 10


class Receipt:
    """A receipt of 500 new lots; with the addons, each gets an order of 10 tests."""

    title = f"Receipt of {LOTS} new lots"

    def prepare(self, env):
        """Make the product, and with the addons the rule that inspects it."""
        self.product_id = goods.make_product(env, "Received").id
        if "qms.quality.association" in env:
            self._make_rule(env)
        return []

    def _make_rule(self, env):
        tests = env["qms.test"].create(
            [
                {"name": f"Benchmark {number}", "code": f"BENCH-{number}"}
                for number in range(TESTS)
            ]
        )
        group = env["qms.test.group"].create(
            {
                "name": "Benchmark",
                "line_ids": [
                    (0, 0, {"test_id": test.id, "lower_limit": 1, "upper_limit": 9})
                    for test in tests
                ],
            }
        )
        group.action_activate()
        env["qms.quality.association"].create(
            {
                "name": "Benchmark",
                "event": "receipt",
                "test_group_id": group.id,
                "product_ids": [(6, 0, [self.product_id])],
            }
        )

    def run(self, env):
        """Return the sample of one run."""
        picking = self._make_picking(env)
        picking.action_confirm()
        self._enter_lots(env, picking)
        picking = picking.with_context(skip_sms=True, skip_expired=True)
        sample = measure(env, picking.button_validate)
        assert picking.state == "done", picking.state
        self._check(env, picking)
        return {"validate": sample}

    def _make_picking(self, env):
        kind = goods.warehouse(env).in_type_id
        product = env["product.product"].browse(self.product_id)
        places = {
            "location_id": env.ref("stock.stock_location_suppliers").id,
            "location_dest_id": kind.default_location_dest_id.id,
        }
        move = {
            "product_id": product.id,
            "product_uom_qty": LOTS,
            "product_uom": product.uom_id.id,
            **places,
        }
        return env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": env.ref("base.res_partner_2").id,
                "move_ids": [(0, 0, move)],
                **places,
            }
        )

    def _enter_lots(self, env, picking):
        picking.move_line_ids.unlink()
        move = picking.move_ids
        env["stock.move.line"].create(
            [
                {
                    **move._prepare_move_line_vals(quantity=1),
                    "lot_name": f"R{number:05}",
                }
                for number in range(LOTS)
            ]
        )
        move.picked = True

    def _check(self, env, picking):
        if "qms.quality.order" not in env:
            return
        orders = env["qms.quality.order"].search([("picking_id", "=", picking.id)])
        assert len(orders) == LOTS, len(orders)
        assert len(orders.result_ids) == LOTS * TESTS, len(orders.result_ids)
