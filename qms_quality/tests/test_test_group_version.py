from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged

from .common_inspection import InspectionCase


@tagged("post_install", "-at_install")
class TestTestGroupVersion(InspectionCase):
    """One version is in force and stays as it is; orders keep theirs."""

    def setUp(self):
        super().setUp()
        self.milk = self.group.with_user(self.manager)

    def _refused(self, message, function, *arguments, error=UserError):
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            function(*arguments)
        self.assertEqual(str(caught.exception), message)

    def _new_version(self):
        action = self.milk.action_new_version()
        return self.milk.browse(action["res_id"])

    def test_a_new_group_is_put_in_force_by_a_click(self):
        draft = self._draft_group("New", {"test_id": self.weight.id})
        self.assertEqual((draft.state, draft.version), ("draft", 1))
        order = {
            "product_id": self.product.id,
            "lot_ids": self._make_lot("V1").ids,
            "test_group_ids": draft.ids,
        }
        orders = self.env["qms.quality.order"].with_user(self.inspector)
        self._refused(
            "These test groups are not in force, so nothing can be inspected by them:"
            " New. Activate them first, or choose the version in force.",
            orders.create,
            order,
        )
        draft.with_user(self.manager).action_activate()
        self.assertEqual((draft.state, draft.activated_by_id), ("active", self.manager))
        self.assertTrue(orders.create(order).test_ids)
        self._refused(
            "Only drafts can be put in force, not: New.",
            draft.with_user(self.manager).action_activate,
        )

    def test_a_version_in_force_is_read_only(self):
        fixed = (
            "These test groups are in force or were, and stay as they are: Raw milk."
            " Make a new version instead."
        )
        line = self.milk.line_ids[0]
        for vals in (
            {"name": "Other"},
            {"failed_status_id": self.rejected.id},
            {"passed_status_id": self.rejected.id},
            {"instructions": "<p>New</p>"},
            {"line_ids": [Command.delete(line.id)]},
            {"line_ids": [Command.update(line.id, {"upper_limit": 9})]},
            {"attachment_ids": [Command.create({"name": "x", "raw": b"x"})]},
        ):
            self._refused(fixed, self.milk.write, vals)
        self._refused(fixed, line.write, {"upper_limit": 9})
        self._refused(fixed, line.unlink)
        self._refused(fixed, line.copy)
        self._refused(
            "These test groups are in force or were, and can't be deleted: Raw milk."
            " Archive them instead.",
            self.milk.unlink,
        )
        other = self.milk.copy()
        self._refused(fixed, other.line_ids.write, {"group_id": self.milk.id})
        self.milk.active = False
        self.milk.sequence = 3

    def test_a_new_version_takes_over(self):
        rule = self._associate(product_ids=self.product.ids)
        order = self._receive_order()
        draft = self._new_version()
        self.assertEqual(
            (draft.name, draft.version, draft.state, draft.display_name),
            ("Raw milk", 2, "draft", "Raw milk, version 2"),
        )
        self.assertEqual(self._new_version(), draft)
        draft.line_ids[0].upper_limit = 5.5
        draft.action_activate()
        self.assertEqual((self.milk.state, draft.state), ("retired", "active"))
        self.assertEqual(rule.test_group_id, draft.with_user(self.env.user))
        self.assertEqual(order.spec_ids.test_group_id, self.group)
        self.assertEqual(order.test_ids[0].upper_limit, 6)
        self.assertEqual(self._receive_order(lots=["L2"]).test_ids[0].upper_limit, 5.5)
        third = draft.browse(draft.action_new_version()["res_id"])
        self.assertEqual((third.version, third.root_id), (3, self.milk))
        self.assertEqual(self.milk.version_count, 3)

    def test_a_draft_of_a_rule_inspects_nothing_yet(self):
        draft = self._draft_group("Later", {"test_id": self.weight.id})
        self._associate(draft, product_ids=self.product.ids)
        self.assertFalse(self._orders(self._receive(["L1"])))
        draft.action_activate()
        self.assertTrue(self._orders(self._receive(["L2"])))

    def test_documents_are_copied_and_stay(self):
        draft = self._new_version()
        draft.attachment_ids = [
            Command.create({"name": "how.pdf", "raw": b"%PDF-1", "res_id": draft.id})
        ]
        draft.attachment_ids.res_model = draft._name
        draft.action_activate()
        self._associate(draft, product_ids=self.product.ids)
        document = draft.attachment_ids
        order = self._receive_order().with_user(self.inspector)
        self.assertEqual(order.spec_ids.attachment_ids.raw, b"%PDF-1")
        message = (
            "how.pdf: part of test groups in force, and stays as it is. Make a new"
            " version of: Raw milk, version 2."
        )
        self._refused(message, document.write, {"raw": b"%PDF-2"})
        self._refused(message, document.unlink)
        third = draft.browse(draft.action_new_version()["res_id"])
        self.assertEqual(third.attachment_ids.raw, b"%PDF-1")
        self.assertNotEqual(third.attachment_ids, document)
        third.attachment_ids.raw = b"%PDF-2"
        self.assertEqual(document.raw, b"%PDF-1")

    def test_a_rule_can_ask_for_approval(self):
        other = self._make_user("qms_other", "qms_quality.group_quality_manager")
        self.env["qms.approval.rule"].create(
            {
                "name": "Specifications",
                "guarded": "qms.test.group:activate",
                "step_ids": [
                    Command.create(
                        {"name": "QA", "approver": "user", "user_id": other.id}
                    ),
                ],
            }
        )
        draft = self._new_version()
        draft.action_activate()
        self.assertEqual(draft.state, "draft")
        request = self.env["qms.approval"].search(
            [("res_model", "=", draft._name), ("res_id", "=", draft.id)]
        )
        self.assertEqual(request.state, "pending")
        hashed = draft._qms_content_hash("activate", {})
        draft.line_ids[0].upper_limit = 5.9
        self.assertNotEqual(draft._qms_content_hash("activate", {}), hashed)

    def test_states_by_rpc(self):
        draft = self._draft_group("RPC", {"test_id": self.weight.id})
        groups = self.env["qms.test.group"].with_user(self.manager)
        protected = "These fields of a test group are set by its buttons only: %s."
        for vals, label in (
            ({"state": "active"}, "State"),
            ({"version": 7}, "Version"),
            ({"root_id": self.group.id}, "First Version"),
            ({"activated_by_id": self.env.uid}, "Activated by"),
        ):
            self._refused(
                protected % label,
                lambda vals=vals: call_kw(groups, "write", [draft.ids, vals], {}),
                error=AccessError,
            )
            self._refused(
                protected % label,
                lambda vals=vals: call_kw(
                    groups, "create", [{"name": "RPC", **vals}], {}
                ),
                error=AccessError,
            )
        key = {"default_state": "active", "qms_sentinel": True}
        made = call_kw(groups, "create", [{"name": "RPC"}], {"context": key})
        made = made[0] if isinstance(made, list) else made
        self.assertEqual(groups.browse(made).state, "draft")
        inspector = groups.with_user(self.inspector)
        self._refused(
            "Only members of the group Quality / Quality manager can do this.",
            lambda: call_kw(inspector, "action_activate", [draft.ids], {}),
            error=AccessError,
        )
        self._refused(
            "Only members of the group Quality / Quality manager can do this.",
            lambda: call_kw(inspector, "action_new_version", [draft.ids], {}),
            error=AccessError,
        )
        for name in ("_qms_do_activate", "_hand_over"):
            with self.assertRaises(AccessError):
                get_public_method(groups, name)
        self.assertEqual(draft.state, "draft")
