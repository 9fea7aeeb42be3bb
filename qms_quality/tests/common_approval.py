from .common import MANAGER
from .common_inspection import InspectionCase

OFFICER = "qms_quality.group_compliance_officer"
RELEASE, VALIDATE = "qms.hold:release", "qms.quality.order:validate"


class ApprovalCase(InspectionCase):
    """Small factories for rules and requests.

    ``cls.manager`` asks; ``cls.second`` is another quality manager, ``cls.boss`` an
    employee without any rights in Quality, ``cls.officer`` the compliance officer.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["qms.approval.rule"].search([]).active = False
        cls.second = cls._make_user("qms_second", MANAGER)
        cls.boss = cls._make_user("qms_boss")
        cls.officer = cls._make_user("qms_officer", OFFICER)
        cls.managers = cls.env.ref(MANAGER)

    @classmethod
    def _make_rule(cls, *steps, guarded=RELEASE, **vals):
        """Make a rule as the compliance officer; a step is values, or a user."""
        steps = [cls._prepare_step(step) for step in steps or [{}]]
        return (
            cls.env["qms.approval.rule"]
            .with_user(cls.officer)
            .create(
                {
                    "name": "Four eyes",
                    "guarded": guarded,
                    "company_id": False,
                    "step_ids": [(0, 0, step) for step in steps],
                    **vals,
                }
            )
        )

    @classmethod
    def _prepare_step(cls, step):
        if not isinstance(step, dict):
            step = {"name": step.name, "approver": "user", "user_id": step.id}
        return {"name": "Agree", "group_id": cls.managers.id, **step}

    def _make_hold(self, name="A-1", status=None, **goods):
        return self._hold(status, lot=self._make_lot(name), **goods)

    def _ask_release(self, hold=None, user=None, reason="Checked"):
        """Press the buttons that release a hold; return the request."""
        hold = hold or self._make_hold()
        self._press_release(hold, user, reason)
        return self._get_request(hold)

    def _press_release(self, holds, user=None, reason="Checked"):
        action = holds.with_user(user or self.manager).action_release()
        wizard = self.env[action["res_model"]].with_user(user or self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.reason_id = self.env["qms.hold.reason"].search(
            [("usage", "=", "release")], limit=1
        )
        wizard.comment = reason
        return wizard.action_release()

    def _get_request(self, record, state="pending"):
        domain = [("res_model", "=", record._name), ("res_id", "in", record.ids)]
        return self.env["qms.approval"].search([*domain, ("state", "=", state)])

    def _approve(self, request, *users):
        for user in users:
            request.with_user(user).action_approve()

    def _reject(self, request, user, comment="No"):
        action = request.with_user(user).action_reject()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.comment = comment
        return wizard.action_reject()

    def _delegate(self, request, user, to):
        action = request.with_user(user).action_delegate()
        wizard = self.env[action["res_model"]].with_user(user).browse(action["res_id"])
        wizard.user_id = to
        return wizard.action_delegate()

    def _get_asked(self, request):
        """Return who has an activity on the request."""
        return request.activity_ids.user_id
