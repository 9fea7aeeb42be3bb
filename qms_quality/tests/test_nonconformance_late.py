from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestNonconformanceLate(CapaCase):
    """Who has a late case is reminded; later it is brought to others. Once each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_capa_escalate_days = 7
        # those of the demo data are late in 2030, too
        cls.env["qms.nonconformance"].search([])._set_state("cancelled", "cancel")
        cls.leader = cls._make_user("qms_leader", "qms_quality.group_quality_inspector")
        cls.team = cls.env["qms.quality.team"].create(
            {"name": "Dairy", "user_id": cls.leader.id}
        )
        cls.case = cls._make_late_case()

    @classmethod
    def _make_late_case(cls, **vals):
        values = {"user_id": cls.inspector.id, "date_deadline": date(2030, 1, 10)}
        return cls._make_case(**{**values, **vals})

    def _remind(self, *days):
        for day in days:
            with freeze_time(f"2030-01-{day:02} 08:00:00"):
                self._run("cron_case_remind")

    def _find_mails(self, case):
        return self.env["mail.message"].search(
            [
                ("model", "=", case._name),
                ("res_id", "=", case.id),
                ("message_type", "=", "user_notification"),
                ("subject", "like", "Late:"),
            ],
            order="id",
        )

    def _mails(self, case):
        """Return subject and receivers of each reminder, the first first."""
        return [(one.subject, one.partner_ids) for one in self._find_mails(case)]

    def test_reminded_once_then_brought_to_a_quality_manager(self):
        self._remind(9, 10)
        self.assertFalse(self._mails(self.case))
        self._remind(11, 12)
        self.assertEqual(
            self._mails(self.case),
            [(f"Late: {self.case.display_name}", self.inspector.partner_id)],
        )
        self._remind(17)
        self.assertFalse(self.case.escalated_on)
        self._remind(18, 19)
        activities = self.case.activity_ids
        self.assertEqual(
            activities.mapped("summary"),
            [f"Not done in time: {self.case.display_name}"],
        )
        self.assertLessEqual(activities.user_id, self.manager | self.second)
        self.assertIn("was reminded and has not done it.", activities.note)
        self.assertEqual(len(self._mails(self.case)), 1)

    def test_the_reminder_says_where_the_case_stands(self):
        self.case.action_investigate()
        self._remind(11)
        (message,) = self._find_mails(self.case)
        self.assertIn(
            f"{self.case.display_name} should have been closed by 01/10/2030. It is in"
            " the step Investigation.",
            message.body,
        )

    def test_it_is_brought_to_who_leads_the_team(self):
        self.case.team_id = self.team
        self._remind(11, 18, 19)
        self.assertEqual(self.case.activity_ids.user_id, self.leader)

    def test_what_nobody_has_the_leader_is_reminded_of(self):
        case = self._make_late_case(user_id=False, team_id=self.team.id)
        case.user_id = False
        self._remind(11)
        ((_subject, told),) = self._mails(case)
        self.assertEqual(told, self.leader.partner_id)
        self._remind(18)
        self.assertLessEqual(case.activity_ids.user_id, self.manager | self.second)

    def test_another_deadline_or_person_is_late_anew(self):
        self._remind(11)
        self.case.date_deadline = date(2030, 1, 14)
        self.assertFalse(self.case.reminded_on)
        self._remind(12, 15)
        self.case.user_id = self.leader
        self._remind(16)
        told = [partner for _subject, partner in self._mails(self.case)]
        people = (self.inspector, self.inspector, self.leader)
        self.assertEqual(told, [user.partner_id for user in people])

    def test_what_is_done_is_not_late_and_nobody_is_asked_any_more(self):
        self._remind(11, 18)
        self.assertTrue(self.case.activity_ids)
        self.case.with_user(self.manager).action_cancel("A mistake, indeed")
        self.assertFalse(self.case.activity_ids)
        with freeze_time("2030-01-20"):
            self.assertFalse(self.case.is_late)
            late = self.env["qms.nonconformance"].search([("is_late", "=", True)])
        self.assertNotIn(self.case, late)
        self._remind(20)
        self.assertEqual(len(self._mails(self.case)), 1)
        self.case.with_user(self.manager).action_reopen("It was none, after all")
        self._remind(21)
        self.assertEqual(len(self._mails(self.case)), 2)

    def test_nobody_writes_that_somebody_was_reminded(self):
        for name in ("reminded_on", "escalated_on"):
            with self.assertRaises(AccessError):
                self.case.write({name: "2030-01-01 00:00:00"})

    def test_in_batches_with_a_bounded_number_of_queries(self):
        cases = self.case
        for number in range(4):
            cases |= self._make_late_case(subject=f"Stone {number}")
        with freeze_time("2030-01-11 08:00:00"):
            self._run("cron_case_remind", limit=2)
        self.assertEqual(cases.filtered("reminded_on"), cases)
        self.assertEqual([len(self._mails(case)) for case in cases], [1] * 5)

    def test_finding_late_cases_takes_the_same_queries_for_any_number(self):
        counts = []
        self.env["qms.nonconformance"].search([("is_late", "=", True)])  # warm
        for wanted in (1, 6):
            for number in range(wanted - 1):
                self._make_late_case(subject=f"Stone {number}")
            self.env.flush_all()
            self.env.invalidate_all()
            model = self.env["qms.nonconformance"]
            with freeze_time("2030-01-11 08:00:00"):
                before = self.env.cr.sql_log_count
                found = model.search(model._get_unreminded_domain())
                found.mapped("is_late")
                counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(found), wanted)
        self.assertEqual(counts[0], counts[1])
