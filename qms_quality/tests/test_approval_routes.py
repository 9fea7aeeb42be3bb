from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common_approval import VALIDATE, ApprovalCase


@tagged("post_install", "-at_install")
class TestApprovalRoutes(ApprovalCase):
    """No guarded action runs before, by any route; and nothing changes unseen."""

    def _validate(self, order, user=None):
        return order.with_user(user or self.inspector).action_validate()

    def _get_hold(self, order):
        return self.env["qms.hold"]._search_open(order._name, order.ids)

    def test_validating_waits(self):
        self._make_rule(guarded=VALIDATE)
        order = self._receive_order()
        self._fill(order)
        self._validate(order)
        self.assertEqual(order.state, "open")
        request = self._get_request(order)
        self._approve(request, self.second)
        self.assertEqual(order.state, "validated")
        self.assertEqual(order.validated_by_id, self.inspector)

    def test_who_took_the_readings_does_not_approve_them(self):
        self._make_rule(guarded=VALIDATE)
        order = self._receive_order()
        self._fill(order, user=self.second)
        self._validate(order)
        request = self._get_request(order)
        with self.assertRaises(AccessError) as refusal:
            self._approve(request, self.second)
        self.assertIn(
            "you did part of it, so somebody else must agree.", str(refusal.exception)
        )
        self._approve(request, self.manager)
        self.assertEqual(order.state, "validated")

    def test_validated_order_does_not_release_a_guarded_hold(self):
        self._make_rule()
        order = self._receive_order()
        self._fill(order)
        hold = self._get_hold(order)
        self._validate(order)
        self.assertEqual((order.state, hold.state), ("validated", "open"))
        request = self._get_request(hold)
        self.assertEqual(request.requester_id, self.inspector)
        # who asked may not release by hand: his validating is what releases
        self._approve(request, self.manager)
        self.assertEqual((request.state, hold.state), ("used", "released"))
        self.assertEqual(hold.released_by_id, self.inspector)

    def test_inspector_of_the_order_does_not_release_its_hold(self):
        self._make_rule()
        order = self._receive_order()
        self._fill(order, user=self.second)
        self._validate(order)
        request = self._get_request(self.env["qms.hold"].search([], limit=1))
        with self.assertRaises(AccessError):
            self._approve(request, self.second)

    def test_cancelled_and_deleted_orders_keep_their_holds(self):
        self._make_rule()
        order = self._receive_order()
        hold = self._get_hold(order)
        order.with_user(self.manager).action_cancel()
        self.assertEqual(hold.state, "open")
        self.assertTrue(self._get_request(hold))
        order = self._receive_order(lots=["L2"])
        hold = self._get_hold(order)
        order.with_user(self.manager).unlink()
        self.assertEqual(hold.state, "open")
        self.assertTrue(self._get_request(hold))

    def test_term_of_a_status_rule(self):
        self._make_rule()
        self.env["qms.status.rule"].create(
            {
                "product_id": self.product.id,
                "status_id": self.on_hold.id,
                "term": 1,
                "next_status_id": self.available.id,
            }
        )
        self._receive(["T-1"])
        hold = self.env["qms.hold"].search([("date_term", "!=", False)], limit=1)
        self.env.flush_all()
        past = fields.Datetime.now() - timedelta(hours=1)
        self.env.cr.execute(
            "UPDATE qms_hold SET date_term = %s WHERE id = %s", [past, hold.id]
        )
        self.env.invalidate_all()
        cron = self.env.ref("qms_quality.cron_apply_status_terms")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertEqual(hold.state, "open")
        self._approve(self._get_request(hold), self.manager)
        self.assertEqual(hold.state, "released")

    def test_end_of_the_order_ends_the_request(self):
        self._make_rule(guarded=VALIDATE)
        order = self._receive_order()
        self._fill(order)
        self._validate(order)
        request = self._get_request(order)
        order.with_user(self.manager).action_cancel()
        self.assertEqual(request.state, "void")
        self.assertEqual(request.close_reason, "it was cancelled.")

    # -- A change voids it -------------------------------------------------------------

    def _ask_validate(self):
        self._make_rule(guarded=VALIDATE)
        order = self._receive_order()
        self._fill(order)
        self._validate(order)
        self._save()
        return order, self._get_request(order)

    def test_change_found_when_approving(self):
        order, request = self._ask_validate()
        order._qms_get_open_approvals()
        self.env.flush_all()
        # behind the ORM's back, so that no hook tells
        self.env.cr.execute(
            "UPDATE qms_quality_order_result SET note = 'x' WHERE order_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        message = request.with_user(self.second).action_approve()
        self.assertEqual(message["params"]["title"], "The approval is void")
        self.assertEqual((request.state, order.state), ("void", "open"))
        self.assertFalse(request.vote_ids)
        self.assertEqual(self._get_asked(request), self.inspector)
        self.assertIn(
            "The approval is void: what was to be approved has changed since.",
            order.message_ids[0].body,
        )
        # asked anew, it can be approved
        self._validate(order)
        self._approve(self._get_request(order), self.second)
        self.assertEqual(order.state, "validated")

    def test_change_of_a_reading_voids_at_once(self):
        order, request = self._ask_validate()
        order.result_ids[0].with_user(self.inspector).value = 4.5
        self._save()
        self.assertEqual(request.state, "void")

    def test_specification_added_voids_at_once(self):
        order, request = self._ask_validate()
        group = self._make_weight_group()
        order.with_user(self.inspector).test_group_ids = [(4, group.id)]
        self._save()
        self.assertEqual(request.state, "void")

    def test_what_does_not_count_voids_nothing(self):
        order, request = self._ask_validate()
        order.with_user(self.inspector).priority = "1"
        self._save()
        self.assertEqual(request.state, "pending")

    def test_file_added_or_removed_voids_at_once(self):
        order, request = self._ask_validate()
        vals = {"name": "Photo", "raw": b"x", "res_model": order._name}
        attachments = self.env["ir.attachment"].with_user(self.inspector)
        photo = attachments.create({**vals, "res_id": order.id})
        self.assertEqual(request.state, "void")
        self._validate(order)
        request = self._get_request(order)
        self.assertTrue(request)
        photo.unlink()
        self.assertEqual(request.state, "void")

    def _save(self):
        """Do what Odoo does at the end of a request."""
        self.env.flush_all()
        self.env.cr.precommit.run()
