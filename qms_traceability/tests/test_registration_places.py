from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationPlaces(TrackedCase):
    """The page opens from everywhere, for a worker without other rights."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        bench = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            (0, 0, {"name": "Assemble", "workcenter_id": bench.id})
        ]
        cls.order = cls._order()

    def _check(self, record, *views):
        """The worker has the button in these views, and it opens the order's page."""
        record = record.with_user(self.worker)
        for view, kind in views:
            view_id = view and self.env.ref(view).id
            arch = record.get_view(view_id, kind)["arch"]
            self.assertIn('name="action_qms_track"', arch, view or kind)
        action = record.action_qms_track()
        self.assertEqual(action["tag"], "qms_track_components")
        order = self.env["mrp.production"].with_user(self.worker)
        order = order.browse(action["context"]["active_id"])
        self.assertEqual(order.production_group_id, self.order.production_group_id)
        self.assertEqual(order.qms_get_tracked()["order"]["product"], "Pump")

    def test_order(self):
        self._check(
            self.order,
            ("mrp.mrp_production_form_view", "form"),
            ("mrp.mrp_production_tree_view", "list"),
        )

    def test_several_orders_of_the_list(self):
        with self.assertRaisesRegex(UserError, "Choose one order"):
            (self.order | self._order()).action_qms_track()
        row = self._build(self.order, "P-0", self.motors[0], self.oils[0])
        # core lets no plain user close work orders beside accounting
        self.order.qms_report_finished([row])
        # parts of one order have one page
        parts = self.order.production_group_id.production_ids
        self.assertEqual(len(parts), 2)
        self._check(parts)

    def test_component(self):
        self._check(
            self._move(self.order, self.oil),
            ("mrp.view_mrp_stock_move_operations", "form"),
        )

    def test_work_order(self):
        self._check(
            self.order.workorder_ids,
            ("mrp.mrp_production_workorder_form_view_inherit", "form"),
            ("mrp.mrp_production_workorder_tree_editable_view", "list"),
            ("mrp.mrp_production_workorder_tree_editable_view_mo_form", "list"),
            ("mrp.mrp_production_workorder_tree_view", "list"),
            # what Community shows on the floor
            ("mrp.workcenter_line_kanban", "kanban"),
        )

    def test_serials_dialog(self):
        dialog = self.env["mrp.production.serials"].with_user(self.worker)
        dialog = dialog.create({"production_id": self.order.id})
        self._check(dialog, ("mrp.view_mrp_production_serials_form", "form"))

    def test_backorder_dialog(self):
        self._build(self.order, "P-0", self.motors[0], self.oils[0])
        action = self.order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.backorder")
        dialog = Form.from_action(self.env(user=self.worker), action).save()
        self._check(dialog, ("mrp.view_mrp_production_backorder_form", "form"))

    def test_close_dialog(self):
        """The order takes other quantities than planned: the dialog to close it."""
        row = self._accept(self.order, "P-0")["product"]["id"]
        self._accept(self.order, "MOT-0", row)
        action = self.order.qms_report_finished([row])
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        dialog = Form.from_action(self.env(user=self.worker), action).save()
        self._check(dialog, ("mrp.view_mrp_consumption_warning_form", "form"))

    def test_nothing_to_register(self):
        untracked = self._make_product("Paint", tracking="none")
        bom = self._make_bom(untracked, {self.oil: 1})
        with self.assertRaisesRegex(UserError, "has no lots or serial numbers"):
            self._order(1, bom).action_qms_track()
