from odoo.exceptions import UserError

from .common import INSPECTOR, MANAGER
from .common_inspection import InspectionCase

COMPLIANCE = "qms_quality.group_compliance_officer"
VALIDATE = "qms.quality.order:validate"
RELEASE = "qms.hold:release"


class SigningCase(InspectionCase):
    """Rules, people with passwords, and something to sign.

    ``cls.second`` is another quality manager, ``cls.officer`` a compliance officer.
    Everybody's password is his login. There is no rule until :meth:`_rule` makes one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:
            # failed tries are counted on a cursor of their own
            cls.registry_enter_test_mode_cls()
        cls.env["qms.signature.rule"].search([]).active = False
        cls.second = cls._make_user("qms_second", MANAGER)
        cls.officer = cls._make_user("qms_officer", COMPLIANCE)
        cls.people = cls.inspector | cls.manager | cls.second | cls.officer | cls.clerk
        for user in cls.people:
            user.password = user.login
        cls.reviewed = cls.env.ref("qms_quality.meaning_reviewed")
        cls.approved = cls.env.ref("qms_quality.meaning_approved")

    @classmethod
    def _rule(cls, guarded=VALIDATE, group=INSPECTOR, **vals):
        return (
            cls.env["qms.signature.rule"]
            .with_user(cls.officer)
            .create(
                {
                    "guarded": guarded,
                    "group_id": cls.env.ref(group).id,
                    "company_id": cls.company.id,
                    **vals,
                }
            )
        )

    def _ready_order(self, lot="S-1"):
        """Return a quality order with all its readings."""
        order = self._receive_order(lots=[lot])
        self._fill(order)
        return order

    def _open_dialog(self, records, user, action="validate", **arguments):
        """Press the button as the user; return the dialog that opens."""
        opened = records.with_user(user)._qms_guarded(action, **arguments)
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        return self._dialog(opened, user)

    def _dialog(self, opened, user):
        wizard = self.env["qms.signature.wizard"].with_user(user)
        wizard = wizard.browse(opened["res_id"])
        if not wizard.meaning_id:
            wizard.meaning_id = self.reviewed
        return wizard

    def _credential(self, user, **other):
        return {"login": user.login, "secret": user.login, **other}

    def _sign(self, records, user, action="validate", **arguments):
        """Press the button as the user and sign; return what the dialog answers."""
        wizard = self._open_dialog(records, user, action, **arguments)
        answer = wizard.action_sign(self._credential(user))
        records.invalidate_recordset()
        return answer

    def _try_wrong(self, wizard, **credential):
        """Sign with something wrong, outside a savepoint; return the message."""
        given = {**self._credential(wizard.env.user, secret="wrong"), **credential}
        try:
            wizard.action_sign(given)
        except UserError as refusal:
            return str(refusal)
        self.fail("signed with a wrong credential")

    def _signatures(self, record):
        return self.env["qms.signature"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)]
        )
