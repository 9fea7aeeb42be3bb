from base64 import b64decode
from datetime import datetime, time, timedelta

from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from odoo.addons.qms_quality.models.sentinel import trusted
from odoo.addons.qms_quality.tests.common import STOCK_USER
from odoo.addons.qms_quality.tests.rpc_case import Refused, RpcCase

from .common import SHELF_LIFE_MANAGER
from .common_look_ahead import LookAheadCase

SALES_MANAGER = "sales_team.group_sale_manager"


class NoticeCase(LookAheadCase):
    """A shop and a café got cream that comes near its date."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.qms_expiry_notices = True
        # what customers got of the demo's goods is not looked for here
        dated = cls.env["product.template"].search([("use_expiration_date", "=", True)])
        (dated - cls.milk.product_tmpl_id).use_expiration_date = False
        cls.seller = cls._make_user("qms_seller", SALES_MANAGER)
        cls.notices = cls.env["qms.expiry.notice"]
        cls.shop, cls.cafe = cls.env["res.partner"].create(
            [
                {"name": "Corner Shop", "email": "shop@shop.example"},
                {"name": "Café", "email": "cafe@cafe.example"},
            ]
        )
        cls.soon = cls._make_dated_lot("SOON", 5, quantity=100)
        cls.later = cls._make_dated_lot("LATER", 100, quantity=100)
        cls.gone = cls._make_dated_lot("GONE", 1, quantity=100)

    def setUp(self):
        super().setUp()
        self.back = self._deliver(self.soon, 10, days_ago=2, partner=self.shop)
        self._deliver(self.soon, 4, partner=self.cafe)
        self._deliver(self.later, 8, partner=self.shop)

    def _find(self, user=None, window="10D", **vals):
        """Look for customers, as a user; return the notices that are proposed."""
        with Form(
            self.env["qms.expiry.notice.find"].with_user(user or self.seller)
        ) as form:
            form.window = window or False
            for name, value in vals.items():
                form[name] = value
        action = form.record.action_find()
        return self.notices.with_user(user or self.seller).search(action["domain"])

    def _told(self, notices):
        return {
            (one.sudo().lot_id.name, one.partner_id.name): one.quantity
            for one in notices
        }

    def _review(self, notices):
        """Press *Review and Send*; return the dialog."""
        action = notices.action_review()
        model = self.env[action["res_model"]].with_user(notices.env.user)
        return model.browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestExpiryNotice(NoticeCase):
    """Customers are told of what they got, once and after review."""

    def test_find(self):
        """Who got a lot near its date, less what came back."""
        self._take_back(self.back, 3)
        notices = self._find()
        self.assertEqual(
            self._told(notices), {("SOON", "Corner Shop"): 7, ("SOON", "Café"): 4}
        )
        self.assertEqual(set(notices.mapped("state")), {"draft"})
        self.assertEqual(
            set(notices.mapped("expiry_day")), {self.today + timedelta(days=5)}
        )

    def test_day_of_the_last_delivery(self):
        """By the company's calendar: 23:00 in UTC is tomorrow in the east."""
        self.company.resource_calendar_id.tz = "Pacific/Kiritimati"
        self.back.move_ids.move_line_ids.date = datetime.combine(self.today, time(23))
        notice = self._find().filtered(lambda one: one.partner_id == self.shop)
        self.assertEqual(notice.date_delivered, self.today + timedelta(days=1))

    def test_all_came_back(self):
        self._take_back(self.back, 10)
        self.assertEqual(self._told(self._find()), {("SOON", "Café"): 4})

    def test_expired_goods(self):
        """What can't be used any more is no offer, and the last day still is."""
        self._deliver(self.gone, 1, partner=self.shop)
        noon = self.gone.expiration_date
        self.gone.expiration_date = noon - timedelta(days=2)
        self.assertNotIn(("GONE", "Corner Shop"), self._told(self._find()))
        self.gone.expiration_date = noon - timedelta(days=1)
        self.assertEqual(self._told(self._find()), {("GONE", "Corner Shop"): 1})

    def test_window(self):
        """The period counts like any other: its last day is near, the next isn't."""
        self.assertEqual(len(self._find(window="5D")), 2)
        with self.assertRaisesRegex(UserError, "No customer has goods"):
            self._find(window="99D")
        self.assertEqual(
            self._told(self._find(window="100D")), {("LATER", "Corner Shop"): 8}
        )
        with self.assertRaisesRegex(ValidationError, "is no date formula"):
            self._find(window="soon")

    def test_window_of_the_product(self):
        """Without a period, the near-expiry window of the product says what is near."""
        with self.assertRaisesRegex(UserError, "No customer has goods"):
            self._find(window=None)
        self.milk.product_tmpl_id.qms_near_expiry = "1W"
        self.assertEqual(len(self._find(window=None)), 2)

    def test_products(self):
        """Only the products that are chosen."""
        cheese = self._make_product("Cheese", use_expiration_date=True)
        wheel = self._make_dated_lot("WHEEL", 3, cheese, quantity=5)
        self._deliver(wheel, 1, partner=self.shop)
        with Form(self.env["qms.expiry.notice.find"].with_user(self.seller)) as form:
            form.window = "10D"
            form.product_ids.add(cheese)
        action = form.record.action_find()
        self.assertEqual(
            self._told(self.notices.search(action["domain"])),
            {("WHEEL", "Corner Shop"): 1},
        )

    def test_branches(self):
        """Deliveries to the addresses of a customer are the customer's."""
        branch = self.env["res.partner"].create(
            {"name": "Branch", "parent_id": self.shop.id, "type": "delivery"}
        )
        self._deliver(self.soon, 5, partner=branch)
        self.assertEqual(self._told(self._find())["SOON", "Corner Shop"], 15)

    # -- Never twice -------------------------------------------------------------------

    def test_never_twice(self):
        """Neither who was told nor who was left out is proposed again."""
        notices = self._find()
        notices[0].action_discard()
        notices[1].action_send()
        with self.assertRaisesRegex(UserError, "isn't told yet"):
            self._find()
        self._deliver(self.soon, 5, partner=self.shop)
        with self.assertRaisesRegex(UserError, "isn't told yet"):
            self._find()
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            trusted(self.notices).create(
                {
                    "name": "X",
                    "lot_id": self.soon.id,
                    "partner_id": self.shop.id,
                    "company_id": self.company.id,
                }
            )
        with self.assertRaisesRegex(UserError, "no longer to be reviewed"):
            notices.action_send()

    # -- Reviewed and sent -------------------------------------------------------------

    def test_send(self):
        """One mail to each customer, about all of his lots."""
        self._deliver(self.gone, 2, partner=self.shop)
        notices = self._find(text="We credit 30 %.")
        self.assertEqual(len(notices), 3)
        review = self._review(notices)
        self.assertEqual(
            sorted(review.line_ids.mapped("lot_names")), ["GONE, SOON", "SOON"]
        )
        line = review.line_ids.filtered(lambda one: one.partner_id == self.shop)
        for part in ("SOON", "GONE", "10.00 Units", "Fresh Milk", "We credit 30 %."):
            self.assertIn(part, line.body)
        self.assertNotIn("label is attached", line.body)
        self.assertIn(self.company.name, line.subject)
        self.assertFalse(notices.sudo().message_ids.filtered("partner_ids"))
        review.action_send()
        self.assertEqual(set(notices.mapped("state")), {"sent"})
        self.assertEqual(notices.sent_by_id, self.seller)
        messages = notices.sudo().message_ids.filtered("partner_ids")
        self.assertEqual(len(messages), 2)
        self.assertEqual(messages.partner_ids, self.shop | self.cafe)
        body = messages.filtered(lambda one: one.partner_ids == self.shop).body
        self.assertIn("SOON", body)
        self.assertIn("GONE", body)

    def test_return_label(self):
        """The label says where the goods go back to, and what they are."""
        notices = self._find(user=self.keeper, kind="return")
        notice = notices.filtered(lambda one: one.partner_id == self.shop)
        self.assertIn("label is attached", notice.preview)
        notice.action_send()
        message = notice.sudo().message_ids.filtered("partner_ids")
        label = message.attachment_ids
        self.assertIn(notice.name.replace("/", "-"), label.name)
        # tests print HTML for paper
        for part in (b"RETURN", b"SOON", b"Corner Shop", b"data:image/png"):
            self.assertIn(part, label.raw)
        address = self.warehouse.partner_id.name or self.company.name
        self.assertIn(address.encode(), label.raw)
        self.assertTrue(b64decode(notice._get_code("QR", width=9).split(",")[1]))

    def test_language(self):
        """A customer reads dates as he is used to."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.shop.lang = "fr_FR"
        notice = self._find().filtered(lambda one: one.partner_id == self.shop)
        day = self.today + timedelta(days=5)
        self.assertIn(f"{day:%d/%m/%Y}", notice.preview)

    def test_without_address(self):
        """All who can't be reached are named, and nobody is written to."""
        self.cafe.email = False
        notices = self._find()
        with self.assertRaisesRegex(UserError, "no email address: Café"):
            notices.action_send()
        self.assertEqual(set(notices.mapped("state")), {"draft"})

    def test_discard_and_take_up(self):
        notice = self._find()[:1]
        notice.action_discard()
        self.assertEqual(notice.state, "discarded")
        with self.assertRaises(UserError):
            notice.action_send()
        notice.action_restore()
        self.assertEqual(notice.state, "draft")
        notice.text = "Now with an offer."
        notice.action_send()
        with self.assertRaisesRegex(UserError, "no longer to be reviewed"):
            notice.text = "Another offer."
        notice.action_restore()
        self.assertEqual(notice.state, "sent")

    # -- Off until chosen --------------------------------------------------------------

    def test_off_until_chosen(self):
        """Where notices are off, nobody is found, proposed or told."""
        notices = self._find()
        self.company.qms_expiry_notices = False
        with self.assertRaisesRegex(UserError, "Notices to customers are off"):
            self._find()
        with self.assertRaisesRegex(UserError, "Notices to customers are off"):
            notices.action_send()
        self.assertFalse(self._run_cron())

    def _run_cron(self, **named):
        last = self.notices.search([], order="id desc", limit=1).id or 0
        self.patch(
            self.env.registry["ir.cron"],
            "_commit_progress",
            lambda _self, *args, **named: 100,
        )
        self.notices._cron_propose(**named)
        return self.notices.search([("id", ">", last)])

    def test_proposed_at_night(self):
        """The scheduled action proposes in batches, and sends nothing."""
        self.milk.product_tmpl_id.qms_near_expiry = "1W"
        self.company.qms_expiry_notice_text = "We credit half."
        notices = self._run_cron(limit=1)
        self.assertEqual(
            self._told(notices), {("SOON", "Corner Shop"): 10, ("SOON", "Café"): 4}
        )
        self.assertEqual(set(notices.mapped("state")), {"draft"})
        self.assertEqual(set(notices.mapped("text")), {"We credit half."})
        self.assertFalse(self._run_cron())

    def test_queries(self):
        """Many lots and customers are found and proposed in as many queries as few."""
        counts = []
        for number in (2, 9):
            partners = self.env["res.partner"].create(
                [
                    {"name": f"P {number} {n}", "email": "a@a.example"}
                    for n in range(number)
                ]
            )
            for partner in partners:
                self._deliver(self.soon, 1, partner=partner)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            rows = self.notices._find_told(self.company, "10D")
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(len(rows), number + (2 if number == 2 else 0))
            self.notices._propose(self.company, rows, kind="offer")
        self.assertEqual(*counts)

    # -- Rights ------------------------------------------------------------------------

    def test_rights(self):
        """Managers of shelf life and of sales; others neither read nor tell."""
        notices = self._find(user=self.keeper)
        for user in (self.clerk, self.inspector):
            with self.assertRaises(AccessError):
                notices.with_user(user).action_send()
            with self.assertRaises(AccessError):
                self.env["qms.expiry.notice.find"].with_user(user).create({})
        with self.assertRaises(AccessError):
            notices.write({"state": "sent"})
        with self.assertRaises(AccessError):
            notices.sudo().write({"quantity": 99})
        with self.assertRaises(AccessError):
            notices.sudo().unlink()

    def test_two_companies(self):
        company = self.env["res.company"].create(
            {"name": "Other Dairy", "qms_expiry_notices": True}
        )
        stranger = new_test_user(
            self.env,
            "qms_stranger",
            groups=f"base.group_user,{SALES_MANAGER}",
            context={"no_reset_password": True},
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        notices = self._find()
        self.assertFalse(self.notices.with_user(stranger).search([]))
        with self.assertRaises(AccessError):
            notices.with_user(stranger).action_send()
        with self.assertRaisesRegex(UserError, "No customer has goods"):
            self._find(user=stranger)


@tagged("post_install", "-at_install", "qms_pdf")
class TestReturnLabelPdf(NoticeCase):
    def test_pdf(self):
        """The return label as PDF."""
        notice = self._find(kind="return")[:1]
        content, kind = (
            self.env["ir.actions.report"]
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf("qms_shelf_life.report_return_label", notice.ids)
        )
        self.assertEqual(kind, "pdf")
        self.assertTrue(content.startswith(b"%PDF"))


@tagged("post_install", "-at_install")
class TestExpiryRpc(NoticeCase, RpcCase):
    """What people of ill will send to what looks ahead."""

    state_queries = (
        "SELECT id, state, text, quantity, main_id FROM qms_expiry_notice",
        "SELECT id, daily_use, date_computed FROM qms_expiry_forecast",
        "SELECT id, quantity FROM qms_expiry_forecast_line",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_passwords(
            [cls.seller, cls._make_user("qms_ill", STOCK_USER, SHELF_LIFE_MANAGER)]
        )

    def test_forged(self):
        """No state, quantity or row but by the buttons; refusals are in words."""
        notice = self._find()[:1]
        self._risk(self.soon)
        forged = {
            "qms_sentinel": True,
            "default_state": "sent",
            "active_model": "qms.expiry.report",
            "active_domain": "nonsense",
        }
        values = {
            "name": "X",
            "lot_id": self.later.id,
            "partner_id": self.cafe.id,
            "company_id": self.company.id,
            "state": "sent",
        }
        for call in self._clients():
            for context in ({}, forged):
                for vals in (
                    {"state": "sent"},
                    {"quantity": 5},
                    {"main_id": notice.id},
                ):
                    self.assertRefused(
                        call, notice._name, "write", notice.ids, context, vals=vals
                    )
                self.assertRefused(
                    call, notice._name, "create", None, context, vals_list=[values]
                )
                self.assertRefused(call, notice._name, "unlink", notice.ids, context)
                for method in ("_send", "_propose", "_find_told", "_cron_propose"):
                    self.assertRefused(call, notice._name, method, notice.ids, context)
                for method in ("_refresh", "_cron_compute", "_make"):
                    self.assertRefused(call, "qms.expiry.forecast", method, [], context)
                for domain in ("nonsense", [["nothing", "=", 1]], 7, [[1, 2]]):
                    self.assertRefused(
                        call,
                        "qms.expiry.print",
                        "create",
                        None,
                        context,
                        vals_list=[{"domain": domain}],
                    )

    def test_ill_context(self):
        """A wrong choice in the context is refused in words."""
        keeper = self.users[1]
        for call in self._clients(keeper):
            for domain in ("nonsense", 7, [["nothing", "=", 1]], {"a": 1}):
                context = {"active_model": "qms.expiry.report", "active_domain": domain}
                with self.assertRaises(Refused):
                    call("qms.expiry.report", "action_export", [], context)
