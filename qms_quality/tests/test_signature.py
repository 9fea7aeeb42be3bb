from unittest import skipUnless

from psycopg2.errors import CheckViolation, InsufficientPrivilege

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger
from odoo.tools.misc import find_in_path

from odoo.addons.qms_quality.models.evidence.signature_slot import match
from odoo.addons.qms_quality.models.sentinel import trusted

from .common import INSPECTOR, MANAGER
from .signing_case import COMPLIANCE, RELEASE, VALIDATE, SigningCase


def _has_wkhtmltopdf():
    try:
        return bool(find_in_path("wkhtmltopdf"))
    except OSError:
        return False


@tagged("post_install", "-at_install")
class TestSignature(SigningCase):
    """What a signature allows, once, and what it shows ever after."""

    # -- Rules -------------------------------------------------------------------------

    def test_nothing_is_signed_without_a_rule(self):
        order = self._ready_order()
        self.assertFalse(order.with_user(self.inspector).action_validate())
        self.assertEqual(order.state, "validated")
        self.assertFalse(self._signatures(order))

    def test_unguarded_actions_cost_no_query(self):
        order = self._ready_order().with_user(self.inspector)
        signatures = order.env["qms.signature"]
        signatures._get_unsigned(order, "validate", {})
        with self.assertQueryCount(0):
            self.assertFalse(signatures._get_unsigned(order, "validate", {}))
            signatures._spend(order, "validate", {})

    def test_rule_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.officer.company_ids += other
        self._rule(company_id=other.id)
        order = self._ready_order()
        self.assertFalse(order.with_user(self.inspector).action_validate())
        self.assertEqual(order.state, "validated")

    def test_only_the_compliance_officer_keeps_rules(self):
        rule = self._rule()
        vals = {"guarded": VALIDATE, "group_id": self.env.ref(INSPECTOR).id}
        for user in (self.clerk, self.inspector, self.manager):
            with self.subTest(user.login):
                rules = self.env["qms.signature.rule"].with_user(user)
                with self.assertRaises(AccessError):
                    rules.create(vals)
                with self.assertRaises(AccessError):
                    rule.with_user(user).active = False
                with self.assertRaises(AccessError):
                    rule.with_user(user).unlink()
        rule.active = False
        rule.with_user(self.officer).unlink()

    def test_rule_counts_signatures(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self._rule(signature_count=0)

    def test_rule_of_an_empty_group(self):
        group = self.env["res.groups"].create({"name": "Nobody"})
        rules = self.env["qms.signature.rule"]
        with self.assertRaisesRegex(
            ValidationError, "Nobody is in the group Nobody: nobody could sign."
        ):
            rules.create({"guarded": VALIDATE, "group_id": group.id})

    def test_guarded_actions_are_those_of_all_models(self):
        labels = dict(self.env["qms.signature.rule"]._selection_guarded())
        self.assertEqual(labels[VALIDATE], "Quality Order: Validate a quality order")
        self.assertEqual(labels[RELEASE], "Quality Hold: Release a hold")

    def test_regulated_fills_the_rules(self):
        self.assertFalse(self.env["qms.signature.rule"].search([]))
        self.env["qms.starting.point"]._switch_on("regulated")
        # what other addons add about their own actions is theirs to test
        rules = self.env["qms.signature.rule"].search(
            [("guarded", "not like", "qms.tracked.product:")]
        )
        self.assertEqual(
            {(rule.guarded, rule.group_id, rule.signature_count) for rule in rules},
            {
                (VALIDATE, self.env.ref(INSPECTOR), 1),
                (RELEASE, self.env.ref(MANAGER), 1),
            },
        )

    # -- Signing -----------------------------------------------------------------------

    def test_validating_takes_a_signature(self):
        self._rule()
        order = self._ready_order()
        wizard = self._open_dialog(order, self.inspector)
        self.assertEqual(order.state, "open")
        self.assertIn("Weight", wizard.content_html)
        self.assertIn("5", wizard.content_html)
        self.assertEqual(wizard.title, order.name)
        wizard.comment = "Looked at twice"
        self.inspector.partner_id.function = "Laboratory"
        wizard.action_sign(self._credential(self.inspector))
        self.assertEqual(order.state, "validated")
        signature = self._signatures(order)
        self.assertRecordValues(
            signature,
            [
                {
                    "user_id": self.inspector.id,
                    "user_name": self.inspector.name,
                    "user_title": "Laboratory",
                    "meaning": "Reviewed",
                    "comment": "Looked at twice",
                    "action_label": "Validate a quality order",
                    "method": "password",
                    "company_id": order.company_id.id,
                    "is_spent": True,
                    "state": "valid",
                }
            ],
        )
        self.assertIn(["Number", order.name], signature.content)
        entry = self.env["qms.audit.entry"].search(
            [("res_model", "=", order._name), ("res_id", "=", order.id)]
        )
        signed = entry.filtered(
            lambda one: one.event == "sign" and signature.content_hash in one.new_value
        )
        self.assertEqual(signed.user_id, self.inspector)
        self.assertIn(signature.content_hash, signed.new_value)
        self.assertEqual(signed.reason, "Looked at twice")

    def test_the_printed_name_stays(self):
        self._rule()
        order = self._ready_order()
        name = self.inspector.name
        self._sign(order, self.inspector)
        self.inspector.name = "Married"
        self.assertEqual(self._signatures(order).user_name, name)
        self.assertEqual(self._signatures(order).state, "valid")

    def test_a_token_is_spent(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        order.with_user(self.manager).action_reopen()
        again = order.with_user(self.inspector).action_validate()
        self.assertEqual(again["res_model"], "qms.signature.wizard")
        self.assertNotEqual(order.state, "validated")

    def test_a_token_is_good_for_its_record_only(self):
        self._rule(signature_count=2)
        first, second = self._ready_order("S-1"), self._ready_order("S-2")
        self._sign(first, self.inspector)
        signatures = self.env["qms.signature"]
        self.assertEqual(len(signatures._get_missing(first, "validate", {})), 1)
        self.assertEqual(len(signatures._get_missing(second, "validate", {})), 2)

    def test_other_arguments_are_another_content(self):
        self._rule(RELEASE, MANAGER, signature_count=2)
        hold = self._hold(lot=self._make_lot("S-3"))
        self._sign(hold, self.manager, "release", reason="Tested")
        missing = self.env["qms.signature"]._get_missing
        self.assertEqual(len(missing(hold, "release", {"reason": "Tested"})), 1)
        self.assertEqual(len(missing(hold, "release", {"reason": "Sold"})), 2)

    def test_changed_readings_break_it(self):
        self._rule(signature_count=2)
        order = self._ready_order()
        self._sign(order, self.inspector)
        signature = self._signatures(order)
        self.assertEqual(signature.state, "valid")
        weight = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weight.with_user(self.inspector).value = 5.5
        signature.invalidate_recordset()
        self.assertEqual(signature.state, "broken")
        # the second one doesn't find the first
        self._sign(order, self.manager)
        self.assertEqual(order.state, "open")
        self.assertEqual(len(self._signatures(order)), 2)

    def test_an_attachment_breaks_it(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        signature = self._signatures(order)
        self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": order._name, "res_id": order.id}
        )
        signature.invalidate_recordset()
        self.assertEqual(signature.state, "broken")
        self.assertTrue(signature.exists())

    def test_what_is_signed_is_what_was_shown(self):
        self._rule()
        order = self._ready_order()
        wizard = self._open_dialog(order, self.inspector)
        weight = order.result_ids.filtered(lambda one: one.test_id == self.weight)
        weight.with_user(self.inspector).value = 5.5
        with self.assertRaisesRegex(
            UserError, f"What you were shown has changed meanwhile: {order.name}."
        ):
            wizard.action_sign(self._credential(self.inspector))
        self.assertFalse(self._signatures(order))

    def test_many_at_once(self):
        self._rule()
        orders = self._ready_order("S-1") | self._ready_order("S-2")
        wizard = self._open_dialog(orders, self.inspector)
        for order in orders:
            self.assertIn(order.name, wizard.content_html)
        wizard.action_sign(self._credential(self.inspector))
        self.assertEqual(set(orders.mapped("state")), {"validated"})
        for order in orders:
            self.assertEqual(len(self._signatures(order)), 1)

    def test_meaning_and_comment(self):
        self._rule(meaning_ids=[(6, 0, self.approved.ids)], comment_required=True)
        order = self._ready_order()
        wizard = self._open_dialog(order, self.inspector)
        self.assertEqual(wizard.meaning_id, self.approved)
        self.assertEqual(wizard.allowed_meaning_ids, self.approved)
        credential = self._credential(self.inspector)
        with self.assertRaisesRegex(UserError, "Enter a comment"):
            wizard.action_sign(credential)
        wizard.comment = "Seen"
        wizard.meaning_id = self.reviewed
        with self.assertRaisesRegex(
            UserError, f"A signature on {order.name} can't mean “Reviewed”."
        ):
            wizard.action_sign(credential)
        wizard.meaning_id = self.approved
        wizard.action_sign(credential)
        self.assertEqual(order.state, "validated")

    # -- Several people ----------------------------------------------------------------

    def test_two_slots_take_two_people(self):
        self._rule(RELEASE, MANAGER, signature_count=2)
        hold = self._hold(lot=self._make_lot("S-4"))
        self._sign(hold, self.manager, "release", reason="Tested", comment=False)
        self.assertEqual(hold.state, "open")
        self.assertEqual(
            hold.qms_signing_text,
            f"Release a hold: signed by {self.manager.name}, waiting for"
            " 1 more of Quality manager",
        )
        self.assertFalse(hold.with_user(self.manager).qms_can_sign)
        with self.assertRaisesRegex(UserError, "There is nothing for you to sign"):
            hold.with_user(self.manager).action_qms_sign()
        # the same one again: told whom it waits for, not asked
        again = hold.with_user(self.manager)._qms_guarded(
            "release", reason="Tested", comment=False
        )
        self.assertEqual(again["tag"], "display_notification")
        self.assertEqual(len(self._signatures(hold)), 1)

        self.assertTrue(hold.with_user(self.second).qms_can_sign)
        self.assertIn(self.second, hold.activity_ids.user_id)
        opened = hold.with_user(self.second).action_qms_sign()
        wizard = self._dialog(opened, self.second)
        self.assertIn("Tested", wizard.content_html)
        wizard.action_sign(self._credential(self.second))
        hold.invalidate_recordset()
        self.assertEqual((hold.state, hold.release_reason), ("released", "Tested"))
        self.assertEqual(hold.released_by_id, self.second)
        self.assertFalse(hold.qms_signing_text)
        self.assertFalse(hold.activity_ids)
        self.assertTrue(all(self._signatures(hold).mapped("is_spent")))

    def test_rules_add_up(self):
        self._rule()
        self._rule(group=COMPLIANCE)
        order = self._ready_order()
        self._sign(order, self.inspector)
        self.assertEqual(order.state, "open")
        opened = order.with_user(self.officer).action_qms_sign()
        self._dialog(opened, self.officer).action_sign(self._credential(self.officer))
        order.invalidate_recordset()
        # he may sign but not validate: who asked is told, and runs it
        self.assertEqual(order.state, "open")
        activity = order.activity_ids.filtered("summary")
        self.assertIn(self.inspector, activity.user_id)
        order.with_user(self.inspector).action_validate()
        self.assertEqual(order.state, "validated")

    def test_one_without_the_group_asks_others(self):
        self._rule(group=MANAGER)
        order = self._ready_order()
        answer = order.with_user(self.inspector).action_validate()
        self.assertEqual(answer["tag"], "display_notification")
        self.assertEqual(
            answer["params"]["message"],
            f"{order.name}: Validate a quality order: to be signed by"
            " 1 of Quality manager",
        )
        request = self.env["qms.signature.request"].with_user(self.manager)
        request = request.search([("can_sign", "=", True), ("res_id", "=", order.id)])
        self.assertEqual(request.record_name, order.name)
        opened = request.action_sign()
        self._dialog(opened, self.manager).action_sign(self._credential(self.manager))
        order.invalidate_recordset()
        self.assertEqual(order.state, "validated")
        self.assertFalse(request.exists())

    def test_who_left_the_group_does_not_count(self):
        self._rule(RELEASE, MANAGER, signature_count=2)
        hold = self._hold(lot=self._make_lot("S-5"))
        self._sign(hold, self.manager, "release", reason="Tested")
        self.manager.group_ids -= self.env.ref(MANAGER)
        missing = self.env["qms.signature"]._get_missing
        self.assertEqual(len(missing(hold, "release", {"reason": "Tested"})), 2)

    def test_people_are_given_the_slots_that_suit(self):
        self.assertEqual(len(match([1, 2], {"a": {0, 1}, "b": {0}})), 2)
        self.assertEqual(len(match([1, 2], {"a": {0, 1}})), 1)
        self.assertEqual(len(match([1, 2, 3], {"a": {0}, "b": {0, 1}, "c": {1, 2}})), 3)

    def test_released_by_an_order_awaits_its_signature(self):
        self._rule(RELEASE, MANAGER)
        order = self._ready_order()
        order.with_user(self.inspector).action_validate()
        hold = self.env["qms.hold"]._search_open(order._name, order.ids)
        self.assertEqual(hold.state, "open")
        self.assertTrue(hold.with_user(self.manager).qms_can_sign)
        opened = hold.with_user(self.manager).action_qms_sign()
        self._dialog(opened, self.manager).action_sign(self._credential(self.manager))
        hold.invalidate_recordset()
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.release_reason, "Inspection passed")

    # -- Nobody writes one -------------------------------------------------------------

    def test_the_database_refuses(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        self.env.flush_all()
        for query in (
            "UPDATE qms_signature SET user_name = 'Somebody'",
            "UPDATE qms_signature SET is_spent = FALSE",
            "UPDATE qms_signature SET is_spent = TRUE, meaning = 'x'",
            "DELETE FROM qms_signature",
            "TRUNCATE qms_signature",
        ):
            with (
                self.subTest(query),
                mute_logger("odoo.sql_db"),
                self.assertRaises(InsufficientPrivilege),
                self.cr.savepoint(),
            ):
                self.env.cr.execute(query)

    def test_the_superuser_writes_none(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        signature = self._signatures(order)
        vals = signature.copy_data()[0]
        with self.assertRaises(AccessError):
            signature.create(vals)
        with self.assertRaises(AccessError):
            signature.is_spent = False
        with self.assertRaises(AccessError):
            trusted(signature).write({"meaning": "x"})
        with self.assertRaises(AccessError):
            trusted(signature).unlink()
        with self.assertRaises(AccessError):
            self.env["qms.signature.wizard"].create({"res_model": "qms.hold"})
        with self.assertRaises(AccessError):
            self.env["qms.signature.request"].create({"res_model": "qms.hold"})

    def test_the_dialog_shows_only_what_the_system_wrote(self):
        self._rule()
        wizard = self._open_dialog(self._ready_order(), self.inspector)
        for name, value in (("shown", []), ("action", "x"), ("arguments", {})):
            with self.assertRaises(AccessError):
                wizard.write({name: value})
        with self.assertRaises(AccessError):
            wizard.with_user(self.manager).action_sign(self._credential(self.manager))

    # -- Printing ----------------------------------------------------------------------

    def _print(self, order):
        report = self.env.ref("qms_quality.action_report_quality_order")
        html, _kind = report.with_user(self.inspector)._render_qweb_html(
            report.report_name, order.ids
        )
        return html.decode()

    def test_printed_with_name_time_zone_and_meaning(self):
        self._rule()
        order = self._ready_order()
        self.inspector.tz = "Europe/Berlin"
        self._sign(order, self.inspector)
        html = self._print(order)
        for text in (
            order.name,
            "Weight",
            self.inspector.name,
            "(Europe/Berlin)",
            "Reviewed",
            "Valid",
        ):
            self.assertIn(text, html)
        self.assertNotIn("Broken", html)
        self.env["ir.attachment"].create(
            {"name": "a.txt", "raw": b"x", "res_model": order._name, "res_id": order.id}
        )
        self.env.invalidate_all()
        self.assertIn("Broken: the content has changed since", self._print(order))

    def test_date_text(self):
        signature = self.env["qms.signature"].new(
            {"date": fields.Datetime.to_datetime("2026-07-01 10:00:00")}
        )
        text = signature.with_context(tz="Europe/Berlin")._get_date_text()
        self.assertEqual(text, "01 Jul 2026 12:00:00 (Europe/Berlin)")

    @skipUnless(_has_wkhtmltopdf(), "needs wkhtmltopdf")
    def test_pdf(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        report = self.env.ref("qms_quality.action_report_quality_order")
        pdf, kind = report.with_context(force_report_rendering=True)._render_qweb_pdf(
            report.report_name, order.ids
        )
        self.assertEqual((pdf[:4], kind), (b"%PDF", "pdf"))
