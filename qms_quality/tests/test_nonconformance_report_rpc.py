from odoo.tests import HttpCase, tagged

from .common_report import ReportCase
from .rpc_case import Broken, JsonClient, Refused, XmlClient


@tagged("post_install", "-at_install")
class TestNonconformanceReportRpc(ReportCase, HttpCase):
    """What a program sends along with a report isn't written on the case."""

    def test_defaults_of_the_reporter_are_left_out(self):
        self.clerk.password = "qms_clerk-password"
        self.passwords = {self.clerk: "qms_clerk-password"}
        lot = self._make_lot("L1")
        defaults = {
            "default_state": "closed",
            "default_hold_goods": True,
            "default_root_cause_text": "None of us",
            "default_user_id": self.manager.id,
            "qms_sentinel": True,
        }
        for call in (XmlClient(self, self.clerk), JsonClient(self, self.clerk)):
            report = self._open_report(lot, self.clerk)
            report.subject = "Smells"
            self.env.cr.flush()
            last = self.Case.search([], order="id desc", limit=1).id or 0
            call(
                "qms.nonconformance.report",
                "action_report",
                report.ids,
                context=defaults,
            )
            self.env.invalidate_all()
            case = self.Case.search([("id", ">", last)])
            self.assertEqual((case.subject, case.state), ("Smells", "initiation"))
            self.assertFalse(case.hold_goods or case.root_cause_text or case.user_id)
            self.assertFalse(self._held_by(case))

    def test_nothing_private_is_called(self):
        self.clerk.password = "qms_clerk-password"
        self.passwords = {self.clerk: "qms_clerk-password"}
        case = self.Case.create({"subject": "Dented"})
        report = self._open_report(self._make_lot("L1"), self.clerk)
        self.env.cr.flush()
        for call in (XmlClient(self, self.clerk), JsonClient(self, self.clerk)):
            for model, method, ids, args in (
                ("qms.nonconformance", "message_new", None, {"msg_dict": {}}),
                ("qms.nonconformance", "_hold_reported", case.ids, {"goods": []}),
                ("qms.nonconformance.report", "_report", report.ids, {}),
                ("qms.nonconformance", "action_hold_goods", case.ids, {}),
                ("qms.nonconformance", "action_judge", case.ids, {}),
                ("qms.nonconformance", "action_answer", case.ids, {}),
                ("qms.nonconformance", "action_test_sample", case.ids, {}),
            ):
                with self.subTest(method=method), self.assertRaises(Refused):
                    try:
                        call(model, method, ids, **args)
                    except Broken as error:
                        self.fail(f"a traceback: {error}")
