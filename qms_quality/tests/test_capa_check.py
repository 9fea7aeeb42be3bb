from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestCapaCheck(CapaCase):
    """What is counted after the measures, and what follows from it."""

    def _after(self, day, capa=None):
        with freeze_time(f"2030-01-{day:02} 08:00:00"):
            self._count()
        return (capa or self.capa).verdict

    def _watch_at_start(self, **vals):
        self.capa.write(vals)
        with freeze_time("2030-01-01 08:00:00"):
            return self._watch()

    def _case_on(self, day, **vals):
        with freeze_time(f"2030-01-{day:02} 07:00:00"):
            return self._make_case(**vals)

    def _inspect(self, day, count, fail=False, **vals):
        with freeze_time(f"2030-01-{day:02} 07:00:00"):
            for number in range(count):
                order = self._receive_order(lots=[f"{day}-{number}-{fail}"], **vals)
                self._fill(order, fail)
                order.with_user(self.inspector).action_validate()

    # -- Days --------------------------------------------------------------------------

    def test_nothing_came_again(self):
        self._watch_at_start(check_days=20)
        self.assertEqual(self._after(20), "running")
        self.assertEqual(self._after(22), "effective")
        self.assertEqual(self.capa.state, "check")
        self.assertEqual(
            self._activities(self.capa, self.inspector), ["Effective: close it"]
        )

    def test_it_came_again(self):
        check = self._watch_at_start(check_days=20)
        case = self._case_on(5)
        self.assertEqual(self._after(6), "ineffective")
        self.assertEqual(self.capa.state, "open")
        self.assertEqual(check.nonconformance_ids, case)
        self.assertEqual(self.capa.nonconformance_ids, case)
        self.assertEqual(check.text, f"it came again: {case.name}")
        self.assertEqual(self._activities(self.capa, self.inspector), ["Not effective"])
        with self.assertRaisesRegex(UserError, "add a step or a rule change"):
            self.capa.action_plan()
        with freeze_time("2030-01-10 08:00:00"):
            check = self._watch()[0]
        self.assertEqual(check.verdict, "running")
        self.assertEqual(self._after(31), "effective")
        self.assertEqual(
            self.capa.check_ids.mapped("verdict"), ["effective", "ineffective"]
        )

    def test_what_is_no_recurrence(self):
        self._watch_at_start(check_days=20)
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self._case_on(2, root_cause_id=self.other_cause.id)
        self._case_on(3, partner_id=stranger.id)
        self._case_on(4, partner_id=False)
        with freeze_time("2029-12-31 08:00:00"):
            self._make_case()
        cancelled = self._case_on(5)
        cancelled.with_user(self.manager).action_cancel("A mistake")
        self.assertEqual(self._after(22), "effective")
        self.assertEqual(cancelled.state, "cancelled")

    def test_a_case_of_an_address_or_another_product_counts(self):
        self._watch_at_start(check_days=20)
        address = self.env["res.partner"].create(
            {"name": "Barn", "parent_id": self.partner.id}
        )
        self._case_on(3, partner_id=address.id, product_id=self.untracked.id)
        self.assertEqual(self._after(4), "ineffective")

    def test_the_product_of_the_capa_counts_only(self):
        self._watch_at_start(check_days=20, product_id=self.product.id)
        self._case_on(3, product_id=self.untracked.id)
        self.assertEqual(self._after(4), "running")
        self._case_on(5)
        self.assertEqual(self._after(6), "ineffective")

    def test_a_work_center(self):
        center = self.env["mrp.workcenter"].create({"name": "Filler"})
        other = self.env["mrp.workcenter"].create({"name": "Oven"})
        self._watch_at_start(check_days=20, partner_id=False, workcenter_id=center.id)
        self._case_on(3, workcenter_id=other.id)
        self.assertEqual(self._after(4), "running")
        self._case_on(5, workcenter_id=center.id)
        self.assertEqual(self._after(6), "ineffective")

    def test_a_case_whose_cause_is_not_known_yet(self):
        check = self._watch_at_start(check_days=20)
        case = self._case_on(5, root_cause_id=False)
        self.assertEqual(self._after(22), "running")
        self.assertEqual(
            check.text,
            "no recurrence, 0 lots inspected; 1 nonconformances without a root cause"
            " yet",
        )
        case.root_cause_id = self.other_cause
        self.assertEqual(self._after(23), "effective")

    def test_what_comes_before_it_is_closed(self):
        self._watch_at_start(check_days=20)
        self._after(22)
        case = self._case_on(25)
        with self.assertRaisesRegex(UserError, f"came again after .*{case.name}"):
            self.capa.with_user(self.manager).action_close()

    # -- Lots --------------------------------------------------------------------------

    def test_lots(self):
        check = self._watch_at_start(check_kind="lots", check_lots=3, check_days=0)
        self._inspect(2, 2)
        self.assertEqual(self._after(3), "running")
        self.assertEqual(check.lot_count, 2)
        self.assertEqual(check.text, "no recurrence in 2 of 3 lots")
        self._inspect(4, 1)
        self.assertEqual(self._after(5), "effective")

    def test_too_few_lots_in_time(self):
        self._watch_at_start(check_kind="lots", check_lots=3, check_days=10)
        self._inspect(2, 1)
        self.assertEqual(self._after(12), "undecided")
        self.assertEqual(self.capa.state, "check")
        self.assertEqual(
            self._activities(self.capa, self.inspector), ["Decide whether it works"]
        )
        capa = self.capa.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Write your conclusion"):
            capa.action_close()
        capa.conclusion = "The supplier has stopped to deliver."
        capa.action_close()
        self.assertEqual(capa.state, "closed")

    # -- Figures -----------------------------------------------------------------------

    def test_a_share_of_failed_orders(self):
        check = self._watch_at_start(
            check_kind="figure", check_figure="orders", check_limit=30, check_days=10
        )
        self._inspect(2, 1, fail=True)
        self.assertEqual(self._after(3), "running")
        self.assertEqual(check.value, 100)
        self._inspect(4, 3)
        self.assertEqual(self._after(12), "effective")
        self.assertEqual(check.text, "Failed quality orders (%): 25, at most 30")

    def test_a_share_above_the_limit(self):
        self._watch_at_start(
            check_kind="figure", check_figure="orders", check_limit=20, check_days=10
        )
        self._inspect(2, 1, fail=True)
        self._inspect(4, 3)
        self.assertEqual(self._after(12), "ineffective")
        self.assertEqual(self.capa.state, "open")

    def test_no_orders_say_nothing(self):
        self._watch_at_start(
            check_kind="figure", check_figure="orders", check_limit=20, check_days=10
        )
        self.assertEqual(self._after(12), "undecided")

    def test_a_number_of_cases(self):
        check = self._watch_at_start(
            check_kind="figure", check_figure="cases", check_limit=1, check_days=10
        )
        self._case_on(2)
        self.assertEqual(self._after(3), "running")
        self._case_on(4)
        self.assertEqual(self._after(5), "ineffective")
        self.assertEqual(check.text, "Nonconformances of this kind: 2, at most 1")

    # -- The scheduled action ----------------------------------------------------------

    def test_counted_once_a_day_in_batches(self):
        for number in range(3):
            with freeze_time("2030-01-01 08:00:00"):
                self._watch(self._make_capa(subject=f"No {number}"))
        checks = self.env["qms.capa.check"].search([("verdict", "=", "running")])
        with freeze_time("2030-01-02 08:00:00"):
            self._run("cron_capa_count", limit=2)
            self.assertEqual(checks.filtered("date_counted"), checks)
            before = checks.mapped("date_counted")
        with freeze_time("2030-01-02 18:00:00"):
            self._count()
            self.assertEqual(checks.mapped("date_counted"), before)

    def test_the_owner_who_left_is_not_told_but_a_manager(self):
        self._watch_at_start(check_days=20)
        self.inspector.active = False
        self.assertEqual(self._after(22), "effective")
        told = self.env["mail.activity"].search(
            [("res_model", "=", "qms.capa"), ("res_id", "=", self.capa.id)]
        )
        self.assertLessEqual(told.user_id, self.manager | self.second)
        self.assertTrue(told)

    def test_nobody_writes_a_check(self):
        check = self._watch_at_start()
        model = self.env["qms.capa.check"].with_user(self.manager)
        with self.assertRaises(AccessError):
            check.with_user(self.manager).write({"verdict": "effective"})
        with self.assertRaises(AccessError):
            model.create({"capa_id": self.capa.id, "kind": "days"})
        with self.assertRaises(AccessError):
            check.with_user(self.manager).unlink()
