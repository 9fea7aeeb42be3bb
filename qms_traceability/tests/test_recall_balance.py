from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common_recall import CASES, RecallCase


@tagged("post_install", "-at_install")
class TestRecallBalance(RecallCase):
    """What came back is counted once, and what others delivered isn't lost."""

    def _send_back(self, number, quantity):
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": self.deliveries[number].id}
        )
        wizard.product_return_moves.quantity = quantity
        back = self.env["stock.picking"].browse(
            wizard.action_create_returns()["res_id"]
        )
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")

    def assertBalanced(self, row):
        """The ledger and the customers tell the same of what was shipped."""
        lines = row.customer_line_ids
        net = sum(lines.mapped("delivered")) - sum(lines.mapped("came_back"))
        self.assertEqual(row.shipped, net + row.elsewhere)
        self.assertEqual(row.ledger_gap, 0)

    # -- Returns -----------------------------------------------------------------------

    def test_goods_arrive_before_the_answer(self):
        """He sends all back, it is posted, and only then he answers: 50 of 50."""
        recall = self._told()
        notice, row = self._notice(recall), self._row(recall, self.dressing)
        self._send_back(0, CASES)
        recall.action_update()
        line = notice.line_ids
        self.assertEqual((line.delivered, line.came_back), (CASES, CASES))
        self.assertEqual((line.unaccounted, notice.state), (0, "told"))
        self.assertEqual(row.answer_gap, 550)
        line.returned = CASES
        notice.action_answer()
        self.assertEqual((notice.state, line.unaccounted), ("answered", 0))
        self.assertEqual((row.answered, row.answer_gap), (CASES, 550))
        self.assertAlmostEqual(recall.recovered_share, CASES / 600)
        self.assertBalanced(row)

    def test_goods_arrive_after_the_answer(self):
        recall = self._told()
        notice, row = self._notice(recall), self._row(recall, self.dressing)
        notice.line_ids.write({"returned": 40, "used": 10})
        notice.action_answer()
        self.assertEqual(row.answer_gap, 550)
        self._send_back(0, 30)
        recall.action_update()
        self.assertEqual((row.answered, row.answer_gap), (CASES, 550))
        self.assertEqual((row.shipped, row.on_hand), (570, 80))
        self.assertEqual(notice.state, "answered")
        self.assertBalanced(row)

    def test_nobody_answers_but_goods_come_back(self):
        recall = self._told()
        row = self._row(recall, self.dressing)
        self._send_back(3, 20)
        recall.action_update()
        self.assertEqual((row.answered, row.answer_gap), (20, 580))
        self.assertAlmostEqual(recall.recovered_share, 20 / 600)

    def test_what_came_back_before_is_not_asked_for(self):
        self._send_back(0, 10)
        recall = self._told()
        line = self._notice(recall).line_ids
        self.assertEqual((line.delivered, line.came_back), (40, 0))
        line.returned = 41
        with self.assertRaisesRegex(UserError, "account for 41 Units, but got 40"):
            line.customer_id.action_answer()

    def test_told_of_more_keeps_what_came_back(self):
        recall = self._told()
        notice = self._notice(recall)
        self._send_back(0, 20)
        hold = self.env["qms.hold"].search(
            [("lot_id", "=", self.dressing.id), ("state", "=", "open")]
        )
        hold._release("Test")
        self._deliver(self.customers[0], self.dressing, 5)
        recall.action_update()
        line = notice.line_ids
        self.assertEqual((line.delivered, line.came_back), (55, 20))
        self.assertEqual(notice.state, "to_tell")
        notice.action_tell()
        recall.action_update()
        self.assertEqual((line.delivered, line.came_back), (55, 20))
        self.assertBalanced(self._row(recall, self.dressing))

    # -- Numbers -----------------------------------------------------------------------

    def test_split_goods_are_neither_lost_nor_found(self):
        recall = self._contained()
        child = self.dressing._qms_split(5, self.stock)
        recall.action_update()
        row, part = self._row(recall, self.dressing), self._row(recall, child)
        self.assertEqual((row.used, row.lost, row.on_hand), (5, 0, 45))
        self.assertEqual((part.produced, part.found, part.on_hand), (5, 0, 5))
        self.assertEqual((row.ledger_gap, part.ledger_gap), (0, 0))

    # -- Holds that were released ------------------------------------------------------

    def test_released_by_hand_is_not_overlooked(self):
        recall = self._told()
        for notice in recall.customer_ids:
            notice.line_ids.returned = CASES
            notice.action_answer()
        recall.conclusion = "Done."
        hold = self.env["qms.hold"].search(
            [("lot_id", "=", self.dressing.id), ("state", "=", "open")]
        )
        hold._release("By mistake")
        with self.assertRaises(UserError) as refusal:
            recall.action_close()
        self.assertEqual(
            str(refusal.exception),
            f"{recall.name}: these lots are not held: SD-2026-0315. Hold them again, or"
            " explain why not.",
        )
        recall.action_update()
        self.assertEqual(recall.held_count, 1)
        recall.action_contain()
        self.assertEqual((recall.held_count, recall.state), (2, "recovery"))
        self.assertEqual(self.dressing.inspection_status_id.code, "RECALL")
        recall.action_close()
        self.assertEqual(recall.state, "closed")


@tagged("post_install", "-at_install")
class TestRecallGroup(RecallCase):
    """Two companies of a group deliver the same lot."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.env["res.company"].create({"name": "Company B"})
        cls.coordinator_b = new_test_user(
            cls.env,
            "group_coordinator_b",
            groups="base.group_user,qms_traceability.group_recall_coordinator",
            context={"no_reset_password": True},
            company_id=cls.company_b.id,
            company_ids=[(6, 0, cls.company_b.ids)],
        )
        cls.warehouse_b = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company_b.id)], limit=1
        )
        cls.customer_b = cls._make_company("Boutique of B", "b@boutique.example")
        cls._move_to_b(30)
        cls.delivery_b = cls._deliver_b(18)

    @classmethod
    def _move_to_b(cls, quantity):
        """Send goods of the dressing through transit to the other company."""
        transit = cls.env.ref("stock.stock_location_inter_company")
        transit.active = True
        for company, source, dest in (
            (cls.company, cls.stock, transit),
            (cls.company_b, transit, cls.warehouse_b.lot_stock_id),
        ):
            move = (
                cls.env["stock.move"]
                .with_company(company)
                .create(
                    {
                        "product_id": cls.dressing_product.id,
                        "product_uom_qty": quantity,
                        "company_id": company.id,
                        "location_id": source.id,
                        "location_dest_id": dest.id,
                    }
                )
            )
            cls._post(move, quantity)

    @classmethod
    def _post(cls, move, quantity):
        move._action_confirm()
        move._do_unreserve()
        cls.env["stock.move.line"].create(
            {
                "move_id": move.id,
                "product_id": move.product_id.id,
                "lot_id": cls.dressing.id,
                "quantity": quantity,
                "location_id": move.location_id.id,
                "location_dest_id": move.location_dest_id.id,
                "company_id": move.company_id.id,
            }
        )
        move.picked = True
        move._action_done()
        assert move.state == "done"

    @classmethod
    def _deliver_b(cls, quantity):
        kind = cls.warehouse_b.out_type_id
        picking = (
            cls.env["stock.picking"]
            .with_company(cls.company_b)
            .create(
                {
                    "picking_type_id": kind.id,
                    "partner_id": cls.customer_b.id,
                    "location_id": cls.warehouse_b.lot_stock_id.id,
                    "location_dest_id": cls.customer.id,
                    "company_id": cls.company_b.id,
                    "move_ids": [
                        (
                            0,
                            0,
                            {
                                "product_id": cls.dressing_product.id,
                                "product_uom_qty": quantity,
                                "location_id": cls.warehouse_b.lot_stock_id.id,
                                "location_dest_id": cls.customer.id,
                                "company_id": cls.company_b.id,
                            },
                        )
                    ],
                }
            )
        )
        cls._post(picking.move_ids, quantity)
        return picking

    def test_named_with_quantities_and_held_there(self):
        recall = self._contained()
        row = self._row(recall, self.dressing)
        self.assertEqual((row.shipped, row.elsewhere, row.untold), (618, 18, 18))
        self.assertEqual((row.on_hand, row.ledger_gap), (32, 0))
        self.assertNotIn(self.customer_b, recall.customer_ids.partner_id)
        self.assertIn(
            "Company B delivered affected goods, too: Salad dressing SD-2026-0315: 18"
            " Units. Open a recall there to tell its customers.",
            recall.warning_text,
        )
        self.assertNotIn("Boutique", recall.warning_text)
        self.assertIn('"elsewhere":18', recall.snapshot_ids.content)
        # what B still has is held, too
        move = self.env["stock.move"].create(
            {
                "product_id": self.dressing_product.id,
                "product_uom_qty": 1,
                "company_id": self.company_b.id,
                "location_id": self.warehouse_b.lot_stock_id.id,
                "location_dest_id": self.customer.id,
            }
        )
        self.assertRefused("SD-2026-0315", lambda: self._post(move, 1))

    def test_nothing_is_closed_before_b_recalls_or_it_is_explained(self):
        recall = self._told()
        for notice in recall.customer_ids:
            notice.line_ids.returned = CASES
            notice.action_answer()
        recall.conclusion = "Done."
        self.assertRefused(
            "explain the gaps: Not Recalled There 18 Units", recall.action_close
        )
        theirs = (
            self.env["qms.recall"]
            .with_user(self.coordinator_b)
            .create({"subject": "B", "lot_ids": [(6, 0, self.dressing.ids)]})
        )
        theirs.action_analyse()
        notice = theirs.customer_ids
        self.assertEqual(notice.partner_id, self.customer_b)
        self.assertEqual(notice.line_ids.delivered, 18)
        mine = self._row(theirs, self.dressing)
        self.assertEqual((mine.elsewhere, mine.untold), (600, 0))
        recall.action_close()
        row = self._row(recall, self.dressing)
        self.assertEqual((recall.state, row.elsewhere, row.untold), ("closed", 18, 0))
        self.assertFalse(recall.warning_text)
