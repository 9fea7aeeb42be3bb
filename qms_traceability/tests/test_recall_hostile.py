from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common_recall import RecallCase


@tagged("post_install", "-at_install")
class TestRecallHostile(RecallCase):
    """People of another company, and of this one without rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.env["res.company"].create({"name": "Company B"})
        cls.seller_b = cls._make_user_b(
            "recall_seller_b", "sales_team.group_sale_manager", "stock.group_stock_user"
        )
        cls.coordinator_b = cls._make_user_b(
            "recall_coordinator_b", "qms_traceability.group_recall_coordinator"
        )

    @classmethod
    def _make_user_b(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            context={"no_reset_password": True},
            company_id=cls.company_b.id,
            company_ids=[(6, 0, cls.company_b.ids)],
        )

    def test_seller_of_another_company_traces_a_shared_product(self):
        """The lot is of no company: he may read it, and learns nothing of A from it."""
        self.assertFalse(self.dressing.company_id)
        self.assertFalse(self.dressing_product.company_id)
        trace = self.env["qms.trace"].with_user(self.seller_b)
        for lot in (self.ingredient, self.dressing):
            self.assertTrue(lot.with_user(self.seller_b).name)
            found = trace.both(lot.ids)
            self.assertFalse(found["links"])
            names = {node["name"] for node in found["nodes"]}
            self.assertLessEqual(names, {lot.name})
            for facts in ("get_deliveries", "get_receipts", "get_stock"):
                self.assertFalse(self._get_facts(trace, facts, lot), facts)

    def _get_facts(self, trace, name, lot):
        """Return what a user is told; nothing, where he is refused."""
        try:
            return getattr(trace, name)(lot.ids)
        except AccessError:
            return []

    def test_other_company_sees_no_recall(self):
        recall = self._told()
        for user in (self.seller_b, self.coordinator_b):
            for record in (
                recall,
                recall.line_ids,
                recall.customer_ids,
                recall.customer_ids.line_ids,
                recall.customer_ids.delivery_ids,
                recall.supplier_ids,
                recall.snapshot_ids,
            ):
                with self.subTest(user=user.login, model=record._name):
                    with self.assertRaises(AccessError):
                        record.with_user(user).read(["display_name"])
        model = self.env["qms.recall.customer"].with_user(self.coordinator_b)
        self.assertFalse(model.search([]))
        theirs = recall.with_user(self.coordinator_b)
        for name in (
            "action_analyse",
            "action_contain",
            "action_update",
            "action_close",
            "action_cancel",
            "action_export_fsma",
            "action_export_epcis",
        ):
            with self.assertRaises(AccessError):
                getattr(theirs, name)()
        for name in ("action_tell", "action_answer", "action_remind"):
            with self.assertRaises(AccessError):
                getattr(recall.customer_ids.with_user(self.coordinator_b), name)()
        with self.assertRaises(AccessError):
            recall.supplier_ids.with_user(self.coordinator_b).action_claim()

    def test_other_company_recalls_the_shared_lot(self):
        """Its recall names no customers of A, and says nothing of them."""
        recall = (
            self.env["qms.recall"]
            .with_user(self.coordinator_b)
            .create({"subject": "B", "lot_ids": [(6, 0, self.dressing.ids)]})
        )
        recall.action_analyse()
        self.assertFalse(recall.sudo().customer_ids)
        self.assertFalse(recall.sudo().supplier_ids)
        self.assertNotIn("Market", recall.snapshot_ids.content)
        self.assertNotIn("Market", recall.warning_text)
        self.assertIn(self.company.name, recall.warning_text)

    def test_portal_user_reads_his_notice_only(self):
        recall = self._told()
        notices = self.env["qms.recall.customer"].with_user(self.portal_user)
        self.assertEqual(notices.search([]), self._notice(recall))
        other = self._notice(recall, 1).with_user(self.portal_user)
        with self.assertRaises(AccessError):
            other.read(["state"])
        own = self._notice(recall).with_user(self.portal_user)
        for name in ("told_by_id", "answer_channel", "user_id", "phone", "preview"):
            with self.assertRaises(AccessError):
                own.read([name])
        with self.assertRaises(AccessError):
            own.write({"remark": "X"})
        for name in ("qms.recall", "qms.recall.lot", "qms.recall.delivery"):
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.portal_user).search([])
        for line in (own.sudo().line_ids, other.sudo().line_ids):
            with self.assertRaises(AccessError):
                line.with_user(self.portal_user).write({"returned": 1})
