from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..models.sentinel import trusted
from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestOrderLate(InspectionCase):
    """Whoever is responsible for a late order is told once; figures count it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["qms.quality.order"].with_user(cls.inspector)
        # what is late already stays out of the way
        late = cls.env["qms.quality.order"].search([("is_late", "=", True)])
        late.date_due = cls._in_days(9)
        cls.team = cls.env["qms.quality.team"].create(
            {"name": "Evening", "user_id": cls.manager.id}
        )

    @classmethod
    def _in_days(cls, days):
        return fields.Date.add(fields.Date.context_today(cls.env.user), days=days)

    def _make(self, days=-1, **vals):
        values = {"product_id": self.product.id, "hold_goods": False, **vals}
        return self.orders.create({**values, "date_due": self._in_days(days)})

    def _remind(self):
        """Run the job as it runs by itself."""
        with self.enter_registry_test_mode():
            self.env.ref("qms_quality.cron_remind_late").method_direct_trigger()

    # -- Reminders ---------------------------------------------------------------------

    def test_the_responsible_is_told_once(self):
        mine = self._make(user_id=self.inspector.id)
        teams = self._make(team_id=self.team.id)
        nobodys = self._make(team_id=self.ref("qms_quality.team_quality"))
        due = self._make(days=0, user_id=self.inspector.id)
        orders = mine + teams + nobodys + due
        self._remind()
        self._remind()
        told = [(one.res_id, one.user_id) for one in orders.sudo().activity_ids]
        self.assertEqual(
            sorted(told), sorted([(mine.id, self.inspector), (teams.id, self.manager)])
        )
        activity = mine.activity_ids
        self.assertEqual(activity.activity_type_id.name, "Late Inspection")
        self.assertEqual(activity.date_deadline, self._in_days(0))
        # an order that somebody gets later is his then
        nobodys.user_id = self.inspector
        self._remind()
        self.assertEqual(nobodys.activity_ids.user_id, self.inspector)

    def test_another_day_is_another_reminder(self):
        order = self._make(user_id=self.inspector.id)
        self._remind()
        self.assertTrue(order.late_reminded_on)
        order.date_due = self._in_days(1)
        self.assertFalse(order.activity_ids or order.late_reminded_on)
        self._remind()
        self.assertFalse(order.activity_ids)
        order.date_due = self._in_days(-2)
        self._remind()
        self.assertEqual(len(order.activity_ids), 1)

    def test_what_is_done_reminds_of_nothing(self):
        order = self._make(user_id=self.inspector.id, test_group_ids=self.group.ids)
        given_up = self._make(user_id=self.inspector.id)
        self._remind()
        self._fill(order)
        order.action_validate()
        given_up.with_user(self.manager).action_cancel()
        self.assertFalse((order + given_up).activity_ids)

    def test_a_responsible_who_left_is_not_told(self):
        order = self._make(user_id=self.inspector.id, team_id=self.team.id)
        self.inspector.sudo().active = False
        self._remind()
        self.assertEqual(order.sudo().activity_ids.user_id, self.manager)

    def test_in_batches(self):
        orders = self.orders.union(
            *(self._make(user_id=self.inspector.id) for _n in range(5))
        )
        job = self.env.ref("qms_quality.cron_remind_late")
        job.code = "model._cron_remind_late(limit=2)"
        self._remind()
        self.assertEqual(len(orders.activity_ids), 5)
        self.assertEqual(orders.activity_ids.mapped("res_id"), orders.ids)

    def test_a_reminder_is_not_forged(self):
        order = self._make(user_id=self.inspector.id)
        for name, value in (
            ("late_reminded_on", fields.Datetime.now()),
            ("is_on_time", True),
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                order.write({name: value})

    # -- Figures -----------------------------------------------------------------------

    def _validate(self, fail=False, **vals):
        order = self._make(test_group_ids=self.group.ids, **vals)
        self._fill(order, fail=fail)
        order.action_validate()
        # the figures leave out what happens in this very second
        an_hour_ago = fields.Datetime.subtract(order.date_validated, hours=1)
        trusted(order).date_validated = an_hour_ago
        return order

    def test_on_time(self):
        self.assertTrue(self._validate(days=0).is_on_time)
        late = self._validate(days=-1)
        self.assertFalse(late.is_on_time)
        late.with_user(self.manager).action_reopen()
        late.date_due = self._in_days(1)
        self.assertFalse(late.is_on_time)
        late.action_validate()
        self.assertTrue(late.is_on_time)

    def test_digest(self):
        names = ("validated", "failed", "late", "on_time")
        digest = self.env["digest.digest"].create(
            {
                "name": "Quality",
                "company_id": self.company.id,
                **{f"kpi_qms_{name}": True for name in names},
            }
        )
        before = self._get_figures(digest, self.inspector)
        self._validate(days=0)
        self._validate(days=1, fail=True)
        self._validate(days=-3)
        self._make(days=-3)
        after = self._get_figures(digest, self.inspector)
        gained = [after[n] - before[n] for n in ("validated", "failed", "late")]
        # both of three days ago are late: one is done, and the other isn't
        self.assertEqual(gained, [3, 1, 2])
        on_time = before["validated"] * before["on_time"] / 100 + 2
        self.assertAlmostEqual(
            after["on_time"], 100 * on_time / after["validated"], places=1
        )
        # whoever is no inspector gets a digest without them
        self.assertEqual(self._get_figures(digest, self.clerk), {})

    def _get_figures(self, digest, user):
        """Return the figures of the last week, as the mail to ``user`` shows them."""
        figures = digest._compute_kpis(self.company, user)
        return {
            one["kpi_name"].removeprefix("kpi_qms_"): float(one["kpi_col2"]["value"])
            for one in figures
        }

    def test_the_digest_is_sent(self):
        digest = self.env.ref("digest.digest_digest_default")
        digest.user_ids = self.inspector
        self._validate(days=0)
        digest.action_send_manual()
        mail = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertIn("Quality Orders on Time (%)", mail.body_html)
