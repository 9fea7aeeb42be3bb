from ast import literal_eval

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import Form, tagged

from .common_inspection import InspectionCase
from .searching import get_start_domain

MAIL = """MIME-Version: 1.0
Date: Sat, 21 Nov 2026 09:12:00 +0000
To: {to}
From: {sender}
Subject: Off taste in your yoghurt
Message-ID: <complaint-{number}@customer.example>
Content-Type: text/plain; charset=utf-8

The cups of last Monday taste of soap.
"""


@tagged("post_install", "-at_install")
class TestTeam(InspectionCase):
    """Orders have a team, a mail makes one, and the board counts them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.teams = cls.env["qms.quality.team"].with_user(cls.manager)
        cls.teams.search([]).active = False
        cls.colleague = cls._make_user("qms_colleague", "base.group_user")
        cls.dairy = cls.env["product.category"].create({"name": "Dairy"})
        cls.milk = cls.env["product.category"].create(
            {"name": "Milk", "parent_id": cls.dairy.id}
        )
        cls.any_goods = cls._make_team("Any goods")
        cls.dairy_team = cls._make_team(
            "Dairy",
            sequence=20,
            user_id=cls.manager.id,
            member_ids=[Command.link(cls.inspector.id)],
            categ_ids=[Command.link(cls.dairy.id)],
        )

    @classmethod
    def _make_team(cls, name, **vals):
        return cls.teams.create({"name": name, **vals})

    def _make_order(self, **vals):
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        vals = {"product_id": self.product.id, "hold_goods": False, **vals}
        return orders.create(vals)

    # -- Whose order it is -------------------------------------------------------------

    def test_the_team_that_names_the_category_goes_first(self):
        self.assertEqual(self._make_order().team_id, self.any_goods)
        self.product.categ_id = self.milk
        self.assertEqual(self._make_order().team_id, self.dairy_team)
        self.dairy_team.active = False
        self.assertEqual(self._make_order().team_id, self.any_goods)
        self.any_goods.active = False
        self.assertFalse(self._make_order().team_id)

    def test_a_rule_names_the_team(self):
        rule = self._associate(product_ids=self.product.ids)
        self.assertEqual(self._receive_order().team_id, self.any_goods)
        rule.with_user(self.manager).team_id = self.dairy_team
        self.assertEqual(self._receive_order(lots=["L2"]).team_id, self.dairy_team)

    def test_an_inspector_hands_an_order_over(self):
        order = self._make_order()
        with Form(order) as form:
            form.team_id = self.dairy_team
        self.assertEqual(order.team_id, self.dairy_team)
        # whoever it was given to keeps it
        order.copy()
        order.user_id = self.inspector
        self.assertEqual(order.team_id, self.dairy_team)

    def test_orders_cost_no_query_for_their_team(self):
        self._make_order()
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        few = [{"product_id": self.product.id, "hold_goods": False}] * 2
        many = few * 10

        def count(vals_list):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            orders.create([dict(vals) for vals in vals_list])
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        count(few)
        self.assertEqual(count(few), count(many))

    def test_teams_that_are_put_away_are_not_asked(self):
        hidden = self._make_team("Put away", sequence=1, active=False)
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        orders = orders.with_context(active_test=False)
        values = {"product_id": self.product.id, "hold_goods": False}
        self.assertEqual(orders.create(values).team_id, self.any_goods)
        self.assertNotEqual(self._make_order().team_id, hidden)

    def test_only_who_may_see_an_order_is_told(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        stranger = self._make_user("qms_stranger", "qms_quality.group_quality_manager")
        stranger.write({"company_ids": other.ids, "company_id": other.id})
        gone = self._make_user("qms_gone", "qms_quality.group_quality_manager")
        for user, told in ((self.manager, True), (stranger, False), (gone, False)):
            team = self.env["qms.quality.team"].create(
                {"name": user.name, "company_id": False, "user_id": user.id}
            )
            gone.active = False
            request = self.env["qms.check.request"].with_user(self.clerk)
            request.create({"team_id": team.id}).action_ask()
            order = self.env["qms.quality.order"].search([("team_id", "=", team.id)])
            with self.subTest(user=user.name):
                followers = order.message_follower_ids.partner_id
                self.assertEqual(user.partner_id in followers, told)

    # -- Rights ------------------------------------------------------------------------

    def test_managers_set_teams_up_and_others_read_them(self):
        team = self.dairy_team.with_user(self.inspector)
        self.assertEqual(team.name, "Dairy")
        with self.assertRaises(AccessError):
            team.name = "Mine"
        with self.assertRaises(AccessError):
            team.create({"name": "Mine"})
        self.assertEqual(self.dairy_team.with_user(self.clerk).name, "Dairy")
        with self.assertRaises(AccessError):
            self.dairy_team.with_user(self.colleague).read(["name"])

    def test_another_companys_teams_are_unseen(self):
        other = self.env["res.company"].create({"name": "Other dairy"})
        foreign = self.env["qms.quality.team"].create(
            {"name": "Theirs", "company_id": other.id, "sequence": 1}
        )
        self.assertNotIn(foreign, self.teams.search([]))
        self.assertEqual(self._make_order().team_id, self.any_goods)
        with self.assertRaises(UserError):
            self._make_order(team_id=foreign.id)

    # -- Mail --------------------------------------------------------------------------

    def _mail(self, sender="mia@customer.example", number=1):
        domain = self.env["mail.alias.domain"].create({"name": "dairy.example"})
        self.company.alias_domain_id = domain
        with Form(self.dairy_team) as form:
            form.alias_name = "Dairy-Complaints"
        self.assertEqual(self.dairy_team.alias_email, "dairy-complaints@dairy.example")
        text = MAIL.format(
            to="dairy-complaints@dairy.example", sender=sender, number=number
        )
        order_id = self.env["mail.thread"].message_process("qms.quality.order", text)
        return self.env["qms.quality.order"].browse(order_id)

    def test_a_mail_makes_an_order(self):
        order = self._mail()
        self.assertEqual(
            (order.event, order.state, order.team_id, order.subject),
            ("manual", "draft", self.dairy_team, "Off taste in your yoghurt"),
        )
        self.assertFalse(order.product_id or order.uom_id or order.partner_id)
        self.assertFalse(self._held(order))
        self.assertIn("taste of soap", order.message_ids[0].body)
        self.assertTrue(order.name.startswith("QO/"))
        # the responsible is told, and an inspector works on it
        notified = order.message_ids[0].notified_partner_ids
        self.assertEqual(notified, self.manager.partner_id)
        order = order.with_user(self.inspector)
        order.test_group_ids = self.group
        self._fill(order)
        order.action_validate()
        self.assertEqual(order.verdict, "passed")

    def test_a_known_customer_is_the_partner_and_a_colleague_is_not(self):
        customer = self.env["res.partner"].create(
            {"name": "Mia", "email": "mia@customer.example"}
        )
        order = self._mail()
        self.assertEqual(order.partner_id, customer)
        self.inspector.partner_id.email = "ines@dairy.test"
        text = MAIL.format(
            to="dairy-complaints@dairy.example", sender="ines@dairy.test", number=2
        )
        order_id = self.env["mail.thread"].message_process("qms.quality.order", text)
        order = self.env["qms.quality.order"].browse(order_id)
        self.assertEqual(order.subject, "Off taste in your yoghurt")
        self.assertFalse(order.partner_id)

    def test_an_alias_forges_nothing(self):
        self.dairy_team.alias_name = "dairy-complaints"
        alias = self.dairy_team.sudo().alias_id
        alias.alias_defaults = repr({"state": "validated", "verdict": "passed"})
        with self.assertRaises(AccessError):
            self.env["qms.quality.order"].message_new(
                {"subject": "x"}, literal_eval(alias.alias_defaults)
            )
        # the gateway is the only one to bring mails
        with self.assertRaises(AccessError):
            get_public_method(self.env["qms.quality.order"], "message_new")

    # -- The board ---------------------------------------------------------------------

    def test_the_board_counts(self):
        today = fields.Date.context_today(self.env.user)
        yesterday = fields.Date.subtract(today, days=1)
        tomorrow = fields.Date.add(today, days=1)
        team = {"team_id": self.dairy_team.id}
        late = self._make_order(**team, date_due=yesterday)
        due = self._make_order(**team, date_due=today, user_id=self.inspector.id)
        self._make_order(**team, date_due=tomorrow, user_id=self.inspector.id)
        self._make_order(**team, date_due=tomorrow).with_user(
            self.manager
        ).action_cancel()
        team = self.dairy_team.with_user(self.inspector)
        names = ("todo_count", "today_count", "late_count", "unassigned_count")
        self.assertEqual([team[name] for name in names], [3, 1, 1, 1])
        self.assertEqual(self._list(team.action_open_late()), late)
        self.assertEqual(self._list(team.action_open_today()), due)
        self.assertEqual(self._list(team.action_open_unassigned()), late)
        self.assertEqual(len(self._list(team.action_open_todo())), 3)
        self.assertEqual(len(self._list(team.action_open_all())), 4)

    def _list(self, action):
        """Return what the list shows that ``action`` opens, by its search view."""
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        return orders.search(get_start_domain(orders, action))

    def test_the_board_costs_the_same_for_all_teams(self):
        teams = self.dairy_team + self.any_goods
        for number in range(20):
            teams += self._make_team(f"Team {number}")
            self._make_order(team_id=teams[-1].id)
        names = ["todo_count", "today_count", "late_count", "unassigned_count"]
        names.append("laboratory_count")
        teams = teams.with_user(self.inspector)
        teams[0].read(names)
        teams.invalidate_recordset()
        teams.read(["name"])
        with self.assertQueryCount(5):
            teams.read(names)

    def test_my_orders(self):
        mine = self._make_order(user_id=self.inspector.id)
        teams = self._make_order(team_id=self.dairy_team.id)
        other = self._make_order(user_id=self.manager.id)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "qms_quality.action_qms_my_quality_order"
        )
        found = self._list(action)
        self.assertEqual(found & (mine + teams + other), mine + teams)
