"""Two people carry out dispositions at once: each is done once, and none of it lost."""

from odoo.tests import new_test_user, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .race_case import RaceCase, Step

CASES = "SELECT id FROM qms_nonconformance WHERE product_id IN %(products)s"
ROWS = "SELECT id FROM qms_disposition WHERE product_id IN %(products)s"
MOVES = "SELECT id FROM stock_move WHERE product_id IN %(products)s"


def _of(model, ids):
    return (
        f"DELETE FROM mail_message WHERE model = '{model}' AND res_id IN ({ids})",
        f"DELETE FROM mail_followers WHERE res_model = '{model}' AND res_id IN ({ids})",
        f"DELETE FROM mail_activity WHERE res_model = '{model}' AND res_id IN ({ids})",
    )


@tagged("standard", "post_install", "-at_install")
class TestDispositionRace(RaceCase):
    """Two inspectors press the same button."""

    cleaning = (
        *_of("qms.nonconformance", CASES),
        *_of("qms.disposition", ROWS),
        f"DELETE FROM product_value WHERE move_id IN ({MOVES})",
        f"DELETE FROM qms_hold_permit WHERE move_id IN ({MOVES})",
        "DELETE FROM stock_move_line WHERE product_id IN %(products)s",
        f"UPDATE stock_move SET scrap_id = NULL WHERE id IN ({MOVES})",
        "DELETE FROM stock_scrap WHERE product_id IN %(products)s",
        "DELETE FROM stock_move WHERE product_id IN %(products)s",
        "DELETE FROM qms_disposition WHERE product_id IN %(products)s",
        "DELETE FROM qms_nonconformance WHERE product_id IN %(products)s",
        """DELETE FROM qms_hold WHERE product_id IN %(products)s
           AND root_id IS NOT NULL""",
    )

    def _make(self, env):
        self.user_ids = [
            new_test_user(
                env,
                f"race_{name}",
                groups="base.group_user,qms_quality.group_quality_inspector",
                context={"no_reset_password": True},
            ).id
            for name in ("one", "two")
        ]
        warehouse = env["stock.warehouse"].search([], limit=1)
        self.stock_id = warehouse.lot_stock_id.id
        product = env["product.product"].create(
            {"name": "Race milk", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        lots = env["stock.lot"].create(
            [{"name": name, "product_id": product.id} for name in ("RACE", "RACE 2")]
        )
        self.lot_ids = lots.ids
        for lot, quantity in zip(lots, (100, 5), strict=True):
            env["stock.quant"]._update_available_quantity(
                product, warehouse.lot_stock_id, quantity, lot_id=lot
            )
        case = env(user=self.user_ids[0])["qms.nonconformance"].create(
            {"subject": "Race", "product_id": product.id, "lot_ids": lots.ids}
        )
        self.case_id = case.id
        self.row_ids = [
            self._make_row(env, kind, quantity, lot.id).id
            for kind, quantity, lot in (
                ("scrap", 40, lots[0]),
                ("use_as_is", 30, lots[0]),
                ("use_as_is", 30, lots[0]),
                ("scrap", 5, lots[1]),
            )
        ]
        rows = env["qms.disposition"].browse(self.row_ids)
        trusted(rows).state = "approved"
        trusted(case).state = "execution"

    def _make_row(self, env, kind, quantity, lot_id):
        return env["qms.disposition"].create(
            {
                "nonconformance_id": self.case_id,
                "kind": kind,
                "lot_id": lot_id,
                "location_id": self.stock_id,
                "quantity": quantity,
                "reason": "Race",
                # told apart: each becomes a lot of its own
                "is_separate": kind == "use_as_is",
            }
        )

    def _clean_more(self, env):
        users = env["res.users"].browse(self.user_ids)
        partners = users.partner_id
        users.unlink()
        partners.unlink()

    def _execute(self, number, *rows):
        def work(env):
            model = env(user=self.user_ids[number])["qms.disposition"]
            model.browse(self.row_ids[row] for row in rows).action_execute()

        return Step(self, work)

    def _read(self):
        with self.transaction() as env:
            rows = env["qms.disposition"].browse(self.row_ids)
            moves = env["stock.move"].search(
                [("product_id", "in", self.product_ids), ("state", "=", "done")]
            )
            quants = env["stock.quant"].search(
                [
                    ("product_id", "in", self.product_ids),
                    ("location_id", "=", self.stock_id),
                ]
            )
            case = env["qms.nonconformance"].browse(self.case_id)
            return (
                rows.mapped("state"),
                len(moves.filtered("scrap_id")),
                sum(quants.mapped("quantity")),
                sum(case._get_held_quants().mapped("quantity")),
                case.state,
            )

    def test_same_row_twice(self):
        first, second = self._execute(0, 0), self._execute(1, 0)
        self._race(first, second)
        self.assertIsNone(first.refusal)
        self.assertIn("Carry Out isn't possible for", second.refusal)
        states, scraps, there, held, _state = self._read()
        self.assertEqual((states[0], scraps, there, held), ("done", 1, 65, 65))

    def test_rows_of_one_case(self):
        first, second = self._execute(0, 1), self._execute(1, 2)
        self._race(first, second)
        self.assertEqual((first.refusal, second.refusal), (None, None))
        states, _scraps, there, held, state = self._read()
        self.assertEqual(states, ["approved", "done", "done", "approved"])
        self.assertEqual((there, held, state), (105, 45, "execution"))

    def test_last_two_rows_end_the_execution(self):
        """Of different lots, so that nothing but the case keeps them apart."""
        before = self._execute(0, 1, 2)
        self._start(before)
        before.finish()
        first, second = self._execute(0, 0), self._execute(1, 3)
        self._race(first, second)
        self.assertEqual((first.refusal, second.refusal), (None, None))
        states, _scraps, there, held, state = self._read()
        self.assertEqual(states, ["done"] * 4)
        self.assertEqual((there, held, state), (60, 0, "follow_up"))
