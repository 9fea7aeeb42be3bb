"""A failing reading and the validation at the same time: no order passes over it."""

from odoo import api
from odoo.tests import new_test_user, tagged

from odoo.addons.qms_quality.models.sentinel import trusted

from .race_case import RaceCase, Step

ORDERS = "SELECT id FROM qms_quality_order WHERE product_id IN %(products)s"
OF_ORDERS = f"model = 'qms.quality.order' AND res_id IN ({ORDERS})"


@tagged("standard", "post_install", "-at_install")
class TestInspectionRace(RaceCase):
    """One inspector corrects a reading while another one validates the order."""

    cleaning = (
        f"DELETE FROM mail_message WHERE {OF_ORDERS}",
        f"DELETE FROM mail_followers WHERE res_{OF_ORDERS}",
        f"DELETE FROM mail_activity WHERE res_{OF_ORDERS}",
        "DELETE FROM qms_quality_order WHERE product_id IN %(products)s",
    )

    def _make(self, env):
        # what is asked here is what the order itself holds
        self._open_cases(env, False)
        self.user_ids = [self._make_inspector(env, name).id for name in ("one", "two")]
        product = env["product.product"].create(
            {"name": "Race milk", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        lot = env["stock.lot"].create({"name": "RACE", "product_id": product.id})
        test = env["qms.test"].create({"name": "Race weight", "code": "RACE"})
        line = {"test_id": test.id, "lower_limit": 4, "upper_limit": 6}
        group = env["qms.test.group"].create(
            {"name": "Race", "line_ids": [(0, 0, line)]}
        )
        group.action_activate()
        self.test_id, self.group_id = test.id, group.id
        order = self._as_inspector(env, 0).create(
            {
                "product_id": product.id,
                "lot_ids": lot.ids,
                "test_group_ids": group.ids,
            }
        )
        order.result_ids.value = 5
        self.order_id = order.id

    def _make_inspector(self, env, name):
        return new_test_user(
            env,
            f"race_{name}",
            groups="base.group_user,qms_quality.group_quality_inspector",
            context={"no_reset_password": True},
        )

    def _as_inspector(self, env, number):
        return env(user=self.user_ids[number])["qms.quality.order"]

    def _open_cases(self, env, value):
        """Let failed orders open cases or not, past the trail."""
        env.cr.execute(
            "UPDATE res_company SET qms_open_cases = %s WHERE id = %s",
            [value, env.company.id],
        )

    def _clean_more(self, env):
        self._open_cases(env, True)
        trusted(env["qms.test.group"]).browse(self.group_id).unlink()
        env["qms.test"].browse(self.test_id).unlink()
        users = env["res.users"].browse(self.user_ids)
        partners = users.partner_id
        users.unlink()
        partners.unlink()

    # -- The two inspectors ------------------------------------------------------------

    def _record(self, value):
        def work(env):
            order = self._as_inspector(env, 0).browse(self.order_id)
            order.result_ids.value = value

        return Step(self, work)

    def _validate(self):
        def work(env):
            self._as_inspector(env, 1).browse(self.order_id).action_validate()

        return Step(self, work)

    def _read(self):
        """Return the verdict, the reading, and the status the lot is held in."""
        with self.transaction() as env:
            order = env["qms.quality.order"].browse(self.order_id)
            self.assertEqual(order.state, "validated")
            held = order.hold_ids.filtered(lambda hold: hold.state == "open")
            return order.verdict, order.result_ids.value, held.status_id.name

    def test_reading_first(self):
        reading, validation = self._record(3.9), self._validate()
        self._race(reading, validation)
        self.assertEqual((reading.refusal, validation.refusal), (None, None))
        self.assertEqual(self._read(), ("failed", 3.9, "On hold"))
        self.assertEqual(validation.runs, 2, "the first run saw the earlier reading")

    def test_validation_first(self):
        validation, reading = self._validate(), self._record(3.9)
        self._race(validation, reading)
        self.assertIsNone(validation.refusal)
        self.assertIn("can't be changed any more", reading.refusal)
        self.assertEqual(self._read(), ("passed", 5, False))

    def test_reading_that_is_given_up(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, self.user_ids[0], {})
            order = env["qms.quality.order"].browse(self.order_id)
            order.result_ids.value = 3.9
            env.flush_all()
            validation = self._validate()
            self._start(validation)
            self.assertFalse(validation.ready.wait(1), "it passed a reading")
            cr.rollback()
        validation.finish()
        self.assertEqual(self._read(), ("passed", 5, False))
