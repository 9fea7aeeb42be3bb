from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.qms_quality.models.evidence.reason_required import ReasonRequired

from .common_inspection import InspectionCase

OFFICER = "qms_quality.group_compliance_officer"
WHY = "The customer changed his drawing"


@tagged("post_install", "-at_install")
class TestAuditReason(InspectionCase, HttpCase):
    """Where a rule asks for it, nothing changes without a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user("qms_officer", OFFICER)
        cls.env["qms.reason.rule"].search([]).unlink()

    def _make_rule(self, model, *names, **vals):
        """Make a rule as the compliance officer."""
        with Form(self.env["qms.reason.rule"].with_user(self.officer)) as form:
            form.model_id = self.env["ir.model"]._get(model)
            form.kind = vals.pop("kind", "change")
            for name, value in vals.items():
                form[name] = value
            for name in names:
                form.field_ids.add(self.env["ir.model.fields"]._get(model, name))
        return form.record

    def _get_reasons(self, record):
        domain = [("res_model", "=", record._name), ("res_id", "=", record.id)]
        return self.env["qms.audit.entry"].search(domain, order="id").mapped("reason")

    def test_nothing_is_asked_without_a_rule(self):
        self.weight.with_user(self.manager).decimals = 3

    def test_fields(self):
        self._make_rule("qms.test", "decimals", "name")
        test = self.weight.with_user(self.manager)
        test.code = "W"
        for reason in (None, "", "    ", "why", 17, ["a", "b"]):
            with self.subTest(reason=reason), self.assertRaises(ReasonRequired) as no:
                test.with_context(qms_reason=reason).write(
                    {"decimals": 3, "name": "Mass"}
                )
            self.env.invalidate_all()
        self.assertEqual(
            str(no.exception),
            "Say why, in at least 5 characters: a reason for change is mandatory for"
            " [W] Mass (Decimals, Name).\n"
            "Nothing was changed. The web client asks for the reason; other programs"
            " give it in the context, as qms_reason.",
        )

    def test_what_stays_the_same_needs_no_reason(self):
        self._make_rule("qms.test")
        self.weight.with_user(self.manager).write({"decimals": 2, "name": "Weight"})

    def test_the_reason_is_kept(self):
        self._make_rule("qms.test", "decimals")
        test = self.weight.with_user(self.manager).with_context(qms_reason=WHY)
        test.decimals = 3
        self.assertEqual(self._get_reasons(test)[-1], WHY)

    def test_creating_and_deleting(self):
        for kind in ("create", "delete"):
            self._make_rule("qms.test", kind=kind)
        tests = self.env["qms.test"].with_user(self.manager)
        with self.assertRaises(ReasonRequired), self.env.cr.savepoint():
            tests.create({"name": "New", "code": "N"})
        test = tests.with_context(qms_reason=WHY).create({"name": "New", "code": "N"})
        test = test.with_env(tests.env)
        with self.assertRaises(ReasonRequired), self.env.cr.savepoint():
            test.unlink()
        test.with_context(qms_reason=WHY).unlink()
        self.assertEqual(self._get_reasons(test), [WHY, WHY])

    def test_actions(self):
        self._make_rule("qms.quality.order", kind="action", event="cancel")
        order = self._receive_order().with_user(self.manager)
        with self.assertRaises(ReasonRequired), self.env.cr.savepoint():
            order.action_cancel()
        self.assertEqual(order.state, "draft")
        order.with_context(qms_reason=WHY).action_cancel()
        self.assertEqual(order.state, "cancelled")
        self.assertIn(WHY, self._get_reasons(order))

    def test_what_actions_write_has_its_own_reason(self):
        self._make_rule("qms.quality.order")
        self._make_rule("qms.hold")
        order = self._receive_order()
        self._fill(order)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.state, "validated")

    def test_a_rule_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        rule = self._make_rule("qms.test", "decimals")
        rule.sudo().company_id = company
        self.weight.with_user(self.manager).decimals = 3
        self.weight.company_id = company
        with self.assertRaises(ReasonRequired):
            self.weight.decimals = 4

    def test_import(self):
        self._make_rule("qms.test", "decimals")
        xmlid = self.weight._BaseModel__ensure_xml_id()
        name = dict([(r.id, x) for r, x in xmlid])[self.weight.id]
        rows = [[name, "5"]]
        tests = self.env["qms.test"].with_user(self.manager)
        answer = tests.load(["id", "decimals"], rows)
        self.assertFalse(answer["ids"])
        self.assertIn(
            "a reason for change is mandatory", answer["messages"][0]["message"]
        )
        self.assertEqual(self.weight.decimals, 2)
        answer = tests.with_context(qms_reason=WHY).load(["id", "decimals"], rows)
        self.assertTrue(answer["ids"])
        self.assertEqual(self.weight.decimals, 5)

    def test_import_with_a_column_of_reasons(self):
        self._make_rule("qms.test", "decimals")
        self._make_rule("qms.test", kind="create")
        tests = self.env["qms.test"].with_user(self.manager)
        names = dict(self.weight._BaseModel__ensure_xml_id())
        xmlid = next(name for record, name in names.items() if record == self.weight)
        columns = ["id", "name", "code", "decimals", "qms_reason"]
        other = "From the new method sheet"
        rows = [
            [xmlid, "Weight", self.weight.code, "5", WHY],
            ["__import__.density", "Density", "DENS", "3", other],
        ]
        answer = tests.load(columns, rows)
        self.assertFalse(answer["messages"])
        self.assertEqual(self.weight.decimals, 5)
        density = tests.browse(answer["ids"][1])
        self.assertIn(WHY, self._get_reasons(self.weight))
        self.assertEqual(set(self._get_reasons(density)), {other})
        rows[0][3], rows[0][4] = "4", ""
        answer = tests.load(columns, rows[:1])
        self.assertIn(
            "a reason for change is mandatory", answer["messages"][0]["message"]
        )
        self.assertEqual(self.weight.decimals, 5)

    def test_the_column_of_reasons_can_be_imported(self):
        screen = self.env["base_import.import"].with_user(self.manager)
        fields = {field["name"] for field in screen.get_fields_tree("qms.test")}
        self.assertIn("qms_reason", fields)

    def test_who_keeps_the_rules(self):
        rule = self._make_rule("qms.test", "decimals")
        for user in (self.manager, self.inspector):
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"active": False})
            with self.assertRaises(AccessError):
                rule.with_user(user).unlink()

    def test_rules_that_make_no_sense(self):
        rules = self.env["qms.reason.rule"]
        test, model = self.env["ir.model"]._get("qms.test"), self.env["ir.model"]
        for vals, message in (
            (
                {"model_id": model._get("res.country").id},
                "Country: Changing: changes of this kind of record aren't followed.",
            ),
            (
                {"model_id": test.id, "kind": "action"},
                "Quality Test: Action: choose the action.",
            ),
            (
                {
                    "model_id": test.id,
                    "field_ids": self.env["ir.model.fields"]
                    ._get("qms.test", "write_date")
                    .ids,
                },
                "Quality Test: Changing: these fields aren't followed:"
                " Last Updated on.",
            ),
        ):
            with self.assertRaises(ValidationError) as error:
                rules.create(vals)
            self.assertEqual(str(error.exception), message)

    def test_rule_switched_off(self):
        rule = self._make_rule("qms.test", "decimals")
        rule.active = False
        self.weight.with_user(self.manager).decimals = 3

    def test_the_form_asks(self):
        self._make_rule("qms.test", "decimals")
        self.manager.password = "qms_manager"
        self.start_tour(
            f"/odoo/action-qms_quality.action_qms_test/{self.weight.id}",
            "qms_quality_reason",
            login="qms_manager",
        )
        self.assertEqual(self.weight.decimals, 4)
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", "qms.test"), ("res_id", "=", self.weight.id)], limit=1
        )
        self.assertEqual((entry.reason, entry.channel), (WHY, "web"))
        self.assertEqual(entry.user_id, self.manager)
