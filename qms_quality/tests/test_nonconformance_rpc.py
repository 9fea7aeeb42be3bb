from contextlib import suppress

from odoo.tests import tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_case import NonconformanceCase
from .rpc_case import Refused, RpcCase, XmlClient

FORGED = {
    "qms_sentinel": True,
    "default_state": "closed",
    "default_closed_by_id": 1,
    "install_mode": True,
    "import_file": True,
    "tracking_disable": True,
    "active_test": False,
}
STEPS = (
    "action_investigate",
    "action_dispose",
    "action_submit",
    "action_execute",
    "action_follow_up",
    "action_close",
)


@tagged("post_install", "-at_install")
class TestNonconformanceRpc(NonconformanceCase, RpcCase):
    """What clients may not do about cases, over both of Odoo's protocols."""

    state_queries = (
        "SELECT id, name, subject, state, quality_order_id, closed_by_id,"
        " date_closed, date_opened, root_cause_id FROM qms_nonconformance",
        "SELECT id, name, value, limits, nonconformance_id"
        " FROM qms_nonconformance_failure",
        "SELECT id, name, answer FROM qms_nonconformance_why",
        "SELECT id, state, res_model, res_id FROM qms_hold",
        "SELECT id, state, nonconformance_id FROM qms_disposition",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.readers = cls.clerk | cls.plant | cls.officer
        cls._set_passwords(cls.readers | cls.inspector | cls.manager)

    def setUp(self):
        super().setUp()
        self.order = self._fail_order()
        self.case = self.order.case_id
        self.why = self.env["qms.nonconformance.why"].create(
            {"nonconformance_id": self.case.id, "name": "Why?"}
        )

    def test_nobody_writes_the_state(self):
        forged = (
            {"state": "closed"},
            {"quality_order_id": False},
            {"closed_by_id": self.manager.id},
            {"date_closed": "2020-01-01 00:00:00"},
            {"date_opened": "2020-01-01 00:00:00"},
            {"name": "NC/0"},
            {"failure_ids": [[5, 0, 0]]},
            {"failure_ids": [[1, self.case.failure_ids.id, {"value": "5 kg"}]]},
            {"hold_ids": [[5, 0, 0]]},
            {"hold_ids": [[1, self.case.hold_ids.id, {"state": "released"}]]},
        )
        for client in self._clients():
            for vals in forged:
                self.assertRefused(
                    client,
                    "qms.nonconformance",
                    "write",
                    self.case.ids,
                    FORGED,
                    vals=vals,
                )

    def test_nobody_makes_a_case_in_another_state(self):
        for client in self._clients():
            for vals in (
                {"subject": "x", "state": "closed"},
                {"subject": "x", "quality_order_id": self.order.id},
                {"subject": "x", "failure_ids": [[0, 0, {"name": "Forged"}]]},
            ):
                self.assertRefused(
                    client,
                    "qms.nonconformance",
                    "create",
                    None,
                    FORGED,
                    vals_list=[vals],
                )
            before = self._get_state()
            answer = {"ids": False}
            with suppress(Refused):
                answer = client(
                    "qms.nonconformance",
                    "load",
                    context=FORGED,
                    fields=["subject", "state"],
                    data=[["x", "closed"]],
                )
            self.assertFalse(answer["ids"])
            self.env.invalidate_all()
            self.assertEqual(self._get_state(), before)

    def test_defaults_of_a_client_do_not_set_the_state(self):
        (made,) = XmlClient(self, self.inspector)(
            "qms.nonconformance",
            "create",
            None,
            FORGED,
            vals_list=[{"subject": "Forged"}],
        )
        case = self.Case.browse(made)
        self.assertEqual((case.state, case.closed_by_id.id), ("initiation", False))

    def test_readers_only_read(self):
        for client in self._clients(*self.readers):
            for method in STEPS:
                self.assertRefused(
                    client, "qms.nonconformance", method, self.case.ids, FORGED
                )
            self.assertRefused(
                client,
                "qms.nonconformance",
                "write",
                self.case.ids,
                FORGED,
                vals={"subject": "Nothing"},
            )
            self.assertRefused(
                client,
                "qms.nonconformance.why",
                "write",
                self.why.ids,
                FORGED,
                vals={"answer": "x"},
            )
            self.assertRefused(
                client,
                "qms.nonconformance",
                "create",
                None,
                FORGED,
                vals_list=[{"subject": "x"}],
            )
            for method in ("action_cancel", "action_reopen"):
                self.assertRefused(
                    client,
                    "qms.nonconformance",
                    method,
                    self.case.ids,
                    FORGED,
                    reason="Because I can",
                )
            self.assertRefused(
                client, "qms.quality.order", "action_reopen", self.order.ids, FORGED
            )

    def test_inspector_neither_closes_nor_cancels(self):
        trusted(self.case).state = "follow_up"
        for client in self._clients(self.inspector):
            self.assertRefused(
                client, "qms.nonconformance", "action_close", self.case.ids, FORGED
            )
            for method in ("action_cancel", "action_reopen"):
                self.assertRefused(
                    client,
                    "qms.nonconformance",
                    method,
                    self.case.ids,
                    FORGED,
                    reason="Because I can",
                )
            self.assertRefused(
                client,
                "qms.nonconformance.wizard",
                "create",
                None,
                FORGED,
                vals_list=[{"mode": "cancel", "case_ids": [[6, 0, self.case.ids]]}],
            )

    def test_steps_out_of_order_are_refused(self):
        for client in self._clients(self.manager):
            for method in STEPS[1:]:
                self.assertRefused(
                    client, "qms.nonconformance", method, self.case.ids, FORGED
                )
            self.assertRefused(
                client,
                "qms.nonconformance",
                "action_reopen",
                self.case.ids,
                FORGED,
                reason="Once more",
            )

    def test_nonsense_is_refused_in_words(self):
        for client in self._clients(self.manager):
            for reason in (5, ["x"], {"a": 1}, "", " "):
                with suppress(Refused):
                    client(
                        "qms.nonconformance",
                        "action_cancel",
                        self.case.ids,
                        reason=reason,
                    )
        self.env.invalidate_all()
        self.assertEqual(self.case.state, "initiation")

    def test_nobody_deletes_or_moves_parts(self):
        for client in self._clients():
            for model, ids in (
                ("qms.nonconformance", self.case.ids),
                ("qms.nonconformance.failure", self.case.failure_ids.ids),
            ):
                self.assertRefused(client, model, "unlink", ids, FORGED)
            self.assertRefused(
                client,
                "qms.nonconformance.failure",
                "create",
                None,
                FORGED,
                vals_list=[{"nonconformance_id": self.case.id, "name": "Forged"}],
            )

    def test_private_methods_stay_private(self):
        for client in self._clients(self.manager):
            for method in (
                "_close",
                "_cancel",
                "_advance",
                "_hold_goods",
                "_release_empty",
                "_hand_back",
                "_qms_do_close",
                "_set_state",
                "_open_for_orders",
                "_take_over_holds",
            ):
                self.assertRefused(client, "qms.nonconformance", method, self.case.ids)
            for method in ("_hand_over", "_hand_over_each", "_end_by_hand_over"):
                self.assertRefused(client, "qms.hold", method, self.case.hold_ids.ids)

    def test_masters_belong_to_the_manager(self):
        for client in self._clients(self.inspector, *self.readers):
            for model in ("qms.root.cause", "qms.problem.type"):
                self.assertRefused(
                    client,
                    model,
                    "create",
                    None,
                    FORGED,
                    vals_list=[{"name": "Forged"}],
                )
