"""Goods are contained while two others validate deliveries of them: none slips.

A delivery is either posted before its lot is held, and found by the update that
follows, or refused.
"""

from odoo.tests import new_test_user, tagged

from .race_case import RaceCase, Step

RECALLS = """SELECT recall_id FROM qms_recall_lot l JOIN stock_lot s ON s.id = l.lot_id
    WHERE s.product_id IN %(products)s"""
NOTICES = f"SELECT id FROM qms_recall_customer WHERE recall_id IN ({RECALLS})"
MOVES = "SELECT id FROM stock_move WHERE product_id IN %(products)s"
LOTS = "SELECT id FROM stock_lot WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestRecallRace(RaceCase):
    """A coordinator and two warehouse clerks."""

    cleaning = (
        f"""DELETE FROM mail_message WHERE model = 'qms.recall'
            AND res_id IN ({RECALLS})""",
        f"""DELETE FROM mail_followers WHERE res_model = 'qms.recall'
            AND res_id IN ({RECALLS})""",
        f"DELETE FROM qms_recall_snapshot WHERE recall_id IN ({RECALLS})",
        f"DELETE FROM qms_recall_delivery WHERE customer_id IN ({NOTICES})",
        f"DELETE FROM qms_recall_customer_line WHERE customer_id IN ({NOTICES})",
        f"DELETE FROM qms_recall_customer WHERE recall_id IN ({RECALLS})",
        f"DELETE FROM qms_recall_root_rel WHERE lot_id IN ({LOTS})",
        f"""WITH gone AS (DELETE FROM qms_recall_lot WHERE lot_id IN ({LOTS})
                          RETURNING recall_id)
            DELETE FROM qms_recall WHERE id IN (SELECT recall_id FROM gone)""",
        f"DELETE FROM product_value WHERE move_id IN ({MOVES})",
    )

    def _make(self, env):
        self.user_ids = [
            new_test_user(
                env,
                f"race_{name}",
                groups=f"base.group_user,{group}",
                context={"no_reset_password": True},
            ).id
            for name, group in (
                ("coordinator", "qms_traceability.group_recall_coordinator"),
                ("clerk_1", "stock.group_stock_user"),
                ("clerk_2", "stock.group_stock_user"),
            )
        ]
        self.partner_ids = (
            env["res.partner"]
            .create([{"name": f"Race market {number}"} for number in (1, 2)])
            .ids
        )
        warehouse = env["stock.warehouse"].search([], limit=1)
        product = env["product.product"].create(
            {"name": "Race dressing", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        lot = env["stock.lot"].create({"name": "RACE", "product_id": product.id})
        self.lot_id = lot.id
        env["stock.quant"]._update_available_quantity(
            product, warehouse.lot_stock_id, 100, lot_id=lot
        )
        pickings = env["stock.picking"].create(
            [self._prepare_delivery(env, warehouse, one) for one in self.partner_ids]
        )
        pickings.action_confirm()
        pickings.action_assign()
        pickings.move_ids.picked = True
        self.picking_ids = pickings.ids
        recall = env(user=self.user_ids[0])["qms.recall"].create(
            {"subject": "Race", "lot_ids": [(6, 0, lot.ids)]}
        )
        recall.action_analyse()
        self.recall_id = recall.id

    def _prepare_delivery(self, env, warehouse, partner_id):
        kind = warehouse.out_type_id
        places = {
            "location_id": warehouse.lot_stock_id.id,
            "location_dest_id": env.ref("stock.stock_location_customers").id,
        }
        move = {"product_id": self.product_ids[0], "product_uom_qty": 10, **places}
        return {
            "picking_type_id": kind.id,
            "partner_id": partner_id,
            "move_ids": [(0, 0, move)],
            **places,
        }

    def _clean_more(self, env):
        env["stock.picking"].browse(self.picking_ids).unlink()
        users = env["res.users"].browse(self.user_ids)
        partners = users.partner_id
        users.unlink()
        (partners | env["res.partner"].browse(self.partner_ids)).unlink()

    def _contain(self):
        return Step(
            self,
            lambda env: (
                env(user=self.user_ids[0])["qms.recall"]
                .browse(self.recall_id)
                .action_contain()
            ),
        )

    def _deliver(self, number):
        return Step(
            self,
            lambda env: (
                env(user=self.user_ids[number + 1])["stock.picking"]
                .browse(self.picking_ids[number])
                .button_validate()
            ),
        )

    def _read(self):
        """Return, after the update that follows containment: the state, what each
        customer got of it, and what is still there."""
        with self.transaction() as env:
            recall = env["qms.recall"].browse(self.recall_id)
            recall._update()
            told = {
                one.partner_id.id: sum(one.line_ids.mapped("delivered"))
                for one in recall.customer_ids
            }
            done = env["stock.picking"].browse(self.picking_ids).mapped("state")
            lot = env["stock.lot"].browse(self.lot_id)
            row = recall.line_ids
            return (
                recall.state,
                [told.get(one, 0) for one in self.partner_ids],
                [state == "done" for state in done],
                lot.inspection_status_id.code,
                (row.shipped, row.on_hand, row.is_held),
            )

    def test_contained_first(self):
        """Both clerks come while the hold is being placed: both are refused."""
        contain, one, two = self._contain(), self._deliver(0), self._deliver(1)
        self._start(contain)
        self.assertTrue(contain.ready.wait(30))
        for step in (one, two):
            step.go.set()
            self._start(step)
        contain.finish()
        one.finish()
        two.finish()
        self.assertTrue(one.refusal and two.refusal)
        self.assertEqual(
            self._read(),
            ("contained", [0, 0], [False, False], "RECALL", (0, 100, True)),
        )

    def test_delivered_first(self):
        """A delivery that is posted but not committed is waited for, and found."""
        contain, one, two = self._contain(), self._deliver(0), self._deliver(1)
        self._start(one)
        self.assertTrue(one.ready.wait(30))
        contain.go.set()
        self._start(contain)
        contain.ready.wait(1)
        one.finish()
        contain.finish()
        two.go.set()
        self._start(two)
        two.finish()
        self.assertIsNone(one.refusal)
        self.assertIsNone(contain.refusal)
        self.assertTrue(two.refusal)
        self.assertEqual(
            self._read(),
            ("contained", [10, 0], [True, False], "RECALL", (10, 90, True)),
        )

    def test_all_at_once(self):
        """Whatever comes first: what was delivered is known, the rest is held."""
        steps = [self._contain(), self._deliver(0), self._deliver(1)]
        for step in steps:
            step.go.set()
            self._start(step)
        for step in steps:
            step.finish()
        state, told, done, status, (shipped, on_hand, is_held) = self._read()
        self.assertEqual((state, status, is_held), ("contained", "RECALL", True))
        self.assertEqual(told, [10 if one else 0 for one in done])
        self.assertEqual((shipped, on_hand), (sum(told), 100 - sum(told)))
