from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common_recall import RecallCase


@tagged("post_install", "-at_install")
class TestMockRecall(RecallCase):
    """A lot is drawn, traced and measured; nothing is held, nobody else is told."""

    def setUp(self):
        super().setUp()
        self.coordinator.email = "coordinator@dairy.example"
        self.company.write(
            {
                "qms_mock_recall": True,
                "qms_mock_recall_user_id": self.coordinator.id,
            }
        )
        self.Recall = self.env["qms.recall"]

    def _analyse_mock(self, lot):
        return self._analysed([lot], kind="mock")

    def test_off_until_chosen(self):
        self.env["res.company"].search([]).qms_mock_recall = False
        before = self.Recall.search_count([])
        self._run_cron_mock()
        self.assertEqual(self.Recall.search_count([]), before)

    def _run_cron_mock(self):
        with self.enter_registry_test_mode():
            self.env.ref("qms_traceability.cron_recall_mock").method_direct_trigger()

    def test_monthly(self):
        self.env["res.company"].search([]).qms_mock_recall = False
        self.company.qms_mock_recall = True
        holds = self.env["qms.hold"].search_count([])
        mails = self.env["mail.mail"].search([])
        before = self.Recall.search([])
        self._run_cron_mock()
        recall = self.Recall.search([]) - before
        self.assertEqual((recall.kind, recall.state), ("mock", "analysed"))
        self.assertEqual(self.env["qms.hold"].search_count([]), holds)
        mails = self.env["mail.mail"].search([]) - mails
        self.assertEqual(mails.recipient_ids, self.coordinator.partner_id)
        self.assertFalse(any(mails.mapped("email_to")))
        # of any lot in the database, so either is fine
        told = f"Mock recall {recall.name}: {recall.mock_result}"
        self.assertIn(told, mails.mapped("subject"))
        self.assertEqual(recall.activity_ids.user_id, self.coordinator)
        self.assertTrue(recall.snapshot_ids.is_intact)
        self.assertGreater(recall.mock_minutes, 0)
        self.assertLess(recall.mock_minutes, 1)
        # the recorded seed draws the same lot again
        again = self.Recall._mock(self.company, seed=recall.mock_seed)
        self.assertEqual(again.lot_ids, recall.lot_ids)
        self.assertEqual(again.mock_candidates, recall.mock_candidates)

    def test_passed(self):
        recall = self._analyse_mock(self.dressing)
        self.assertEqual(recall.mock_lots, 3)
        self.assertEqual(
            (recall.mock_complete, recall.mock_unambiguous, recall.mock_result),
            (1, 1, "passed"),
        )
        recall.action_close()
        self.assertEqual(recall.state, "closed")

    def test_too_slow(self):
        recall = self._open([self.dressing], kind="mock")
        self.env.cr.execute(
            "UPDATE qms_recall SET date_opened = date_opened - interval '5 hours'"
            " WHERE id = %s",
            [recall.id],
        )
        recall.invalidate_recordset()
        recall.action_analyse()
        self.assertAlmostEqual(recall.mock_minutes, 300, delta=1)
        self.assertEqual(recall.mock_result, "failed")

    def test_incomplete(self):
        """Stock that no document explains; a delivery to nobody knows whom."""
        self._stock_up(4, self.ingredient)
        recall = self._analyse_mock(self.dressing)
        self.assertAlmostEqual(recall.mock_complete, 2 / 3)
        self.assertEqual(recall.mock_result, "failed")
        self.assertIn("The trace is incomplete of: INGred-01.", recall.warning_text)

    def test_ambiguous(self):
        """Salt without lots went into it."""
        self._stock_up(100, product=self.untracked)
        order = self._start(self.dressing_product, 5, {self.clean: 2})
        self.env["stock.move"].create(
            {
                "raw_material_production_id": order.id,
                "product_id": self.untracked.id,
                "product_uom_qty": 1,
                "quantity": 1,
                "picked": True,
                "location_id": order.location_src_id.id,
                "location_dest_id": order.production_location_id.id,
            }
        )
        lot = self._finish(order, "SD-SALT")
        recall = self._analyse_mock(lot)
        self.assertAlmostEqual(recall.mock_unambiguous, 1 / 2)
        self.assertIn("Goods without a lot took part in: SD-SALT.", recall.warning_text)

    def test_figure_over_time(self):
        self._analyse_mock(self.dressing)
        action = self.env.ref("qms_traceability.qms_recall_action_mock")
        self.assertIn("graph", action.view_mode)
        rows = self.Recall._read_group(
            [("kind", "=", "mock")],
            ["date_opened:month"],
            ["mock_complete:avg", "mock_minutes:avg"],
        )
        self.assertTrue(rows)

    def test_settings(self):
        with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
            self.company.qms_mock_recall_minutes = 0
            self.env.flush_all()
