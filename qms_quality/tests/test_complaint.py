from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import Form, tagged

from .common_approval import ApprovalCase
from .common_report import ReportCase

MAIL = """MIME-Version: 1.0
Date: Sat, 21 Nov 2026 09:12:00 +0000
To: taste@dairy.example
From: {sender}
Subject: {subject}
Message-ID: <{number}@customer.example>
Content-Type: text/plain; charset=utf-8

{body}
"""


@tagged("post_install", "-at_install")
class TestComplaint(ReportCase):
    """Complaints come, are tested, judged and answered, before they are closed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shop = cls.env["res.partner"].create(
            {"name": "Corner Shop", "email": "mia@customer.example"}
        )
        cls.lot = cls._make_lot("M-0815")
        cls._stock_up(100, cls.lot)
        domain = cls.env["mail.alias.domain"].create({"name": "dairy.example"})
        cls.company.alias_domain_id = domain
        cls.team = cls.env["qms.quality.team"].create(
            {"name": "Complaints", "user_id": cls.manager.id}
        )
        with Form(cls.team.with_user(cls.manager)) as form:
            form.alias_name = "taste"
            form.alias_makes = "complaint"

    def _complain(self, **vals):
        """Open a complaint as an inspector, as somebody calls."""
        action = self.env.ref("qms_quality.qms_complaint_action")
        cases = self.Case.with_user(self.inspector).with_context(
            default_type="customer", default_hold_goods=False
        )
        self.assertIn("'default_hold_goods': False", action.context)
        with Form(cases) as form:
            form.subject = "Off taste"
            form.partner_id = self.shop
            for name, value in vals.items():
                form[name] = value
        return form.record

    def _mail(self, body="The cups of Monday taste of soap.", **vals):
        self.number = getattr(self, "number", 0) + 1
        text = MAIL.format(
            **{
                "sender": "mia@customer.example",
                "subject": "Off taste",
                "number": self.number,
                "body": body,
                **vals,
            }
        )
        case_id = self.env["mail.thread"].message_process(
            "qms.quality.order", text.encode()
        )
        return self.Case.browse(case_id)

    # -- By mail -----------------------------------------------------------------------

    def test_a_mail_opens_a_complaint(self):
        case = self._mail()
        self.assertRecordValues(
            case,
            [
                {
                    "type": "customer",
                    "state": "initiation",
                    "subject": "Off taste",
                    "team_id": self.team.id,
                    "partner_id": self.shop.id,
                    "complaint_email": "mia@customer.example",
                    "hold_goods": False,
                }
            ],
        )
        self.assertTrue(case.name.startswith("NC/"), case.name)
        self.assertIn("taste of soap", case.message_ids[0].body)
        notified = case.message_ids[0].notified_partner_ids
        self.assertEqual(notified, self.manager.partner_id)
        self.assertFalse(case.product_id or case.picking_id)
        self.assertFalse(case.date_answered)

    def test_a_team_changes_what_its_mails_make(self):
        alias = self.team.alias_id
        self.assertEqual(alias.alias_model_id.model, "qms.nonconformance")
        with Form(self.team.with_user(self.manager)) as form:
            form.alias_makes = "order"
        self.assertEqual(alias.alias_model_id.model, "qms.quality.order")
        self.assertEqual(alias.alias_defaults, repr({"team_id": self.team.id}))

    def test_the_mail_names_a_delivery(self):
        picking = self._deliver(self.lot, partner=self.shop)
        case = self._mail(f"It was in your delivery {picking.name}.")
        self.assertEqual(
            (case.picking_id, case.product_id, case.lot_ids),
            (picking, self.product, self.lot),
        )
        self.assertFalse(self._held_by(case))

    def test_the_mail_names_a_serial_number(self):
        serial = self._make_product("Tank", tracking="serial")
        one = self._make_lot("SN-2026-77", serial)
        self._stock_up(1, one)
        self._deliver_serial(one)
        case = self._mail("<p>Tank no. SN-2026-77, it leaks!</p>", subject="Leak")
        self.assertEqual((case.lot_ids, case.product_id), (one, serial))

    def _deliver_serial(self, lot):
        picking = self._delivery(
            1, lot, product=lot.product_id, partner_id=self.shop.id
        )
        picking.button_validate()
        self.assertEqual(picking.state, "done")

    def test_what_went_to_somebody_else_is_not_meant(self):
        picking = self._deliver(self.lot, partner=self.partner)
        case = self._mail(f"{picking.name}, lot M-0815")
        self.assertFalse(case.picking_id or case.lot_ids or case.product_id)
        # of a writer whom nobody knows all may be meant
        case = self._mail("Lot M-0815 smells.", sender="x@unknown.example")
        self.assertEqual(case.lot_ids, self.lot)
        self.assertFalse(case.partner_id)

    def test_what_was_never_delivered_is_not_meant(self):
        self.assertFalse(self._mail("Lot M-0815 smells.").lot_ids)

    def test_mails_of_ill_will(self):
        words = " ".join(f"N-{number}" for number in range(50_000))
        before = self.env["qms.hold"].search_count([])
        for vals in (
            {"subject": "", "body": words},
            {"subject": "'; DROP TABLE stock_lot; --", "body": "M-0815' OR 1=1 --"},
            {"subject": "%s %(name)s {0}", "body": "%" * 1000 + " M-08% M_0815"},
            {"subject": "=?utf-8?q?=F0=9F=92=A9?=", "body": "<script>1</script>"},
            {"sender": '"<b>x</b>" <a@b.example>', "body": "state=closed"},
        ):
            with self.subTest(vals=str(vals)[:60]):
                case = self._mail(**vals)
                self.assertEqual(case.state, "initiation")
                self.assertTrue(case.subject)
                self.assertFalse(case.lot_ids or case.picking_id)
        self.assertEqual(self.env["qms.hold"].search_count([]), before)

    def test_a_colleague_who_passes_a_mail_on_is_not_the_customer(self):
        self.inspector.partner_id.email = "ines@dairy.test"
        case = self._mail(sender="ines@dairy.test")
        self.assertFalse(case.partner_id or case.complaint_email)

    def test_long_mails_cost_no_query_for_each_word(self):
        def count(words):
            body = " ".join(f"W-{1000 + number}" for number in range(words))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.Case._get_named({"body": body}, self.company, self.shop)
            return self.env.cr.sql_log_count - before

        count(1)
        self.assertEqual(count(1), count(10_000))

    def test_an_address_forges_nothing(self):
        for forged in ({"state": "closed"}, {"reportable": "no"}):
            with self.assertRaises(AccessError):
                self.Case.sudo().message_new({"subject": "x"}, forged)
        with self.assertRaises(AccessError):
            get_public_method(self.Case, "message_new")

    # -- Deadline ----------------------------------------------------------------------

    def test_deadline(self):
        self.company.qms_complaint_days = 5
        today = fields.Date.context_today(self.env.user)
        in_time = today + timedelta(days=5)
        self.assertEqual(self._mail().date_deadline, in_time)
        self.assertEqual(self._complain().date_deadline, in_time)
        self.company.write({"qms_complaint_days": 0, "qms_case_days": 9})
        self.assertEqual(self._mail().date_deadline, today + timedelta(days=9))

    # -- Sample ------------------------------------------------------------------------

    def test_a_sample_has_no_stock_behind_it(self):
        self._associate(product_ids=self.product.ids)
        case = self._complain(product_id=self.product)
        case.write({"lot_ids": [(6, 0, self.lot.ids)]})
        action = case.action_test_sample()
        order = self.env["qms.quality.order"].with_user(self.inspector)
        order = order.browse(action["res_id"])
        self.assertRecordValues(
            order,
            [
                {
                    "product_id": self.product.id,
                    "lot_ids": self.lot.ids,
                    "quantity": 1,
                    "event": "manual",
                    "hold_goods": False,
                    "nonconformance_id": case.id,
                    "partner_id": self.shop.id,
                    "test_group_ids": self.group.ids,
                    "location_id": False,
                }
            ],
        )
        self.assertFalse(self._held(order))
        self.assertEqual(self.lot.inspection_status_id, self.available)
        self._fill(order)
        order.action_validate()
        self.assertEqual(order.verdict, "passed")
        self.assertIn("Tested", case.chain)
        self.assertIn(order.name, case.chain)

    def test_a_sample_that_fails_is_the_complaints(self):
        self._associate(product_ids=self.product.ids)
        self.company.qms_open_cases = True
        case = self._complain(product_id=self.product)
        case.write({"lot_ids": [(6, 0, self.lot.ids)]})
        action = case.action_test_sample()
        order = self.env["qms.quality.order"].with_user(self.inspector)
        order = order.browse(action["res_id"])
        self._fill(order, fail=True)
        order.action_validate()
        self.assertEqual(case.failure_ids.quality_order_id, order)
        self.assertFalse(order.case_ids)

    def test_a_sample_of_something_unknown(self):
        case = self._complain()
        order = self.env["qms.quality.order"].browse(
            case.action_test_sample()["res_id"]
        )
        self.assertFalse(order.product_id or order.lot_ids or self._held(order))
        self.assertEqual(order.subject, "Sample: Off taste")

    def test_an_order_for_each_lot(self):
        case = self._complain(product_id=self.product)
        case.write({"lot_ids": [(6, 0, (self.lot + self._make_lot("M-2")).ids)]})
        case.action_test_sample()
        self.assertEqual(case.order_ids.mapped("lot_names"), ["M-0815", "M-2"])

    # -- Answer ------------------------------------------------------------------------

    def test_an_inspector_answers(self):
        case = self._complain()
        action = case.action_answer()
        composer = self.env["mail.compose.message"].with_user(self.inspector)
        composer = Form(composer.with_context(**action["context"])).save()
        self.assertEqual(composer.partner_ids, self.shop)
        self.assertIn("thank you for telling us", composer.body)
        self.assertIn(case.name, composer.subject)
        composer.action_send_mail()
        self.assertEqual(case.answered_by_id, self.inspector)
        self.assertTrue(case.date_answered)
        self.assertIn(self.shop, case.message_ids[0].notified_partner_ids)

    def test_what_is_no_answer(self):
        case = self._complain()
        case.message_post(body="I ask the farm.", subtype_xmlid="mail.mt_note")
        case.message_post(
            body="A note", partner_ids=self.shop.ids, subtype_xmlid="mail.mt_note"
        )
        case.message_post(
            body="To the farm",
            partner_ids=self.partner.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(case.date_answered)
        # the customer's own mail, and what he is copied on
        case.sudo().message_post(
            body="And?",
            author_id=self.shop.id,
            partner_ids=self.shop.ids,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        self.assertFalse(case.date_answered)
        case.message_post(
            body="We found it.",
            partner_ids=self.shop.ids,
            subtype_xmlid="mail.mt_comment",
        )
        self.assertTrue(case.date_answered)

    def test_a_writer_without_a_partner_is_answered(self):
        case = self._mail(sender="x@unknown.example")
        self.assertFalse(case.partner_id)
        action = case.with_user(self.inspector).action_answer()
        composer = self.env["mail.compose.message"].with_user(self.inspector)
        composer = Form(composer.with_context(**action["context"])).save()
        self.assertEqual(composer.partner_ids.email_normalized, "x@unknown.example")
        composer.action_send_mail()
        self.assertTrue(case.date_answered)

    def test_nobody_to_answer(self):
        case = self._complain(partner_id=self.env["res.partner"])
        with self.assertRaises(UserError) as error:
            case.action_answer()
        self.assertEqual(
            str(error.exception),
            f"{case.name} names nobody to answer to. Give the customer, with an email"
            " address.",
        )

    # -- Reportable --------------------------------------------------------------------

    def test_a_manager_decides_whether_it_is_reported(self):
        case = self._complain()
        with self.assertRaises(AccessError):
            case.with_user(self.inspector).action_judge()
        action = case.with_user(self.manager).action_judge()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        with self.assertRaises(UserError) as error:
            wizard.action_judge()
        self.assertEqual(
            str(error.exception),
            "Choose yes or no, and say what the decision rests on.",
        )
        with Form(wizard) as form:
            form.reportable = "yes"
            form.reason = "A child was ill"
        wizard.action_judge()
        self.assertRecordValues(
            case,
            [
                {
                    "reportable": "yes",
                    "reportable_reason": "A child was ill",
                    "reportable_by_id": self.manager.id,
                }
            ],
        )
        entries = self.env["qms.audit.entry"].search(
            [("res_model", "=", case._name), ("res_id", "=", case.id)]
        )
        judged = entries.filtered(lambda entry: entry.event == "judge")
        self.assertEqual(judged.mapped("reason")[:1], ["A child was ill"])

    def test_nobody_writes_the_decision(self):
        case = self._complain()
        for vals in (
            {"reportable": "no"},
            {"reportable_reason": "x"},
            {"date_answered": fields.Datetime.now()},
            {"answered_by_id": self.manager.id},
        ):
            for user in (self.inspector, self.manager):
                with self.subTest(vals=vals), self.assertRaises(AccessError):
                    case.with_user(user).write(vals)
                with self.assertRaises(AccessError):
                    self.Case.with_user(user).create({"subject": "x", **vals})

    def test_only_open_complaints_are_judged(self):
        case = self.Case.create({"subject": "Dented"})
        with self.assertRaises(UserError) as error:
            case.with_user(self.manager).action_judge()
        self.assertEqual(
            str(error.exception),
            f"Only open complaints of customers are judged, not: {case.name}.",
        )

    # -- Closing -----------------------------------------------------------------------

    def test_what_keeps_a_complaint_from_being_closed(self):
        self.company.qms_complaint_reportable = True
        case = self._complain()
        case.action_investigate()
        case.write(
            {
                "root_cause_id": self.env["qms.root.cause"].search([], limit=1).id,
                "root_cause_text": "Soap in the pipe",
            }
        )
        case.action_dispose()
        case.action_submit()
        self.assertEqual(case.state, "follow_up")
        with self.assertRaises(UserError) as error:
            case.with_user(self.manager).action_close()
        self.assertEqual(
            str(error.exception),
            f"{case.name}: the customer has no answer. Answer, or write down why"
            " not.\n"
            f"{case.name}: a quality manager decides whether it has to be reported.",
        )
        case.no_answer_reason = "He didn't say who he is"
        case.with_user(self.manager)._qms_guarded(
            "judge", reportable="yes", reason="A child was ill"
        )
        with self.assertRaises(UserError) as error:
            case.with_user(self.manager).action_close()
        self.assertEqual(
            str(error.exception),
            f"{case.name}: it has to be reported to the authority. Fill in when it"
            " was.",
        )
        case.date_reported = fields.Date.today()
        case.with_user(self.manager).action_close()
        self.assertEqual(case.state, "closed")


@tagged("post_install", "-at_install")
class TestComplaintApproval(ApprovalCase):
    """Whether a complaint is reportable is decided as the rules say."""

    def test_a_second_manager_agrees(self):
        self._make_rule(self.second, guarded="qms.nonconformance:judge")
        case = self.env["qms.nonconformance"].create(
            {"subject": "A child was ill", "type": "customer"}
        )
        action = case.with_user(self.manager).action_judge()
        wizard = self.env[action["res_model"]].with_user(self.manager)
        wizard = wizard.browse(action["res_id"])
        wizard.write({"reportable": "no", "reason": "It had nothing to do with it"})
        wizard.action_judge()
        self.assertFalse(case.reportable)
        request = self._get_request(case)
        self._approve(request, self.second)
        self.assertEqual(
            (case.reportable, case.reportable_reason),
            ("no", "It had nothing to do with it"),
        )
