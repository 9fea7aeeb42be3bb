from odoo.tests import Form, tagged

from .common_tracked import TrackedCase


@tagged("post_install", "-at_install")
class TestRegistrationSigned(TrackedCase):
    """Where *Regulated* is switched on, a correction after closing is signed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls._registry_patched:
            # failed tries are counted on a cursor of their own
            cls.registry_enter_test_mode_cls()
        cls.worker.password = cls.worker.login
        cls.order = cls._order(1)
        cls.env["qms.starting.point"]._switch_on("regulated")

    def setUp(self):
        super().setUp()
        row = self._build(self.order, "P-1", self.motors[0], self.oils[0])
        self.order.qms_report_finished([row])
        self.row = self.env["qms.tracked.product"].browse(row)

    def _correct(self):
        """Fill in the dialog as the worker does; return what its button answers."""
        action = self.order.qms_adjust_consumption(self.row.id)
        with Form.from_action(self.env(user=self.worker), action) as form:
            with form.line_ids.edit(0) as line:
                line.lot_id = self.motors[1]
            form.reason = "Wrong label"
        return form.record.action_confirm()

    def _links(self):
        self.env.flush_all()
        links = self.env["qms.lot.link"].search(
            [("production_id", "=", self.order.id)], order="id"
        )
        return links.filtered(lambda one: one.from_lot_id.product_id == self.motor)

    def test_without_signature_nothing_is_corrected(self):
        opened = self._correct()
        self.assertEqual(opened["res_model"], "qms.signature.wizard")
        self.assertEqual(self._consumed(self.order), {"MOT-0": 1, "OIL-0": 2})
        self.assertEqual(set(self.row.component_ids.mapped("state")), {"done"})
        self.assertEqual(self._links().from_lot_id, self.motors[0])

    def test_signed_correction(self):
        earlier = self._links()
        opened = self._correct()
        dialog = self.env["qms.signature.wizard"].with_user(self.worker)
        dialog = dialog.browse(opened["res_id"])
        self.assertIn("MOT-0 → MOT-1: 1", dialog.content_html)
        dialog.action_sign({"login": self.worker.login, "secret": self.worker.login})
        self.env.invalidate_all()
        self.assertEqual(self._consumed(self.order), {"MOT-1": 1, "OIL-0": 2})
        signature = self.env["qms.signature"].search(
            [("res_model", "=", self.row._name), ("res_id", "=", self.row.id)]
        )
        self.assertEqual(
            (signature.user_id, signature.meaning), (self.worker, "Responsible")
        )
        # the earlier link and registration stay
        links = self._links()
        self.assertEqual((links & earlier).from_lot_id, self.motors[0])
        now = links.filtered(lambda one: not (one.reverses_id or one.undone_by_ids))
        self.assertEqual(now.from_lot_id, self.motors[1])
        motors = self.row.component_ids.filtered(
            lambda one: one.product_id == self.motor
        )
        self.assertEqual(motors.mapped("state"), ["replaced", "done"])

    def test_rule_is_of_regulated_only(self):
        rules = self.env["qms.signature.rule"].search(
            [("guarded", "=", "qms.tracked.product:correct")]
        )
        self.assertEqual(rules.group_id, self.env.ref("mrp.group_mrp_user"))
        self.assertEqual(rules.signature_count, 1)
        self.assertEqual(rules.meaning_ids.mapped("name"), ["Responsible"])
        # and of what else is signed, nothing is left out or added
        self.assertEqual(
            set(self.env["qms.signature.rule"].search([]).mapped("guarded")),
            {
                "qms.tracked.product:correct",
                "qms.quality.order:validate",
                "qms.hold:release",
            },
        )
        self.assertEqual(rules.company_id, self.company)
        rules.active = False
        self.assertEqual(self._correct()["type"], "ir.actions.act_window_close")
        self.assertEqual(self._consumed(self.order), {"MOT-1": 1, "OIL-0": 2})
