from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common_recall import CASES, RecallCase


@tagged("post_install", "-at_install")
class TestRecallHours(RecallCase):
    """How long each step of a recall took, counted from its opening."""

    def setUp(self):
        super().setUp()
        self.opened = fields.Datetime.now()

    def _after(self, hours):
        return freeze_time(self.opened + timedelta(hours=hours))

    def _get_hours(self, recall):
        return [
            recall.hours_analysed,
            recall.hours_contained,
            recall.hours_told,
            recall.hours_closed,
        ]

    def test_each_step(self):
        with self._after(0):
            recall = self._open([self.ingredient])
        self.assertEqual(self._get_hours(recall), [0, 0, 0, 0])
        with self._after(0.5):
            recall.action_analyse()
        self.assertEqual(self._get_hours(recall), [0.5, 0, 0, 0])
        with self._after(2):
            recall.action_contain()
        self.assertEqual(self._get_hours(recall), [0.5, 2, 0, 0])
        with self._after(5.25):
            self._tell(recall)
        self.assertEqual(self._get_hours(recall), [0.5, 2, 5.25, 0])
        with self._after(49):
            self._close(recall)
        self.assertEqual(recall.state, "closed")
        self.assertEqual(self._get_hours(recall), [0.5, 2, 5.25, 49])
        recall.flush_recordset()
        figures = self.env["qms.recall"].with_user(self.coordinator)
        self.assertEqual(
            figures._read_group(
                [("id", "=", recall.id)],
                aggregates=["hours_told:avg", "hours_closed:avg"],
            ),
            [(5.25, 49)],
        )

    def _tell(self, recall):
        action = recall.action_tell()
        review = self.env[action["res_model"]].with_user(self.coordinator)
        review.browse(action["res_id"]).action_send()

    def _close(self, recall):
        for notice in recall.customer_ids:
            notice.line_ids.returned = CASES
            notice.action_answer()
        recall.conclusion = "All came back."
        recall.action_close()

    def test_analysed_again(self):
        """The analysis that holds counts: the last one."""
        with self._after(0):
            recall = self._open([self.ingredient])
        with self._after(1):
            recall.action_analyse()
        with self._after(3):
            recall.action_analyse()
        self.assertEqual(recall.hours_analysed, 3)

    def test_mock(self):
        with self._after(0):
            recall = self._open([self.ingredient], kind="mock")
        with self._after(0.25):
            recall.action_analyse()
        with self._after(0.75):
            recall.action_close()
        self.assertEqual(self._get_hours(recall), [0.25, 0, 0, 0.75])
