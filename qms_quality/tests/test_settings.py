from odoo.exceptions import AccessError
from odoo.service.model import call_kw
from odoo.tests import Form, tagged

from odoo.addons.qms_quality.models.settings.starting_point import STARTING_POINTS

from .common import QmsCase

MODELS = (
    "qms.test",
    "qms.test.group",
    "qms.test.group.line",
    "qms.quality.association",
    "qms.status.rule",
)


@tagged("post_install", "-at_install")
class TestSettings(QmsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Settings = cls.env["res.config.settings"]
        # rules of the demo data would mix with those of the starting points
        for model in ("qms.quality.association", "qms.status.rule"):
            cls.env[model].search([]).active = False

    def _count(self):
        return [
            self.env[model].with_context(active_test=False).search_count([])
            for model in MODELS
        ]

    def _switch_on(self, name, user=None):
        """Press the button as the web client does."""
        settings = self.Settings.with_user(user or self.env.user)
        return call_kw(settings, f"action_qms_start_{name}", [[]], {})

    def _receive(self, name):
        picking = self._picking("incoming", 5)
        picking.action_confirm()
        picking.move_ids.move_line_ids.lot_name = name
        picking.move_ids.picked = True
        picking.button_validate()
        return picking.move_ids.move_line_ids.lot_id

    def test_fresh_database_holds_nothing(self):
        self.assertEqual(self._receive("L-0").inspection_status_id, self.available)

    def test_receiving_inspection(self):
        action = self._switch_on("receiving")
        self.assertEqual(
            action["params"]["message"],
            "Receiving inspection is switched on. Adjust its rules to your goods.",
        )
        lot = self._receive("L-1")
        self.assertEqual(lot.inspection_status_id, self.under_inspection)
        order = self.env["qms.quality.order"].search([("lot_ids", "in", lot.ids)])
        self.assertEqual(
            order.test_ids.mapped("name"),
            ["Packaging is whole and clean", "Papers and labels agree with the goods"],
        )

    def test_each_is_idempotent(self):
        for name in STARTING_POINTS:
            with self.subTest(name):
                self._switch_on(name)
                count = self._count()
                self._switch_on(name)
                self.assertEqual(self._count(), count)
                self.assertTrue(self.env["qms.starting.point"]._is_on(name))

    def test_they_add_up(self):
        self._switch_on("receiving")
        self.assertFalse(self.env["qms.starting.point"]._is_on("food"))
        for name in ("food", "regulated"):
            self._switch_on(name)
        rules = self.env["qms.status.rule"].search([])
        self.assertEqual(
            sorted(rules.mapped("arrival")), ["count", "customer_return", "unbuild"]
        )
        self.assertEqual(rules.status_id, self.on_hold)
        associations = self.env["qms.quality.association"].search([])
        self.assertEqual(sorted(associations.mapped("event")), ["output", "receipt"])
        self.assertEqual(
            sorted(associations.test_group_id.mapped("test_count")), [2, 4]
        )

    def test_restores_what_was_switched_off_and_keeps_what_was_changed(self):
        self._switch_on("regulated")
        associations = self.env["qms.quality.association"].search([])
        associations.active = False
        associations[0].name = "Milk only"
        rules = self.env["qms.status.rule"].search([])
        rules[0].unlink()
        self.assertFalse(self.env["qms.starting.point"]._is_on("regulated"))
        self._switch_on("regulated")
        self.assertTrue(all(associations.mapped("active")))
        self.assertEqual(associations[0].name, "Milk only")
        self.assertEqual(self.env["qms.status.rule"].search_count([]), len(rules))

    def test_each_company_has_its_own(self):
        company = self.env["res.company"].create({"name": "Second"})
        self._switch_on("receiving")
        points = self.env["qms.starting.point"].with_company(company)
        self.assertFalse(points._is_on("receiving"))
        points._switch_on("receiving")
        self.assertEqual(points._find("association_receipt").company_id, company)
        self.assertEqual(points._find("rule_return").company_id, company)

    def test_only_those_who_may_make_rules(self):
        for user in (self.clerk, self.inspector):
            with self.assertRaises(AccessError):
                self._switch_on("receiving", user)
        self._switch_on("receiving", self.manager)

    def test_regulated_takes_a_compliance_officer(self):
        before = self._count()
        with self.assertRaises(AccessError) as refusal:
            self._switch_on("regulated", self.manager)
        self.assertEqual(
            str(refusal.exception),
            "Only members of the group Quality Compliance / Compliance officer can do"
            " this.",
        )
        self.assertEqual(self._count(), before, "it is refused before it begins")
        self.manager.group_ids |= self.env.ref("qms_quality.group_compliance_officer")
        self._switch_on("regulated", self.manager)
        points = self.env["qms.starting.point"]
        self.assertTrue(points._is_on("regulated"))

    def test_regulated_asks_for_agreement_to_capas_and_complaints(self):
        self._switch_on("regulated")
        rules = self.env["qms.approval.rule"].search([("res_model", "=", "qms.capa")])
        groups = {rule.action: rule.step_ids.group_id for rule in rules}
        self.assertEqual(
            groups,
            {
                "plan": self.env.ref("qms_quality.group_quality_manager"),
                "close": self.env.ref("qms_quality.group_compliance_officer"),
            },
        )
        self.assertTrue(all(rules.step_ids.mapped("needs_signature")))
        self.assertTrue(self.company.qms_complaint_reportable)

    def test_partly_on_says_what_is_missing_and_adds_it(self):
        """As in a database where Regulated was switched on before some of its rules."""
        points = self.env["qms.starting.point"]
        self.assertEqual(points._get_missing("regulated"), [])
        self._switch_on("regulated")
        kept = self.env["qms.approval.rule"].search([("name", "=", "Dispositions")])
        kept.name = "What becomes of goods"
        for key in ("approve_capa_plan", "approve_capa_close"):
            points._find(key).unlink()
        self.company.qms_complaint_reportable = False
        with Form(self.Settings) as form:
            self.assertFalse(form.qms_start_regulated)
            self.assertEqual(
                form.qms_missing_regulated,
                "End of a CAPA; Plan of a CAPA;"
                " Decide whether Complaints are Reportable",
            )
            self.assertTrue(form.qms_start_dispositions)
            self.assertFalse(form.qms_missing_dispositions)
            self.assertFalse(form.qms_start_capas)
            self.assertFalse(form.qms_missing_capas, "nothing of it is there")
        self._switch_on("regulated")
        self.assertTrue(points._is_on("regulated"))
        self.assertEqual(points._get_missing("regulated"), [])
        self.assertEqual(kept.name, "What becomes of goods")

    def test_another_starting_point_is_no_part_of_it(self):
        points = self.env["qms.starting.point"]
        for name in ("receiving", "food", "dispositions", "capas"):
            self._switch_on(name)
        self.company.qms_complaint_reportable = True
        self.assertFalse(points._is_on("regulated"))
        self.assertEqual(points._get_missing("regulated"), [], "it was never pressed")

    def test_each_missing_thing_has_a_name(self):
        points = self.env["qms.starting.point"]
        for name in STARTING_POINTS:
            self._switch_on(name)
        definitions = points._prepare_records()
        for name, keys in STARTING_POINTS.items():
            labels = [points._get_label(key, definitions) for key in keys]
            self.assertTrue(all(labels), (name, labels))
        rule = points._find("rule_unbuild")
        rule.active = False
        self.assertEqual(points._get_missing("regulated"), ["Unbuild"])

    def test_lost_reservation_switch(self):
        lot = self._make_lot("L-7")
        self._stock_up(5, lot)
        picking = self._picking("outgoing", 5, user_id=self.clerk.id)
        picking.action_confirm()
        picking.action_assign()
        with Form(self.Settings) as settings:
            settings.qms_notify_lost_reservation = False
        settings.save().execute()
        hold = self._hold(lot=lot)
        self.assertFalse(hold.activity_ids)
        hold._release("Test")
        self.company.qms_notify_lost_reservation = True
        self.assertEqual(self._hold(lot=lot).activity_ids.user_id, self.clerk)
