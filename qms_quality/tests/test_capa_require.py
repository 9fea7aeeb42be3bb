from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_capa import CapaCase


@tagged("post_install", "-at_install")
class TestCapaRequire(CapaCase):
    """A CAPA can demand one thing more of a supplier."""

    def _change(self, **vals):
        capa = self._make_capa()
        return (
            self.env["qms.capa.change"]
            .with_user(self.manager)
            .create(
                {
                    "capa_id": capa.id,
                    "kind": "require",
                    "require_kind": "certificate",
                    "partner_id": self.partner.id,
                    "product_ids": [(4, self.product.id)],
                    **vals,
                }
            )
        )

    def _cards(self):
        return self.env["qms.qrs"].search([("partner_ids", "in", self.partner.ids)])

    def test_a_card_is_made(self):
        change = self._change()
        change.action_apply()
        card = self._cards()
        self.assertEqual((card.state, card.type), ("active", "purchase"))
        self.assertEqual(card.line_ids.product_id, self.product)
        self.assertEqual(card.line_ids.criterion_ids.kind, "certificate")
        self.assertEqual(card.line_ids.criterion_ids.departure, "blocked")
        self.assertEqual((change.res_model, change.res_id), ("qms.qrs", card.id))

    def test_a_card_that_is_there_gets_a_new_version(self):
        self._change().action_apply()
        former = self._cards()
        second = self._change(
            require_kind="test_group",
            require_test_group_id=self.group.id,
            require_departure="approval",
        )
        second.action_apply()
        self.assertEqual(former.state, "inactive")
        card = self._cards() - former
        self.assertEqual((card.state, card.version), ("active", 2))
        self.assertEqual(
            card.line_ids.criterion_ids.mapped("kind"), ["certificate", "test_group"]
        )

    def test_a_card_that_waits_for_approval_keeps_the_check_waiting(self):
        self._make_rule({}, guarded="qms.qrs:activate")
        change = self._change()
        change.action_apply()
        card = self._cards()
        self.assertEqual(card.state, "draft")
        self.assertEqual(
            change._get_pending(), [f"{card.display_name} isn't in force yet"]
        )
        self._approve(self._get_request(card), self.second)
        self.assertEqual(card.state, "active")
        self.assertFalse(change._get_pending())

    def test_what_is_missing_is_said(self):
        change = self._change(
            partner_id=False, require_kind="test_group", product_ids=False
        )
        change.partner_id = False
        with self.assertRaises(UserError) as caught:
            change.action_apply()
        self.assertIn("choose the supplier", caught.exception.args[0])
        self.assertIn("choose the test group", caught.exception.args[0])
