from contextlib import closing

from odoo import fields
from odoo.sql_db import db_connect
from odoo.tests import tagged

from .common_approval import ApprovalCase
from .common_audit import AuditCase
from .refusal_case import RefusalMixin
from .signing_case import SigningCase


@tagged("post_install", "-at_install")
class TestApprovalRefusals(RefusalMixin, ApprovalCase):
    """What people read who ask, decide, stand in, or make the rules of it."""

    def test_history_stays(self):
        """Not even an administrator on the server rewrites it."""
        self._make_rule({"required_count": 2})
        request = self._ask_release()
        self._approve(request, self.second)
        self.assertRefusals(
            (
                "An approval is never deleted. Withdraw it: its history stays.",
                request.unlink,
            ),
            ("An approval can't be copied.", request.copy),
            (
                "The steps of an approval are never deleted.",
                request.step_ids.unlink,
            ),
            (
                "A decision can't be changed, by anyone.",
                lambda: request.vote_ids.write({"comment": "Forged"}),
            ),
            ("A decision can't be deleted, by anyone.", request.vote_ids.unlink),
        )

    def test_deciding(self):
        self._make_rule({}, self.boss)
        hold, free = self._make_hold(), self._make_hold("A-2")
        request = self._ask_release(hold)
        first = request.step_id.ids
        self._approve(request, self.second)
        boss = request.with_user(self.boss)
        self.assertRefusals(
            (
                "Others decided meanwhile. Look at it again, then approve.",
                lambda: boss._qms_check_approve(self.boss.id, first),
            ),
            (
                "Everybody approves for himself only.",
                lambda: boss._qms_check_approve(self.second.id, request.step_id.ids),
            ),
            (
                f"Nothing waits for approval here: {free.display_name}.",
                free.with_user(self.second).action_qms_approve,
            ),
            (
                "Say who is to decide in your place.",
                lambda: self._delegate(request, self.boss, self.env["res.users"]),
            ),
            (
                f"{request.name} can't be passed on to {self.manager.name}: it must be"
                " another employee, who neither asked for it, was involved or has"
                " decided on it, nor is asked already.",
                lambda: self._delegate(request, self.boss, self.manager),
            ),
        )
        mine = request.with_user(self.manager)
        mine.action_withdraw()
        self.assertRefusals(
            (
                f"These requests are closed already: {request.name} (Withdrawn).",
                mine.action_withdraw,
            )
        )

    def test_who_asked_has_left(self):
        self._make_rule()
        hold = self._make_hold()
        request = self._ask_release(hold)
        self.manager.active = False
        self._approve(request, self.second)
        self.assertEqual((request.state, hold.state), ("approved", "open"))
        self.assertEqual(
            hold.message_ids[0].body,
            "<p>Release a hold: Approved, but it can't be done:"
            f" {self.manager.name} can't log in any more.</p>",
        )

    def test_substitutes(self):
        substitutes = self.env["qms.approval.substitute"].with_user(self.second)
        left = self._make_user("qms_left")
        left.active = False
        period = {"date_to": fields.Date.today()}
        self.assertRefusals(
            (
                f"Only {self.boss.name} can say who decides in their place.",
                # sudo: the rules on records refuse him before
                lambda: substitutes.sudo().create(
                    {
                        "user_id": self.boss.id,
                        "substitute_id": self.second.id,
                        **period,
                    }
                ),
            ),
            (
                f"{left.name} can't decide: choose an employee who can log in.",
                lambda: substitutes.create({"substitute_id": left.id, **period}),
            ),
        )

    def test_rules(self):
        rules = self.env["qms.approval.rule"].with_user(self.officer)
        values = {"name": "Four eyes", "guarded": "qms.hold:release"}
        step = "Step Agree of rule Four eyes: "
        for text, vals in (
            (f"{step}name the person who is asked.", {"approver": "user"}),
            (
                f"{step}one person can't agree several times.",
                {"approver": "user", "user_id": self.boss.id, "required_count": 2},
            ),
            (f"{step}name the group that is asked.", {"group_id": False}),
            (
                f"{step}product_id doesn't lead from the record to a user.",
                {"approver": "field", "field_path": "product_id"},
            ),
            (
                "Step Agree: say after how many days it is escalated.",
                {"escalation_user_id": self.boss.id},
            ),
        ):
            self.assertRefusals((text, lambda v=vals: self._make_rule(v)))
        self.assertRefusals(
            (
                "Rule Four eyes has no step: say who must agree.",
                lambda: rules.create(values),
            ),
            (
                "Rule Four eyes: its filter [('nothing', '=', 1)] can't be read. Choose"
                " fields that the records have.",
                lambda: self._make_rule(filter_domain="[('nothing', '=', 1)]"),
            ),
        )

    def test_filter_on_a_field_that_is_gone(self):
        """As after an addon was removed: nothing is done rather than let through."""
        rule = self._make_rule()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE qms_approval_rule SET filter_domain = %s WHERE id = %s",
            ["[('gone', '=', 1)]", rule.id],
        )
        self.env.invalidate_all()
        hold = self._make_hold()
        self.assertRefusals(
            (
                "The filter of the approval rule Four eyes can't be read any more, so"
                " nothing it guards can be done. Ask the compliance officer to mend"
                " it.",
                lambda: self._press_release(hold),
            )
        )


@tagged("post_install", "-at_install")
class TestAuditRefusals(RefusalMixin, AuditCase):
    """What compliance officers read."""

    def test_checks(self):
        self.make_trail()
        check = self.check()
        self.assertRefusals(
            (
                "What a check found can't be changed. Start another one.",
                lambda: check.write({"result": "Intact"}),
            ),
            ("This check has run. Start another one.", check.action_check),
        )

    def test_entry_of_what_is_gone(self):
        tests = self.env["qms.test"].with_user(self.manager)
        test = tests.create({"code": "GONE", "name": "Gone"})
        self._write_pending()
        entry = self.trail(test)
        name = test.display_name
        test.unlink()
        self.assertRefusals(
            (f"{name} was deleted.", entry.with_user(self.officer).action_open_record)
        )

    def test_ends_of_trails(self):
        self.make_trail()
        head = self.env["qms.audit.head"].search([], limit=1)
        kept = "The ends of the audit trail are kept by the system only."
        self.assertRefusals(
            (kept, lambda: head.create({"res_model": "x", "res_id": 1, "seq": 1})),
            (kept, lambda: head.write({"seq": 1})),
            (kept, head.unlink),
        )

    def test_policy(self):
        policy = self.policy.with_user(self.officer)
        self.assertRefusals(
            (
                "These are not mail addresses separated by commas: me; you",
                lambda: policy.write({"mail_to": "me; you"}),
            ),
            ("The policy can't be deleted.", self.policy.unlink),
        )

    def test_seals(self):
        self.make_trail()
        policy = self.policy.with_user(self.officer)
        policy.action_seal_now()
        self.make_trail(name="L2")
        self.env.cr.flush()
        policy.action_seal_now()
        seals = self.seals.search([], limit=2)
        self.assertEqual(len(seals), 2)
        self.assertRefusals(
            (
                "Everything is sealed: there is nothing new to seal.",
                policy.action_seal_now,
            ),
            ("Download one seal at a time.", seals.action_download),
        )


@tagged("post_install", "-at_install")
class TestSigningRefusals(RefusalMixin, SigningCase):
    """What people read who sign."""

    def _press(self, wizard, user=None):
        user = user or self.inspector
        return lambda: wizard.action_sign(self._credential(user))

    def test_signatures_are_nobodys_to_write(self):
        self._rule()
        order = self._ready_order()
        self._sign(order, self.inspector)
        signature = self._signatures(order)
        self.assertRefusals(
            (
                "A signature is given in the signing dialog only, with the signer's own"
                " credential.",
                lambda: signature.create({"res_model": order._name}),
            ),
            (
                "A signature can't be changed, by anyone.",
                lambda: signature.write({"comment": "Forged"}),
            ),
            ("A signature can't be deleted, by anyone.", signature.unlink),
            (
                f"There is nothing for you to sign on {order.name}.",
                order.with_user(self.inspector).action_qms_sign,
            ),
        )

    def test_dialog(self):
        rule = self._rule(comment_required=True)
        order = self._ready_order()
        wizard = self._open_dialog(order, self.inspector)
        # a client that skips the rule about whose dialog it is
        stolen = wizard.with_user(self.manager).sudo()
        self.assertRefusals(
            (
                "What is to be signed is shown by the system only.",
                lambda: wizard.write({"shown": []}),
            ),
            (
                "You sign without a code from a mail.",
                wizard.action_mail_code,
            ),
            (
                "This was shown to somebody else: press the button again.",
                self._press(stolen, self.manager),
            ),
            ("Enter a comment: the rule asks for one.", self._press(wizard)),
        )
        wizard.meaning_id = False
        self.assertRefusals(("Choose what your signature means.", self._press(wizard)))
        rule.active = False
        self.assertRefusals(
            (f"Your signature isn't asked for on {order.name}.", self._press(wizard))
        )

    def test_reading_corrected_while_the_dialog_is_open(self):
        self._rule()
        order = self._ready_order()
        wizard = self._open_dialog(order, self.inspector)
        order.result_ids[0].with_user(self.second).value = 5.5
        self.assertRefusals(
            (
                f"What you were shown has changed meanwhile: {order.name}. Close this,"
                " look at it again, and sign what is there now.",
                self._press(wizard),
            )
        )

    def test_pins_and_locks(self):
        self._rule()
        wizard = self._open_dialog(self._ready_order(), self.inspector)
        self._try_wrong(wizard)
        locks = self.env["qms.signing.lock"]
        lock = locks.search([("user_id", "=", self.inspector.id)])
        self.inspector.group_ids |= self.officer.group_ids
        mine = self.inspector.with_user(self.inspector)
        self.assertRefusals(
            (
                "You can't unlock yourself. Ask another compliance officer.",
                lock.with_user(self.inspector).action_unlock,
            ),
            (
                "Everyone sets only his own signing PIN.",
                self.second.with_user(self.inspector).action_qms_set_pin,
            ),
            ("You have a password: sign with that.", mine.action_qms_set_pin),
        )
        self.env.cr.execute(
            "UPDATE res_users SET password = NULL WHERE id = %s", [self.inspector.id]
        )
        self.inspector.email = False
        self.assertRefusals(
            (
                "You have no address that a code could be mailed to.",
                mine.action_qms_set_pin,
            )
        )

    def test_two_officers_seal(self):
        lock = "SELECT pg_advisory_xact_lock(hashtextextended('qms.audit.seal', 0))"
        with closing(db_connect(self.env.cr.dbname).cursor()) as other:
            other.execute("SET LOCAL lock_timeout = '5s'")
            other.execute(lock)
            self.assertRefusals(
                (
                    "A seal is being made just now. Try again in a minute.",
                    self.env["qms.audit.seal"].with_user(self.officer).action_seal_now,
                )
            )
