from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_recall import CASES, CUSTOMERS, RecallCase


@tagged("post_install", "-at_install")
class TestRecallStory(RecallCase):
    """The salad-dressing recall, from the case to its end."""

    def test_salad_dressing(self):
        # quality opens a case for the batch, and the recall from it
        case = (
            self.env["qms.nonconformance"]
            .with_user(self.coordinator)
            .create(
                {
                    "subject": "Salmonella in salad dressing",
                    "product_id": self.culture.id,
                    "lot_ids": [(6, 0, self.ingredient.ids)],
                    "severity": "3_critical",
                    "hold_goods": False,
                }
            )
        )
        action = case.action_recall()
        recall = self.env["qms.recall"].with_user(self.coordinator)
        recall = recall.browse(action["res_id"])
        self.assertEqual(recall.recall_class, "1")
        self.assertEqual(recall.lot_ids, self.ingredient)
        recall.instructions = "Do not sell it. Set it apart."

        # who received it: 12 customers of 50 cases, and nobody else
        recall.action_analyse()
        self.assertEqual(recall.line_ids.lot_id, self.ingredient | self.dressing)
        self.assertEqual(recall.customer_ids.partner_id, self.customers)
        self.assertEqual(recall.customer_ids.line_ids.mapped("delivered"), [CASES] * 12)
        self.assertEqual(recall.customer_ids.delivery_ids.picking_id, self.deliveries)
        # the supplier of the contaminated ingredient, not of the oil
        self.assertEqual(recall.supplier_ids.partner_id, self.supplier_x)
        self.assertEqual(recall.supplier_ids.lot_ids, self.ingredient)
        snapshot = recall.snapshot_ids
        self.assertEqual(len(snapshot), 1)
        self.assertTrue(snapshot.is_intact)

        # contained at once: the rest of both lots, and an order that uses the seed
        order = self._start(self._make_product("Mustard"), 10, {self.ingredient: 20})
        waiting = self._delivery(20, self.dressing, product=self.dressing_product)
        recall.action_contain()
        self.assertEqual(recall.state, "contained")
        for lot in (self.ingredient, self.dressing):
            self.assertEqual(lot.inspection_status_id.code, "RECALL")
        self.assertEqual(waiting.move_ids.quantity, 0)
        picked = self._delivery(20, self.dressing, product=self.dressing_product)
        self.assertRefused("SD-2026-0315", picked.button_validate)
        self.assertRefused("Mustard seed", lambda: self._finish(order, "M-1"))

        # all are told, once
        action = recall.action_tell()
        review = self.env[action["res_model"]].with_user(self.coordinator)
        review = review.browse(action["res_id"])
        self.assertEqual(len(review.line_ids), CUSTOMERS)
        self.assertIn("SD-2026-0315: 50 Units", review.line_ids.mapped("goods")[0])
        review.action_send()
        self.assertEqual(recall.state, "recovery")
        self.assertEqual(recall.customer_ids.mapped("mail_count"), [1] * CUSTOMERS)
        self.assertRefused("all customers are told already", recall.action_tell)

        # the supplier gets a claim
        action = recall.supplier_ids.action_claim()
        claim = self.env["qms.supplier.claim"].browse(action["res_id"])
        self.assertEqual(claim.partner_id, self.supplier_x)
        self.assertEqual(claim.lot_names, "INGred-01")

        # eleven send all back; one has sold 10 cases and lost 5
        for notice in recall.customer_ids[:-1]:
            notice.line_ids.returned = CASES
            notice.action_answer()
        last = recall.customer_ids[-1]
        last.line_ids.write({"destroyed": 35, "used": 10})
        last.action_answer()
        row = self._row(recall, self.dressing)
        self.assertEqual(row.answered, 12 * CASES - 5)
        self.assertEqual((row.produced, row.shipped, row.on_hand), (650, 600, 50))
        self.assertEqual((row.ledger_gap, row.answer_gap), (0, 5))
        self.assertAlmostEqual(recall.recovered_share, 585 / 600)

        # nothing is closed before it adds up
        row.counted = 49
        with self.assertRaises(UserError) as refusal:
            recall.action_close()
        self.assertEqual(
            str(refusal.exception),
            f"{recall.name}: Salad dressing SD-2026-0315: explain the gaps: Gap of the"
            " Count 1 Units, Unaccounted by Customers 5 Units.\n"
            f"{recall.name}: describe the conclusion.",
        )
        row.explanation = "One bottle is in the laboratory, five were thrown away."
        recall.conclusion = "All that was found is destroyed. Supplier X is blocked."
        recall.action_close()
        self.assertEqual(recall.state, "closed")
        self.assertEqual(recall.closed_by_id, self.coordinator)
        self.assertEqual(len(recall.snapshot_ids), 2)
        self.assertTrue(all(recall.snapshot_ids.mapped("is_intact")))
        self.assertEqual(
            self._get_trail(recall),
            ["create", "analyse", "contain", "contained", "tell", "claim", "close"],
        )
