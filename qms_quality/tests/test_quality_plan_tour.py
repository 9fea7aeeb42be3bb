from odoo.tests import HttpCase, tagged

from .test_quality_plan_agreed import QualityPlanAgreedCase


@tagged("post_install", "-at_install")
class TestQualityPlanTour(QualityPlanAgreedCase, HttpCase):
    """New versions in the browser, by the managers who make and agree to them."""

    browser_size = "1400x900"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for user in cls.manager | cls.second:
            user.password = user.login

    def _tour(self, record, action, name, user):
        url = f"/odoo/action-qms_quality.{action}/{record.id}"
        self.start_tour(url, name, login=user.login)

    def test_new_version_of_a_plan(self):
        self._ask_second()
        plan = self._agreed_plan()
        order = self._order_of(self.one)
        self._tour(
            plan,
            "action_qms_quality_plan",
            "qms_manager_makes_new_plan_version",
            self.manager,
        )
        draft = plan._get_versions() - plan
        self.assertEqual((plan.state, draft.state), ("active", "draft"))
        self._tour(
            draft, "action_qms_quality_plan", "qms_second_agrees_to_plan", self.second
        )
        self.assertEqual((plan.state, draft.state), ("retired", "active"))
        self.assertEqual((plan.order_auto, draft.order_auto), (False, True))
        self.assertEqual(order.plan_copy_id.plan_id, plan)
        self.assertEqual(self._order_of(self.one, "L2").plan_copy_id.plan_id, draft)

    def test_new_version_of_a_test_group(self):
        group = self._make_weight_group("Weight tour")
        self._tour(
            group,
            "action_qms_test_group",
            "qms_manager_makes_new_group_version",
            self.manager,
        )
        self.assertEqual(group.state, "retired")
        newer = self.env["qms.test.group"].search(
            [("name", "=", "Weight tour"), ("state", "=", "active")]
        )
        self.assertEqual(newer.line_ids.lower_limit, 4.5)
        self.assertEqual(group.line_ids.lower_limit, 4)
