from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import QmsCase

ACTION = "qms_quality.qms_starting_point_card_action_server"
MENU = "qms_quality.menu_qms_starting_point"


@tagged("post_install", "-at_install")
class TestStartingPointCard(QmsCase):
    """Starting points are switched on by who makes the rules, without settings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.officer = cls._make_user(
            "qms_officer", "qms_quality.group_compliance_officer"
        )
        cls.both = cls._make_user(
            "qms_both",
            "qms_quality.group_quality_manager",
            "qms_quality.group_compliance_officer",
        )
        for model in ("qms.quality.association", "qms.status.rule"):
            cls.env[model].search([]).active = False

    def _open(self, user):
        """Open the menu as a user; return the cards by their starting points."""
        action = self.env.ref(ACTION).with_user(user).run()
        cards = self.env[action["res_model"]].with_user(user).search(action["domain"])
        return cards.grouped("key")

    def _sees_menu(self, user):
        menus = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menu = self.env.ref(MENU)
        return {menu.id, menu.parent_id.id} <= set(menus)

    def test_a_manager_switches_receiving_on(self):
        self.assertTrue(self._sees_menu(self.manager))
        card = self._open(self.manager)["receiving"]
        self.assertEqual((card.state, card.may_switch_on), ("off", True))
        self.assertEqual(
            card.content.splitlines(),
            [
                "Packaging is whole and clean",
                "Papers and labels agree with the goods",
                "Receiving check",
                "All receipts",
                "Customer return",
            ],
        )
        action = card.action_switch_on()
        self.assertEqual(
            action["params"]["message"],
            "Receiving Inspection is switched on. Adjust its rules to your goods.",
        )
        self.assertEqual(self._open(self.manager)["receiving"].state, "on")

    def test_what_is_missing_is_added(self):
        self._open(self.manager)["food"].action_switch_on()
        self.env["qms.status.rule"].search([]).active = False
        card = self._open(self.manager)["food"]
        self.assertEqual((card.state, card.missing), ("partly", "Customer return"))
        card.action_switch_on()
        self.assertEqual(self._open(self.manager)["food"].state, "on")

    def test_compliance_rules_take_a_compliance_officer(self):
        both = "A quality manager who is a compliance officer, too, switches this on."
        for key, who in (
            ("regulated", both),
            ("dispositions", "A compliance officer switches this on."),
            ("capas", "A compliance officer switches this on."),
        ):
            card = self._open(self.manager)[key]
            self.assertFalse(card.may_switch_on)
            self.assertEqual(card.who, who)
            with self.assertRaisesRegex(AccessError, "Only members of the group"):
                card.action_switch_on()
            self.assertEqual(card.state, "off")
        self._open(self.both)["regulated"].action_switch_on()
        states = {key: card.state for key, card in self._open(self.both).items()}
        self.assertEqual(
            states,
            {
                "receiving": "on",
                "food": "off",
                "regulated": "on",
                "dispositions": "on",
                "capas": "on",
            },
        )

    def test_an_officer_switches_on_approvals_and_nothing_else(self):
        self.assertTrue(self._sees_menu(self.officer))
        cards = self._open(self.officer)
        for key in ("dispositions", "capas"):
            cards[key].action_switch_on()
        cards = self._open(self.officer)
        for key in ("dispositions", "capas"):
            self.assertEqual(cards[key].state, "on")
        for key in ("receiving", "food", "regulated"):
            self.assertFalse(cards[key].may_switch_on)
            with self.assertRaises(AccessError):
                cards[key].action_switch_on()
            self.assertEqual(cards[key].state, "off")

    def test_nobody_else_gets_there(self):
        cards = self._open(self.manager)
        for user in (self.clerk, self.inspector):
            self.assertFalse(self._sees_menu(user))
            with self.assertRaises(AccessError):
                self.env.ref(ACTION).with_user(user).run()
            with self.assertRaises(AccessError):
                self.env["qms.starting.point.card"].with_user(user).action_open_all()
            with self.assertRaises(AccessError):
                cards["receiving"].with_user(user).action_switch_on()
        with self.assertRaises(AccessError):
            cards["receiving"].key = "food"
