from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common_recall import CASES, CUSTOMERS, RecallCase


@tagged("post_install", "-at_install")
class TestRecallNotice(RecallCase):
    """Each customer is told once, in his language, and his answer is taken."""

    def _get_mails(self, notice):
        return notice.sudo().message_ids.filtered(
            lambda one: notice.contact_id in one.partner_ids
        )

    # -- Telling -----------------------------------------------------------------------

    def test_told_in_his_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customers[0].lang = "fr_FR"
        self.env.ref("qms_traceability.mail_template_recall_notice").with_context(
            lang="fr_FR"
        ).subject = "Rappel {{ object.name }}"
        recall = self._told()
        notice = self._notice(recall)
        mail = self._get_mails(notice)
        self.assertEqual(len(mail), 1)
        self.assertEqual(mail.subject, f"Rappel {notice.name}")
        self.assertIn("SD-2026-0315", mail.body)
        self.assertIn("Do not sell it. Set it apart.", mail.body)
        self.assertIn(notice.access_token, mail.body)
        # in tests the file itself is made without wkhtmltopdf
        self.assertEqual(
            [one.name.split(".")[0] for one in mail.attachment_ids],
            [notice.name.replace("/", "-")],
        )
        content = mail.attachment_ids.raw.decode(errors="replace")
        self.assertNotIn("not sent to the customer", content)
        other = self._get_mails(self._notice(recall, 1))
        self.assertIn("recall", other.subject)
        self.assertNotIn(notice.access_token, other.body)

    def test_never_twice(self):
        recall = self._told()
        notice = self._notice(recall)
        with self.assertRaises(UserError) as refusal:
            notice.action_tell()
        self.assertEqual(
            str(refusal.exception),
            f"Send the Notice isn't possible for: {notice.name} Market 01 (Told).",
        )
        self.assertRefused("all customers are told already", recall.action_tell)
        recall.action_update()
        self.assertEqual(set(recall.customer_ids.mapped("mail_count")), {1})
        notice.action_remind()
        self.assertEqual(notice.mail_count, 2)
        self.assertIn("Reminder", self._get_mails(notice)[0].subject)

    def test_more_goods_are_told_once_more(self):
        recall = self._told()
        order_lot = self._make_lot("SD-LATE", self.dressing_product)
        self._stock_up(30, order_lot)
        self._deliver(self.customers[0], order_lot, 9)
        links = self.env["qms.lot.link"]
        links._qms_link([self._prepare_link(self.ingredient, order_lot)])
        recall.action_update()
        notice = self._notice(recall)
        self.assertEqual(notice.state, "to_tell")
        self.assertEqual(notice._get_told_lines().mapped("lot_name"), ["SD-LATE"])
        self.assertEqual(recall.told_count, CUSTOMERS - 1)
        notice.action_tell()
        self.assertEqual(notice.mail_count, 2)
        body = self._get_mails(notice)[0].body
        self.assertIn("SD-LATE", body)
        self.assertNotIn("SD-2026-0315", body)

    def _prepare_link(self, source, made):
        return {
            "from_lot_id": source.id,
            "from_product_id": source.product_id.id,
            "to_lot_id": made.id,
            "to_product_id": made.product_id.id,
            "quantity": 1,
            "to_quantity": 30,
            "kind": "repair",
            "origin": "quantity",
            "date": "2026-01-01",
            "company_id": self.company.id,
            "res_model": "stock.lot",
            "res_id": made.id,
        }

    def _move_delivery(self, number, partner):
        """Correct who got a delivery, after it was posted."""
        self.deliveries[number].sudo().partner_id = partner

    def test_other_customer_before_he_is_told(self):
        """Who never got the goods is not told; who did is."""
        recall = self._contained()
        late = self._make_company("Late Market", "late@market.example")
        self._move_delivery(0, late)
        recall.action_update()
        self.assertFalse(self._notice(recall))
        notice = recall.customer_ids.filtered(lambda one: one.partner_id == late)
        self.assertEqual(
            (notice.line_ids.delivered, notice.delivery_ids.document, notice.state),
            (CASES, self.deliveries[0].name, "to_tell"),
        )
        self.assertEqual(recall.customer_count, len(self.customers))

    def test_other_customer_after_he_was_told(self):
        """His notice stays, marked; the goods are another's."""
        recall = self._told()
        late = self._make_company("Late Market", "late@market.example")
        self._move_delivery(0, late)
        recall.action_update()
        wrong = self._notice(recall)
        self.assertEqual(
            (wrong.state, wrong.moved_documents), ("told", self.deliveries[0].name)
        )
        self.assertEqual((wrong.line_ids.delivered, wrong.delivery_ids.ids), (0, []))
        notice = recall.customer_ids.filtered(lambda one: one.partner_id == late)
        self.assertEqual((notice.line_ids.delivered, notice.state), (CASES, "to_tell"))
        row = self._row(recall, self.dressing)
        total = sum(row.customer_line_ids.mapped("delivered"))
        self.assertEqual(total, CASES * len(self.customers))
        # a second time changes nothing
        recall.action_update()
        self.assertEqual(wrong.moved_documents, self.deliveries[0].name)
        # it was his after all
        self._move_delivery(0, self.customers[0])
        recall.action_update()
        self.assertEqual((wrong.moved_documents, notice.exists().ids), (False, []))
        self.assertEqual(wrong.line_ids.delivered, CASES)

    def test_other_customer_of_one_of_two_deliveries(self):
        second = self._deliver(self.customers[0], self.dressing, 7)
        recall = self._contained()
        self.assertEqual(self._notice(recall).line_ids.delivered, CASES + 7)
        second.sudo().partner_id = self.customers[1]
        recall.action_update()
        self.assertEqual(self._notice(recall).line_ids.delivered, CASES)
        self.assertEqual(self._notice(recall, 1).line_ids.delivered, CASES + 7)
        documents = self._notice(recall).delivery_ids.mapped("document")
        self.assertEqual(documents, [self.deliveries[0].name])

    def test_who_has_no_address_is_told_another_way(self):
        self.customers[0].email = False
        recall = self._contained()
        action = recall.action_tell()
        review = self.env[action["res_model"]].with_user(self.coordinator)
        review = review.browse(action["res_id"])
        with self.assertRaises(UserError) as refusal:
            review.action_send()
        self.assertEqual(
            str(refusal.exception),
            "There is no e-mail address for: Market 01. Enter it, choose a contact who"
            " has one, or tell them another way.",
        )
        self.assertEqual(recall.told_count, 0)
        notice = self._notice(recall)
        dialog = notice.action_tell_otherwise()
        dialog = (
            self.env[dialog["res_model"]]
            .with_user(self.coordinator)
            .browse(dialog["res_id"])
        )
        dialog.reason = "By telephone, Ms Brandt"
        dialog.action_confirm()
        self.assertEqual((notice.state, notice.mail_count), ("told", 0))
        self.assertEqual(notice.told_note, "By telephone, Ms Brandt")
        review.line_ids.filtered(lambda one: one.customer_id == notice).unlink()
        review.action_send()
        self.assertEqual(recall.told_count, CUSTOMERS)

    def test_goods_must_be_held_first(self):
        recall = self._analysed()
        with self.assertRaisesRegex(UserError, r"Tell Customers isn't possible for"):
            recall.action_tell()
        with self.assertRaisesRegex(UserError, r"Tell Customers isn't possible for"):
            recall.customer_ids.action_tell()

    def test_only_coordinators_tell(self):
        recall = self._contained()
        notice = self._notice(recall)
        for user in (self.inspector, self.clerk, self.portal_user):
            for name in (
                "action_tell",
                "action_tell_otherwise",
                "action_answer",
                "action_acknowledge",
                "action_remind",
                "action_ask_again",
            ):
                with self.assertRaises(AccessError):
                    getattr(notice.with_user(user), name)()

    # -- Answers that come another way -------------------------------------------------

    def test_answer_entered(self):
        recall = self._told()
        notice = self._notice(recall)
        notice.action_acknowledge()
        with Form(notice) as form:
            with form.line_ids.edit(0) as line:
                line.returned = 40
                line.destroyed = 11
        with self.assertRaises(UserError) as refusal:
            notice.action_answer()
        self.assertEqual(
            str(refusal.exception),
            "SD-2026-0315: you account for 51 Units, but got 50.",
        )
        with Form(notice) as form, form.line_ids.edit(0) as line:
            line.destroyed = 4
        notice.action_answer()
        self.assertEqual(
            (notice.state, notice.answer_channel), ("answered", "internal")
        )
        row = self._row(recall, self.dressing)
        self.assertEqual((row.answered, row.answer_gap), (44, 556))
        with self.assertRaisesRegex(UserError, "Enter the answer isn't possible"):
            notice.line_ids.returned = CASES
        notice.action_ask_again()
        self.assertEqual(row.answered, 0)
        self.assertEqual(
            self._get_trail(notice),
            ["create", "tell", "acknowledge", "answer", "ask_again"],
        )

    def test_unknown_customer(self):
        picking = self._delivery(3, self.dressing, product=self.dressing_product)
        picking.partner_id = False
        picking.button_validate()
        recall = self._contained()
        notice = recall.customer_ids.filtered(lambda one: not one.partner_id)
        self.assertEqual(notice.partner_name, "Unknown customer")
        self.assertRefused(
            "no e-mail address for: Unknown customer", notice.action_tell
        )

    # -- Suppliers ---------------------------------------------------------------------

    def test_claim_to_a_supplier(self):
        recall = self._contained(lots=[self.dressing])
        rows = recall.supplier_ids
        self.assertEqual(rows.partner_id, self.supplier_x | self.supplier_y)
        row = rows.filtered(lambda one: one.partner_id == self.supplier_x)
        self.assertEqual((row.level, row.quantity), (1, 600))
        action = row.action_claim()
        self.assertEqual(row.action_claim()["res_id"], action["res_id"])
        case = row.nonconformance_id
        self.assertEqual((case.type, case.severity), ("supplier", "3_critical"))
        self.assertFalse(case.open_hold_count)
        with self.assertRaises(AccessError):
            row.with_user(self.inspector).action_claim()
