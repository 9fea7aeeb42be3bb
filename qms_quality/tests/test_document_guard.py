from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .common_document import RequiredCase
from .rpc_case import Broken, JsonClient, Refused, XmlClient


class TestDocumentGuard(RequiredCase):
    """Only a QRS administrator changes requirements on orders, until goods move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_card("purchase", cls.partner)

    def setUp(self):
        super().setUp()
        self.order = self._make_purchase(5)
        self.copy = self._copies(self.order.order_line)

    def test_change_marks(self):
        """However it is changed: in the dialog, or a criterion by itself."""
        self.assertEqual(self.copy.state, "required")
        criterion = self.copy.criterion_ids.with_user(self.keeper)
        criterion.departure = "recorded"
        self.assertTrue(self.copy.manually_updated)
        self.assertEqual(self.copy.state, "manual")

    def test_change_in_dialog(self):
        action = self.order.order_line.with_user(self.buyer)
        action = action.action_qms_open_requirements()
        self.assertEqual(
            (action["res_model"], action["res_id"], action["target"]),
            ("qms.qrs.document.line", self.copy.id, "new"),
        )
        with Form(self.copy.with_user(self.keeper)) as form:
            form.instructions = "<p>By hand</p>"
            with form.criterion_ids.new() as criterion:
                criterion.kind = "package"
        self.assertTrue(self.copy.manually_updated)
        self.assertEqual(len(self.copy.criterion_ids), 2)

    def test_others_change_nothing(self):
        """Buyer, salesperson, clerk, inspector, quality manager."""
        for user in (self.buyer, self.seller, self.clerk, self.inspector, self.manager):
            copy = self.copy.with_user(user)
            for change in (
                lambda copy: copy.write({"instructions": "x"}),
                lambda copy: copy.write({"criterion_ids": [Command.clear()]}),
                lambda copy: copy.criterion_ids.write({"departure": "recorded"}),
                lambda copy: copy.criterion_ids.unlink(),
                lambda copy: copy.criterion_ids.copy(),
                lambda copy: copy.unlink(),
                lambda copy: copy.action_keep(),
                lambda copy: copy.action_take_from_card(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    change(copy)
        self.env.invalidate_all()
        self.assertFalse(self.copy.manually_updated)

    def test_locked_after_first_goods(self):
        """Even part of them, even for the administrator; the reason is told."""
        self.order.button_confirm()
        self._receive(self.order, 1)
        copy = self._copies(self.order.order_line).with_user(self.keeper)
        self.assertEqual(copy.state, "locked")
        text = (
            f"{self.order.name}, Milk: the requirements can't be changed any more."
            " Locked: goods of this line were received."
        )
        for change in (
            lambda: copy.write({"instructions": "x"}),
            lambda: copy.criterion_ids.write({"departure": "recorded"}),
            lambda: copy.criterion_ids.unlink(),
            lambda: copy.criterion_ids.create(
                {**self._prepare_criterion(self.france), "line_id": copy.id}
            ),
            copy.action_take_from_card,
        ):
            with self.assertRaises(UserError) as refused:
                change()
            self.assertEqual(str(refused.exception), text)

    def test_what_was_accepted_stays_as_it_was(self):
        """Else goods that were accepted by one thing would be free of another."""
        criterion = self.copy.criterion_ids.with_user(self.keeper)
        criterion.departure = "approval"
        deviation = trusted(self.env["qms.deviation"]).create(
            {
                "name": "DEV-1",
                "company_id": self.company.id,
                "document_line_id": self.copy.id,
                "criterion_id": criterion.id,
                "product_id": self.product.id,
                "direction": "in",
            }
        )
        criterion.country_ids = self.france
        deviation.write({"state": "accepted", "decision": "accepted"})
        text = (
            "“Origin of Milk is none of: France” stays as it is: goods that depart from"
            " it were accepted by deviation DEV-1. Add another criterion for what is"
            " asked besides."
        )
        for change in (
            lambda: criterion.write({"country_ids": [Command.clear()]}),
            lambda: self.copy.with_user(self.keeper).write(
                {
                    "criterion_ids": [
                        Command.update(criterion.id, {"departure": "blocked"})
                    ]
                }
            ),
            criterion.unlink,
        ):
            with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
                change()
            self.assertEqual(refused.exception.args[0], text)

    def test_commands_reach_no_other_order(self):
        """A command that names the criterion of a locked order is refused."""
        other = self._make_purchase(5)
        self.order.button_confirm()
        self._receive(self.order, 1)
        locked = self.copy.criterion_ids
        copy = self._copies(other.order_line).with_user(self.keeper)
        for command in (
            Command.link(locked.id),
            Command.update(locked.id, {"departure": "recorded"}),
            Command.delete(locked.id),
        ):
            with self.subTest(command=command), self.assertRaises(UserError):
                copy.write({"criterion_ids": [command]})
        self.env.invalidate_all()
        self.assertEqual(locked.exists().departure, "blocked")
        self.assertEqual(locked.line_id, self.copy)

    def test_adding_is_refused(self):
        """Table of why nothing can be added by hand."""
        add = self.env["qms.qrs.document.line"].with_user(self.keeper)._add_by_hand
        service = self.env["product.product"].create(
            {"name": "Advice", "type": "service"}
        )
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        moved = self._make_purchase(partner=stranger)
        moved.button_confirm()
        self._receive(moved, 1)
        for line, text in [
            (self.order.order_line, "Milk has its requirements."),
            (self._make_purchase(product=service).order_line, "Only lines with goods"),
            (moved.order_line, "Milk: goods have moved, or the order is cancelled."),
        ]:
            with self.assertRaisesRegex(UserError, text):
                add(line)
        line = self._make_purchase(partner=stranger).order_line
        with self.assertRaisesRegex(AccessError, "Ask a QRS administrator"):
            line.action_qms_add_requirements()

    def test_companies_see_their_own(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = self._make_user("qms_other", "purchase.group_purchase_user")
        user.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        copies = self.env["qms.qrs.document.line"].with_user(user)
        self.assertFalse(copies.search([("id", "=", self.copy.id)]))
        with self.assertRaises(AccessError):
            self.copy.with_user(user).read(["instructions"])


@tagged("post_install", "-at_install")
class TestDocumentRpc(RequiredCase, HttpCase):
    """Over RPC nobody forges what an order asks for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_card("purchase", cls.partner)
        cls.passwords = {}
        for user in (cls.buyer, cls.keeper):
            user.password = cls.passwords[user] = f"{user.login} pass"

    def test_forged(self):
        order = self._make_purchase(5)
        copy = self._copies(order.order_line)
        forged = {"res_model": "purchase.order.line", "res_id": order.order_line.id}
        calls = [
            ("create", None, {"vals_list": [{**forged, "product_id": 1}]}),
            ("write", copy.ids, {"vals": {"manually_updated": False}}),
            ("write", copy.ids, {"vals": {"is_ignored": True}}),
            ("write", copy.ids, {"vals": {"res_id": 1}}),
            ("write", copy.ids, {"vals": {"notice": "x"}}),
            ("unlink", copy.ids, {}),
            ("copy", copy.ids, {}),
            ("_derive", copy.ids, {}),
            ("_hand_to", copy.ids, {}),
        ]
        for client in (XmlClient, JsonClient):
            for user in (self.buyer, self.keeper):
                call = client(self, user)
                for method, ids, named in calls:
                    with (
                        self.subTest(
                            client=client.__name__, user=user.login, method=method
                        ),
                        self.assertRaises(Refused),
                    ):
                        try:
                            call(
                                "qms.qrs.document.line",
                                method,
                                ids,
                                context={"qms_sentinel": True},
                                **named,
                            )
                        except Broken as broken:
                            self.fail(str(broken))
        self.env.invalidate_all()
        self.assertEqual(len(copy.exists()), 1)
        self.assertFalse(copy.manually_updated or copy.is_ignored or copy.notice)
