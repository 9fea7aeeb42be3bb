from datetime import timedelta

from lxml import etree
from lxml.html import fromstring

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged
from odoo.tools import format_datetime

from .common import MANAGER
from .common_approval import VALIDATE, ApprovalCase


@tagged("post_install", "-at_install")
class TestApproval(ApprovalCase):
    """Asking, agreeing, refusing: by the buttons people press."""

    def test_nothing_needs_approval_until_a_rule_says_so(self):
        hold = self._make_hold()
        self._press_release(hold)
        self.assertEqual(hold.state, "released")
        self.assertFalse(self.env["qms.approval"].search_count([]))

    def test_release_waits_and_is_done_when_another_agrees(self):
        self._make_rule()
        hold = self._make_hold()
        message = self._press_release(hold)["params"]["message"]
        self.assertEqual(
            message,
            f"{hold.display_name} waits for Quality / Quality manager (Agree).",
        )
        self.assertEqual(hold.state, "open")
        request = self._get_request(hold)
        self.assertEqual(request.requester_id, self.manager)
        self.assertIn(self.second, self._get_asked(request))
        self.assertNotIn(self.manager, self._get_asked(request))
        self._approve(request, self.second)
        self.assertEqual(request.state, "used")
        self.assertFalse(request.activity_ids)
        self.assertEqual(hold.state, "released")
        self.assertEqual(hold.released_by_id, self.manager)
        self.assertEqual(hold.release_comment, "Checked")

    def test_nobody_approves_what_he_asked_for(self):
        self._make_rule()
        admin = self.env.ref("base.user_admin")
        for user in (self.manager, admin):
            request = self._ask_release(self._make_hold(user.login), user)
            with self.assertRaises(AccessError) as refusal:
                self._approve(request, user)
            self.assertEqual(
                str(refusal.exception),
                f"You can't decide this:\n- {request.name}: you asked for it, so"
                " somebody else must agree.",
            )
            self.assertEqual(request.state, "pending")
            # the superuser is nobody, and sudo is no right
            for other in (request.sudo(), request.with_user(user).sudo()):
                with self.assertRaises(AccessError):
                    other.action_approve()

    def test_only_who_is_asked_decides(self):
        self._make_rule(self.boss)
        request = self._ask_release()
        for user in (self.second, self.officer, self.inspector):
            with self.assertRaises(AccessError):
                self._approve(request, user)
            with self.assertRaises(AccessError):
                request.with_user(user).action_reject()
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")

    def test_approver_without_any_rights_sees_what_is_asked(self):
        self._make_rule(self.boss)
        request = self._ask_release()
        hold = self.env["qms.hold"].browse(request.res_id)
        with self.assertRaises(AccessError):
            hold.with_user(self.boss).read(["name"])
        mine = self.env["qms.approval"].with_user(self.boss)
        found = mine.search([("waits_for_me", "=", True)])
        self.assertEqual(found.ids, request.ids)
        self.assertTrue(found.content_text.startswith(f"Milk · {hold.lot_id.name} · "))
        self.assertTrue(found.content_text.endswith(" · Checked"))
        self.assertIn("Comment on release", found.content_info)
        other = self._make_user("qms_stranger")
        self.assertFalse(mine.with_user(other).search([]))
        for user, count in ((self.manager, 1), (self.officer, 1), (self.clerk, 0)):
            self.assertEqual(mine.with_user(user).search_count([]), count)

    def test_steps_in_order_each_with_its_number(self):
        third = self._make_user("qms_third", MANAGER)
        self._make_rule({"name": "Quality", "required_count": 2}, self.boss)
        request = self._ask_release()
        with self.assertRaises(AccessError) as refusal:
            self._approve(request, self.boss)
        self.assertIn(
            "Quality is for 2 of Quality / Quality manager.", str(refusal.exception)
        )
        self._approve(request, self.second)
        with self.assertRaises(AccessError) as refusal:
            self._approve(request, self.second)
        self.assertIn("you have decided on it already.", str(refusal.exception))
        self.assertNotIn(self.second, self._get_asked(request))
        self.assertIn(third, self._get_asked(request))
        self._approve(request, third)
        self.assertEqual(request.step_id.name, self.boss.name)
        self.assertEqual(self._get_asked(request), self.boss)
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")
        self.assertEqual(request.vote_ids.user_id, self.second | third | self.boss)

    def test_one_person_in_two_steps_only_where_the_rule_allows_it(self):
        rule = self._make_rule(self.second, self.second)
        request = self._ask_release()
        self._approve(request, self.second)
        self.assertTrue(request.step_id.is_fallback)
        with self.assertRaises(AccessError):
            self._approve(request, self.second)
        self._approve(request, self.officer)
        self.assertEqual(request.state, "used")
        rule.allow_repeat = True
        request = self._ask_release(self._make_hold("A-2"))
        self._approve(request, self.second, self.second)
        self.assertEqual(request.state, "used")

    def test_rejection_ends_it_and_says_why(self):
        self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        with self.assertRaises(UserError) as refusal:
            self._reject(request, self.second, " ")
        self.assertEqual(str(refusal.exception), "Say why you reject it.")
        self._reject(request, self.second, "Not yet cooled")
        self.assertEqual(request.state, "rejected")
        self.assertEqual(hold.state, "open")
        self.assertEqual(self._get_asked(request), self.manager)
        self.assertEqual(request.activity_ids.summary, "Approval rejected")
        self.assertIn("Not yet cooled", request.activity_ids.note)
        self.assertIn("Not yet cooled", hold.message_ids[0].body)
        with self.assertRaises(UserError) as refusal:
            self._approve(request, self.second)
        self.assertEqual(
            str(refusal.exception),
            f"Nothing is left to decide here: {request.name} (Rejected).",
        )
        # asking again makes a new request
        self.assertTrue(self._ask_release(hold))

    def test_who_asked_withdraws(self):
        self._make_rule()
        request = self._ask_release()
        with self.assertRaises(AccessError) as refusal:
            request.with_user(self.second).action_withdraw()
        self.assertEqual(
            str(refusal.exception),
            f"Only who asked can withdraw: {request.name} (qms_manager).".replace(
                "qms_manager", self.manager.name
            ),
        )
        request.with_user(self.manager).action_withdraw()
        self.assertEqual(request.state, "withdrawn")
        self.assertFalse(request.activity_ids)

    def test_passing_on_to_a_named_person(self):
        self._make_rule(self.second)
        request = self._ask_release()
        for user in (self.manager, self.second, self.env.ref("base.user_root")):
            with self.assertRaises(UserError):
                self._delegate(request, self.second, user)
        self._delegate(request, self.second, self.boss)
        self.assertEqual(self._get_asked(request), self.boss)
        with self.assertRaises(AccessError):
            self._approve(request, self.second)
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")
        self.assertEqual(
            request.vote_ids.mapped(lambda vote: vote._get_text()),
            [
                f"{self.second.name} passed it on to {self.boss.name}",
                f"{self.boss.name} in place of {self.second.name}",
            ],
        )

    def test_substitute_decides_in_ones_place(self):
        self._make_rule(self.second)
        today = fields.Date.today()
        period = self.env["qms.approval.substitute"].with_user(self.second)
        period = period.create({"substitute_id": self.boss.id, "date_to": today})
        request = self._ask_release()
        self.assertEqual(self._get_asked(request), self.second | self.boss)
        self._approve(request, self.boss)
        self.assertEqual(request.vote_ids.on_behalf_id, self.second)
        # a past absence gives no right
        period.date_from = period.date_to = today - timedelta(days=1)
        request = self._ask_release(self._make_hold("A-2"))
        with self.assertRaises(AccessError):
            self._approve(request, self.boss)

    def test_four_eyes_of_substitute_and_of_whom_he_stands_in_for(self):
        self._make_rule({"required_count": 1})
        substitutes = self.env["qms.approval.substitute"]
        until = {"date_to": fields.Date.today()}
        # nobody agrees to his own request, as another's substitute or by one
        substitutes.with_user(self.second).create(
            {"substitute_id": self.manager.id, **until}
        )
        substitutes.with_user(self.manager).create(
            {"substitute_id": self.boss.id, **until}
        )
        request = self._ask_release()
        for user in (self.manager, self.boss):
            with self.assertRaises(AccessError):
                self._approve(request, user)

    def test_everybody_names_his_own_substitute(self):
        admin = self.env.ref("base.user_admin")
        vals = {"substitute_id": admin.id, "date_to": fields.Date.today()}
        with self.assertRaises(AccessError):
            admin.env["qms.approval.substitute"].with_user(admin).create(
                {**vals, "user_id": self.second.id}
            )
        with self.assertRaises(AccessError):
            self.second.with_user(admin).qms_substitute_ids = [(0, 0, vals)]
        vals["substitute_id"] = self.boss.id
        self.second.with_user(self.second).write({"qms_substitute_ids": [(0, 0, vals)]})
        mine = self.second.qms_substitute_ids
        with self.assertRaises(AccessError):
            mine.with_user(admin).write({"substitute_id": admin.id})
        with self.assertRaises(AccessError):
            mine.with_user(self.second).user_id = self.boss

    def test_preferences_take_the_substitute(self):
        view = "base.view_users_form_simple_modif"
        with Form(self.boss.with_user(self.boss), view=view) as form:
            with form.qms_substitute_ids.new() as line:
                line.substitute_id = self.second
                line.date_to = fields.Date.today()
        self.assertEqual(self.boss.qms_substitute_ids.substitute_id, self.second)

    def test_whom_a_field_names(self):
        self.product.responsible_id = self.boss
        self._make_rule(
            {"approver": "field", "field_path": "product_id.responsible_id"}
        )
        request = self._ask_release()
        self.assertEqual(self._get_asked(request), self.boss)
        # a later change of the field changes nothing under way
        self.product.responsible_id = self.second
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")

    def test_the_plant_manager_of_the_warehouse(self):
        self.warehouse.qms_plant_manager_id = self.boss
        path = "location_id.warehouse_id.qms_plant_manager_id"
        self._make_rule({"approver": "field", "field_path": path})
        hold = self._hold(lot=self._make_lot("PLANT"), location=self.shelf)
        self._press_release(hold)
        self.assertEqual(self._get_asked(self._get_request(hold)), self.boss)

    def test_field_that_names_nobody_asks_the_officers(self):
        self.product.responsible_id = False
        self._make_rule(
            {"approver": "field", "field_path": "product_id.responsible_id"}
        )
        hold = self._make_hold()
        message = self._press_release(hold)["params"]["message"]
        self.assertIn(
            "Too few of those whom the rule names may decide, so the compliance"
            " officers are asked, too",
            message,
        )
        request = self._get_request(hold)
        self.assertIn(self.officer, self._get_asked(request))
        self._approve(request, self.officer)
        self.assertEqual(hold.state, "released")

    def test_rule_is_copied(self):
        rule = self._make_rule()
        request = self._ask_release()
        rule.step_ids.write({"approver": "user", "user_id": self.boss.id})
        self._approve(request, self.second)
        self.assertEqual(request.state, "used")

    def test_archived_rule_lets_go_and_closes_what_waits(self):
        rule = self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        rule.active = False
        self._press_release(hold)
        self.assertEqual(hold.state, "released")
        self.assertEqual(request.state, "void")
        self.assertEqual(request.close_reason, "It was done without this approval.")

    def test_filter_of_the_rule(self):
        self._make_rule(filter_domain=f"[('status_id', '=', {self.rejected.id})]")
        free, bound = self._make_hold("A-1"), self._make_hold("A-2", self.rejected)
        self._press_release(free | bound)
        self.assertEqual((free.state, bound.state), ("released", "open"))

    def test_filter_means_the_same_for_everybody(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.rejected.with_context(lang="fr_FR").name = "Refusé"
        self._make_rule(filter_domain="[('status_id.name', '=', 'Rejected')]")
        hold = self._make_hold("A-1", self.rejected)
        self.manager.lang = "fr_FR"
        self._ask_release(hold.with_context(lang="fr_FR", active_test=False))
        self.assertEqual(hold.state, "open")

    def test_rules_add_up(self):
        self._make_rule(self.second, name="One", sequence=2)
        self._make_rule(self.boss, name="Other", sequence=1)
        request = self._ask_release()
        self.assertEqual(request.step_ids.rule_id.mapped("name"), ["Other", "One"])

    def test_rules_must_make_sense(self):
        for vals in (
            {"filter_domain": "[('nothing', '=', 1)]"},
            {"filter_domain": "[("},
            {"filter_domain": "5"},
            {"filter_domain": "__import__('os')"},
        ):
            with self.subTest(vals), self.assertRaises(ValidationError):
                self._make_rule(**vals)
        for step in (
            {"approver": "user"},
            {"group_id": False},
            {"approver": "field", "field_path": "product_id"},
            {"approver": "field", "field_path": "nothing.user_id"},
            {"approver": "field"},
            {"required_count": 99},
            {"escalation_user_id": self.boss.id},
        ):
            with self.subTest(step), self.assertRaises(ValidationError):
                self._make_rule(step)
        with self.assertRaises(ValidationError):
            self.env["qms.approval.rule"].create({"name": "x", "guarded": VALIDATE})

    def test_escalation(self):
        self._make_rule({"escalation_days": 2, "escalation_user_id": self.boss.id})
        request = self._ask_release()
        with self.assertRaises(AccessError):
            self._approve(request, self.boss)
        self._run_escalation()
        self.assertFalse(request.step_id.is_escalated)
        self.env.cr.execute(
            "UPDATE qms_approval_step SET date_due = now() - interval '1 day';"
            "UPDATE qms_approval SET date_due = now() - interval '1 day'"
        )
        self.env.invalidate_all()
        self._run_escalation()
        self.assertTrue(request.step_id.is_escalated)
        self.assertIn(self.boss, self._get_asked(request))
        self._approve(request, self.boss)
        self.assertEqual(request.state, "used")

    def _run_escalation(self):
        cron = self.env.ref("qms_quality.cron_escalate_approvals")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_who_is_asked_gets_a_mail(self):
        self.boss.write({"notification_type": "email", "email": "boss@dairy.example"})
        self._make_rule(self.boss)
        request = self._ask_release()
        mails = self.env["mail.mail"].search(
            [("recipient_ids", "in", self.boss.partner_id.ids)]
        )
        self.assertEqual(
            mails.mapped("subject"),
            [f'"{request.name}: Release a hold" assigned to you'],
        )
        self.assertIn(request.record_name, mails.body_html)

    def test_record_tells_who_agreed_and_who_is_next_since_when(self):
        self._make_rule({"required_count": 2}, self.boss)
        hold = self._make_hold()
        request = self._ask_release(hold)
        self._approve(request, self.second)
        step = request.step_ids[0]
        mine = hold.with_user(self.manager)
        lines = fromstring(mine.qms_approval_info).xpath(".//text()")
        asked = format_datetime(mine.env, request.date_requested, dt_format="short")
        since = format_datetime(mine.env, step.date_start, dt_format="short")
        self.assertEqual(
            [text.strip() for text in lines if text.strip()],
            [
                f"Release a hold: asked by {self.manager.name} on {asked}",
                "Agree: waiting for 2 of Quality / Quality manager since"
                f" {since} ({self.second.name})",
                f"{self.boss.name}: then {self.boss.name}",
            ],
        )

    def test_every_form_that_can_wait_says_so(self):
        guarded = self.env["qms.approval.rule"]._selection_guarded()
        models = {name.partition(":")[0] for name, _label in guarded}
        self.assertLess({"qms.hold", "qms.quality.order", "qms.test.group"}, models)
        for model in models:
            with self.subTest(model):
                form = etree.fromstring(self.env[model].get_view()["arch"])
                self.assertTrue(
                    form.xpath(
                        "//div[@name='qms_approval']//field[@name='qms_approval_info']"
                    )
                )

    def test_another_company_sees_and_asks_nobody(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self._make_user("qms_elsewhere", MANAGER)
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.officer.company_ids |= other
        self._make_rule(company_id=other.id)
        order = self._receive_order()
        self._fill(order)
        hold = self.env["qms.hold"]._search_open(order._name, order.ids)
        self._press_release(hold)
        self.assertEqual(hold.state, "released")
        self._make_rule()
        order = self._receive_order(lots=["L2"])
        hold = self.env["qms.hold"]._search_open(order._name, order.ids)
        request = self._ask_release(hold)
        self.assertEqual(request.company_id, self.company)
        self.assertNotIn(stranger, self._get_asked(request))
        self.assertFalse(self.env["qms.approval"].with_user(stranger).search_count([]))

    def test_action_that_fails_is_told_and_can_be_repeated(self):
        self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        self.manager.group_ids -= self.managers
        self._approve(request, self.second)
        self.assertEqual((request.state, hold.state), ("approved", "open"))
        self.assertEqual(request.activity_ids.summary, "Approved, but not done")
        self.assertEqual(self._get_asked(request), self.manager)
        self.assertIn("You may not release these holds", request.activity_ids.note)
        self.manager.group_ids |= self.managers
        self._press_release(hold)
        self.assertEqual((request.state, hold.state), ("used", "released"))

    def test_approval_holds_for_what_was_asked_only(self):
        """Not for other words, not for another record, and only once."""
        self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        self.manager.group_ids -= self.managers
        self._approve(request, self.second)
        self.manager.group_ids |= self.managers
        self._press_release(hold, reason="Something else")
        self.assertEqual((request.state, hold.state), ("approved", "open"))
        other = self._make_hold("A-2")
        self._press_release(other)
        self.assertEqual(other.state, "open")
        self._press_release(hold)
        self.assertEqual((request.state, hold.state), ("used", "released"))
        self._hold(lot=hold.lot_id)

    def test_two_requests_on_the_same_are_one(self):
        self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        message = self._press_release(hold, self.second)["params"]["message"]
        self.assertIn(f"{self.manager.name} asked for it", message)
        self.assertEqual(self._get_request(hold), request)

    def test_queries(self):
        hold, other = self._make_hold("A-1"), self._make_hold("A-2")
        approvals = self.env["qms.approval"]
        approvals._get_waiting(hold, "release", {})
        approvals._spend(hold, "release", {})
        with self.assertQueryCount(0):
            approvals._get_waiting(other, "release", {})
            approvals._spend(other, "release", {})
            approvals._prepare_waiting_message(other.browse(), "release")

    def test_trail_of_the_record_tells_it(self):
        self._make_rule()
        hold = self._make_hold()
        self._approve(self._ask_release(hold), self.second)
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", hold._name), ("res_id", "=", hold.id)]
        )
        told = {entry.event: entry for entry in entries}
        self.assertEqual(told["approve"].user_id, self.second)
        self.assertEqual(
            told["approve"].reason, f"Release a hold: Approved by {self.second.name}"
        )
        self.assertEqual(told["ask_approval"].user_id, self.manager)

    def test_regulated_asks_another_manager(self):
        points = self.env["qms.starting.point"]
        points._switch_on("regulated")
        rule = points._find("approve_release")
        self.assertEqual(rule.res_model, "qms.hold")
        bound = self._make_hold("A-1") | self._make_hold("A-2", self.rejected)
        free = self._make_hold("A-3", self.under_inspection)
        self.assertEqual(rule._filter_matching(bound | free), bound)
        self.assertTrue(rule.step_ids.needs_signature)
