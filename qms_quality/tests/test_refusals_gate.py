from odoo.tests import Form, tagged

from .common import QmsCase
from .refusal_case import RefusalMixin


@tagged("post_install", "-at_install")
class TestGateRefusals(RefusalMixin, QmsCase):
    """What people read who get on the wrong side of the ledger of holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lot = cls._make_lot("M-1")
        cls._stock_up(10, cls.lot)
        cls.hold = cls._hold(lot=cls.lot)
        cls.mistake = cls.env.ref("qms_quality.reason_release_placed_by_mistake")

    def _open(self, action, user):
        """Open the dialog that a button returns."""
        dialogs = self.env[action["res_model"]].with_user(user)
        return dialogs.with_context(**action.get("context", {})).browse(
            action["res_id"]
        )

    def _release(self, hold):
        wizard = self._open(hold.with_user(self.manager).action_release(), self.manager)
        wizard.reason_id = self.mistake
        return wizard

    def test_ledger(self):
        """Not even an administrator on the server corrects it."""
        self.assertRefusals(
            (
                "A hold is never deleted. Release it: its history stays.",
                self.hold.unlink,
            ),
            ("A hold can't be copied.", self.hold.copy),
        )

    def test_two_managers_release_the_same(self):
        late, early = self._release(self.hold), self._release(self.hold)
        early.action_release()
        self.assertRefusals(
            (
                f"These holds are released already: {self.hold.name}.",
                late.action_release,
            ),
            (
                "These holds are released already.",
                self.hold.with_user(self.manager).action_release,
            ),
        )

    def test_every_row_of_the_dialog_was_removed(self):
        wizard = self._release(self.hold)
        with Form(wizard) as form:
            form.line_ids.remove(0)
        self.assertRefusals(
            ("There is nothing to do: no goods are left.", wizard.action_release)
        )

    def test_hold_that_travelled(self):
        self._stock_up(5, self.lot, self.shelf)
        self.hold._release("Test")
        root = self._hold(
            self.env.ref("qms_quality.status_conditional"),
            lot=self.lot,
            location=self.shelf,
        )
        cold = self._make_location("Cold")
        move = self._picking("internal", 5, source=self.shelf, dest=cold)
        move.action_confirm()
        move.action_assign()
        move.move_ids.picked = True
        move.button_validate()
        self.assertRefusals(
            (
                "These holds travelled with their goods. Release the holds that they"
                f" extend: {root.name}.",
                root.child_ids.with_user(self.manager).action_release,
            )
        )

    def test_status_of_goods_that_nothing_holds(self):
        available = self.available.with_user(self.manager)
        stays = (
            "Available is the status of goods that nothing holds: it allows everything"
            " and stays active. Make a status of your own."
        )
        self.assertRefusals(
            (stays, lambda: available.write({"policy_delivery": "block"})),
            (stays, lambda: available.write({"active": False})),
            (
                "The status of goods that nothing holds can't be deleted.",
                available.unlink,
            ),
        )

    def test_status_rule_about_two_things(self):
        rules = self.env["qms.status.rule"].with_user(self.manager)
        category = self.env["product.category"].create({"name": "Dairy"})
        values = {
            "product_id": self.product.id,
            "categ_id": category.id,
            "status_id": self.on_hold.id,
        }
        self.assertRefusals(
            (
                "Rule Milk · On hold: choose a product or a category, not both.",
                lambda: rules.create(values),
            )
        )

    def test_clerk_writes_a_status(self):
        lot = self.lot.with_user(self.clerk)
        self.assertRefusals(
            (
                "The status of a lot can't be written. Place or release a hold: the"
                " status follows.",
                lambda: lot.write({"inspection_status_id": self.available.id}),
            )
        )

    def test_inspector_merges_lots(self):
        lots = self._make_lot("M-2") | self._make_lot("M-3")
        wizard = self.env["qms.lot.merge"].with_user(self.inspector)
        wizard = wizard.with_context(active_model="stock.lot", active_ids=lots.ids)
        # sudo: the rights on the dialog refuse him before
        self.assertRefusals(
            (
                "Only users of Inventory may merge lots: ask one of them.",
                wizard.sudo().create({}).action_merge,
            )
        )

    def test_warning_that_somebody_else_was_asked(self):
        self.hold._release("Test")
        self._hold(
            self.env["qms.inspection.status"].create(
                {"name": "Use first", "code": "FIRST", "policy_delivery": "warn"}
            ),
            lot=self.lot,
        )
        action = self._delivery(4, self.lot).with_user(self.clerk).button_validate()
        other = self._make_user("qms_other_clerk", "stock.group_stock_user")
        # a client that skips the rule about whose dialog it is
        warning = self._open(action, other).sudo()
        self.assertRefusals(
            (
                "Only who was asked can confirm: press the button again.",
                warning.action_confirm,
            )
        )
