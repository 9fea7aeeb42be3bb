from odoo.tests import HttpCase, tagged

from .common_recall import CASES, RecallCase


@tagged("post_install", "-at_install", "qms_native")
class TestRecallTour(RecallCase, HttpCase):
    """From the case to the end in the browser, as coordinator and as customer."""

    def _tour(self, url, tour, user):
        # long, and slow on a machine that is busy with other things
        self.start_tour(url, tour, login=user.login, timeout=300)
        self.env.invalidate_all()

    def test_from_case_to_closing(self):
        case = (
            self.env["qms.nonconformance"]
            .with_user(self.coordinator)
            .create(
                {
                    "subject": "Salmonella in salad dressing",
                    "product_id": self.culture.id,
                    "lot_ids": [(6, 0, self.ingredient.ids)],
                    "hold_goods": False,
                }
            )
        )
        for user in (self.coordinator, self.portal_user):
            user.password = user.login
        self._tour(
            f"/odoo/nonconformances/{case.id}", "qms_recall_from_case", self.coordinator
        )
        recall = case.qms_recall_ids
        self.assertEqual(recall.state, "recovery")
        self.assertEqual(recall.line_ids.lot_id, self.ingredient | self.dressing)
        self._tour("/my", "qms_recall_customer_answers", self.portal_user)
        notice = self._notice(recall)
        self.assertEqual(notice.state, "answered")
        for other in (recall.customer_ids - notice).with_user(self.coordinator):
            other.line_ids.returned = CASES
            other.action_answer()
        self._tour(f"/odoo/recalls/{recall.id}", "qms_recall_closing", self.coordinator)
        self.assertEqual((recall.state, recall.gap_count), ("closed", 0))
