from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestCapaLate(CapaCase):
    """Late steps remind, then escalate; reviews list all with their verdicts."""

    def _remind(self, day):
        with freeze_time(f"2030-01-{day:02} 08:00:00"):
            self._run("cron_capa_step_remind")

    def _mails(self, step, user):
        messages = self.env["mail.message"].search(
            [
                ("model", "=", step._name),
                ("res_id", "=", step.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("subject", "like", "Late:"),
            ]
        )
        return messages.mapped("subject")

    def test_reminded_once_then_brought_to_the_owner_of_the_capa(self):
        self.company.qms_capa_escalate_days = 7
        with freeze_time("2030-01-01 08:00:00"):
            step = self._begin(date_deadline=date(2030, 1, 10))
        self._remind(10)
        self.assertFalse(self._mails(step, self.owner))
        self._remind(11)
        self._remind(12)
        self.assertEqual(self._mails(step, self.owner), ["Late: Replace the sieve"])
        self._remind(17)
        self.assertFalse(step.escalated_on)
        self._remind(18)
        self._remind(19)
        self.assertEqual(
            self._activities(step, self.inspector),
            ["Not done in time: Replace the sieve"],
        )
        step.write({"proof": "Photo"})
        step.action_done()
        self.assertFalse(self._activities(step))
        self._remind(20)
        self.assertFalse(self._activities(step))

    def test_who_owns_both_is_not_told_about_himself(self):
        with freeze_time("2030-01-01 08:00:00"):
            step = self._begin(
                date_deadline=date(2030, 1, 10), user_id=self.inspector.id
            )
        self._remind(11)
        self._remind(20)
        activities = self.env["mail.activity"].search(
            [("res_model", "=", step._name), ("res_id", "=", step.id)]
        )
        told = activities.user_id - self.inspector
        self.assertEqual(len(told), 1)
        self.assertLessEqual(told, self.manager | self.second)

    def test_another_deadline_is_late_anew(self):
        with freeze_time("2030-01-01 08:00:00"):
            step = self._begin(date_deadline=date(2030, 1, 10))
        self._remind(11)
        step.date_deadline = date(2030, 1, 14)
        self.assertFalse(step.reminded_on)
        self._remind(15)
        self.assertEqual(len(self._mails(step, self.owner)), 2)

    def test_what_is_done_or_over_is_not_late(self):
        with freeze_time("2030-01-01 08:00:00"):
            step = self._begin(date_deadline=date(2030, 1, 10))
            self.capa.with_user(self.manager).action_cancel("No")
        self._remind(20)
        self.assertFalse(step.reminded_on)

    def test_in_batches(self):
        for number in range(3):
            with freeze_time("2030-01-01 08:00:00"):
                self._begin(
                    self._make_capa(subject=f"No {number}"),
                    date_deadline=date(2030, 1, 2),
                )
        steps = self.env["qms.capa.action"].search([("name", "like", "Replace")])
        with freeze_time("2030-01-11 08:00:00"):
            self._run("cron_capa_step_remind", limit=2)
            self.assertEqual(steps.filtered("reminded_on"), steps)

    def test_the_owner_of_a_late_capa_is_told_once(self):
        self.capa.date_deadline = date(2030, 1, 10)
        for day in (10, 11, 12):
            with freeze_time(f"2030-01-{day} 08:00:00"):
                self._run("cron_capa_remind")
        self.assertEqual(
            self._activities(self.capa, self.inspector), ["Deadline passed"]
        )
        with freeze_time("2030-01-12 08:00:00"):
            late = self.env["qms.capa"].search([("is_late", "=", True)])
            self.assertIn(self.capa, late)
            self.assertTrue(self.capa.is_late)

    def test_a_late_capa_is_brought_to_a_quality_manager_once(self):
        self.company.qms_capa_escalate_days = 7
        self.capa.date_deadline = date(2030, 1, 10)
        for day in (11, 17):
            with freeze_time(f"2030-01-{day} 08:00:00"):
                self._run("cron_capa_remind")
        self.assertTrue(self.capa.reminded_on)
        self.assertFalse(self.capa.escalated_on)
        for day in (18, 19):
            with freeze_time(f"2030-01-{day} 08:00:00"):
                self._run("cron_capa_remind")
        brought = self.capa.activity_ids.filtered(
            lambda one: one.user_id != self.inspector
        )
        self.assertEqual(
            brought.mapped("summary"), [f"Not done in time: {self.capa.display_name}"]
        )
        self.assertLessEqual(brought.user_id, self.manager | self.second)
        self.assertIn(
            f"{self.inspector.name} was reminded and has not done it. It was due on"
            " 01/10/2030.",
            brought.note,
        )
        self.assertEqual(
            self._activities(self.capa, self.inspector), ["Deadline passed"]
        )
        self.capa.with_user(self.manager).action_cancel("No longer made")
        self.assertFalse(self._activities(self.capa))
        with freeze_time("2030-01-20 08:00:00"):
            self._run("cron_capa_remind")
        self.assertFalse(self._activities(self.capa))

    # -- Reviews -----------------------------------------------------------------------

    def _make_reviews(self, day):
        with freeze_time(f"{day} 08:00:00"):
            self._run("cron_capa_review")
        return self.env["qms.capa.review"].search(
            [("company_id", "=", self.company.id), ("date_to", ">=", "2030-01-01")]
        )

    def _capa_on(self, day, **vals):
        with freeze_time(f"{day} 08:00:00"):
            return self._make_capa(**vals)

    def test_a_month_and_a_quarter(self):
        self.company.qms_capa_review_user_id = self.second
        capa = self._capa_on("2030-01-05", subject="Early")
        late = self._capa_on("2030-02-05", subject="Late")
        with freeze_time("2030-01-06 08:00:00"):
            self._watch(capa)
        with freeze_time("2030-02-10 08:00:00"):
            self._count()
            capa.with_user(self.manager).action_close()
        month = self._make_reviews("2030-02-01")
        self.assertEqual(month.period, "month")
        self.assertIn(capa, month.line_ids.capa_id)
        self.assertNotIn(late, month.line_ids.capa_id)
        self.assertEqual(self._activities(month, self.second), [month.display_name])
        self.assertEqual(self._make_reviews("2030-02-02"), month)
        reviews = self._make_reviews("2030-04-01")
        quarter = reviews.filtered(lambda one: one.period == "quarter")
        self.assertEqual(quarter.date_from, date(2030, 1, 1))
        self.assertEqual(quarter.date_to, date(2030, 3, 31))
        self.assertEqual(quarter.display_name, "CAPA review, quarter until March 2030")
        line = quarter.line_ids.filtered(lambda one: one.capa_id == capa)
        self.assertEqual((line.state, line.verdict), ("closed", "effective"))
        self.assertIn(late, quarter.line_ids.capa_id)
        effective = quarter.line_ids.filtered(lambda one: one.verdict == "effective")
        self.assertEqual(quarter.effective_count, len(effective))
        march = reviews - month - quarter
        self.assertEqual(march.date_from, date(2030, 3, 1))
        self.assertNotIn(capa, march.line_ids.capa_id)

    def test_a_review_is_concluded_and_kept(self):
        review = self._make_reviews("2030-02-01")[:1]
        with self.assertRaises(AccessError):
            review.with_user(self.inspector).action_review()
        review = review.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Write what you conclude from"):
            review.action_review()
        review.conclusion = "Two more auditors."
        review.action_review()
        self.assertEqual((review.state, review.reviewed_by_id), ("done", self.manager))
        self.assertFalse(self._activities(review))
        with self.assertRaisesRegex(UserError, "isn't possible for"):
            review.conclusion = "Else"
        with self.assertRaises(AccessError):
            review.line_ids.write({"verdict": "effective"})
        with self.assertRaisesRegex(UserError, "Reviews are kept"):
            review.sudo().unlink()
        reports = self.env["ir.actions.report"].with_user(self.inspector)
        html, _kind = reports._render_qweb_html(
            "qms_quality.report_capa_review", review.ids
        )
        self.assertIn("Two more auditors.", html.decode())
