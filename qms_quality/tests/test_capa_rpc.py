from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import INSPECTOR, MANAGER, STOCK_USER
from .common_capa import CapaCase
from .rpc_case import Refused, RpcCase

OFFICER = "qms_quality.group_compliance_officer"
PLANT = "qms_quality.group_plant_manager"


@tagged("post_install", "-at_install")
class TestCapaRpc(CapaCase, RpcCase):
    """People of ill will, over both of Odoo's protocols."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = {
            name: cls._make_user(f"qms_rpc_{name}", group)
            for name, group in (
                ("inspector", INSPECTOR),
                ("manager", MANAGER),
                ("officer", OFFICER),
                ("plant", PLANT),
                ("clerk", STOCK_USER),
                ("buyer", "purchase.group_purchase_user"),
            )
        }
        cls._set_passwords(cls.env["res.users"].union(*cls.people.values()))

    def _clients(self, *names):
        return super()._clients(*(self.people[name] for name in names))

    def _refused(self, call, model, method, ids=None, **named):
        with self.assertRaises(Refused, msg=f"{call.case} {model}.{method} {named}"):
            call(model, method, ids, **named)

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_forges_a_stage(self):
        check = self._watch()
        capa, step = self.capa, self.capa.action_ids
        for call in self._clients("inspector", "manager", "plant"):
            for context in (
                {"qms_sentinel": True},
                {"default_state": "closed", "install_mode": True},
            ):
                for record, vals in (
                    (capa, {"state": "closed"}),
                    (capa, {"closed_by_id": 1}),
                    (capa, {"check_ids": [[1, check.id, {"verdict": "effective"}]]}),
                    (capa, {"verdict": "effective", "state": "closed"}),
                    (step, {"state": "todo"}),
                    (step, {"done_by_id": 1}),
                    (check, {"verdict": "effective"}),
                ):
                    self._refused(
                        call,
                        record._name,
                        "write",
                        record.ids,
                        context=context,
                        vals=vals,
                    )
                self._refused(
                    call,
                    "qms.capa.check",
                    "create",
                    context=context,
                    vals_list=[
                        {
                            "capa_id": capa.id,
                            "kind": "days",
                            "date_from": "2030-01-01 00:00:00",
                            "verdict": "effective",
                        }
                    ],
                )
        self.env.invalidate_all()
        self.assertEqual((capa.state, capa.verdict), ("check", "running"))
        self.assertEqual(step.state, "done")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_nobody_does_what_is_anothers(self):
        step = self._begin()
        change = self._make_change(kind="block")
        for call in self._clients("officer", "plant", "clerk", "buyer"):
            self._refused(call, "qms.capa", "create", vals_list=[{"subject": "X"}])
            for record, methods in (
                (self.capa, ("action_plan", "action_check", "action_close")),
                (self.capa, ("action_cancel", "action_reopen", "action_count")),
                (step, ("action_done", "action_todo", "action_give_up")),
                (change, ("action_apply", "action_refuse")),
            ):
                for method in methods:
                    self._refused(call, record._name, method, record.ids)
            self._refused(
                call, step._name, "write", step.ids, vals={"proof": "Done, really"}
            )
            self._refused(call, "qms.supplier.block", "create", vals_list=[{}])
        for call in self._clients("inspector"):
            for record, method in (
                (self.capa, "action_close"),
                (self.capa, "action_cancel"),
                (change, "action_apply"),
                (change, "action_refuse"),
            ):
                self._refused(call, record._name, method, record.ids)
            self._refused(
                call,
                "qms.supplier.block",
                "create",
                vals_list=[{"partner_id": self.partner.id, "reason": "x"}],
            )
        self.env.invalidate_all()
        self.assertEqual(self.capa.state, "in_progress")
        self.assertEqual((step.state, change.state), ("todo", "proposed"))

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_a_change_is_not_applied_past_its_button(self):
        change = self._make_change(kind="block")
        for call in self._clients(*self.people):
            for vals in (
                {"state": "applied"},
                {"proof": "Done", "date_applied": "2030-01-01 00:00:00"},
                {"res_model": "res.users", "res_id": 1},
            ):
                self._refused(call, change._name, "write", change.ids, vals=vals)
            for method in ("_apply_block", "_qms_do_apply", "_qms_perform"):
                self._refused(call, change._name, method, change.ids)
            self._refused(
                call,
                "qms.capa",
                "write",
                self.capa.ids,
                vals={"change_ids": [[0, 0, {"kind": "block", "state": "applied"}]]},
            )
        self.assertFalse(
            self.env["qms.supplier.block"].search([("capa_id", "=", self.capa.id)])
        )

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.sql_db")
    def test_nonsense_is_answered_in_words(self):
        for call in self._clients("manager"):
            for reason in (False, "", "  ", 7, ["x"], {"a": 1}):
                # asks in a dialog
                answer = call("qms.capa", "action_cancel", self.capa.ids, reason=reason)
                self.assertEqual(answer["res_model"], "qms.capa.reason")
            self._refused(
                call,
                "qms.capa",
                "write",
                self.capa.ids,
                vals={"check_days": -1},
            )
            wizard = call(
                "qms.capa.reason",
                "create",
                vals_list=[{"action": "cancel", "record_ids": ["x"], "reason": "y"}],
            )
            ids = wizard if isinstance(wizard, list) else [wizard]
            self._refused(call, "qms.capa.reason", "action_confirm", ids)
        self.assertEqual(self.capa.state, "open")

    @mute_logger("odoo.http", "odoo.addons.base.models.ir_model", "odoo.models")
    @mute_logger("odoo.addons.base.models.ir_rule")
    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Other"})
        self._begin()
        self._make_change(kind="block")
        user = self.people["manager"]
        user.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for call in self._clients("manager"):
            for model in (
                "qms.capa",
                "qms.capa.action",
                "qms.capa.change",
                "qms.duty",
                "qms.supplier.block",
            ):
                self.assertEqual(call(model, "search_count", domain=[]), 0)
            self._refused(call, "qms.capa", "action_plan", self.capa.ids)
