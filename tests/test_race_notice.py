"""Two people tell the same customer, or propose it, at once: he is told once."""

from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.tests import new_test_user, tagged

from .race_case import RaceCase, Step

NOTICES = "SELECT id FROM qms_expiry_notice WHERE product_id IN %(products)s"


@tagged("standard", "post_install", "-at_install")
class TestNoticeRace(RaceCase):
    """Two sales managers press the same button."""

    cleaning = (
        f"""DELETE FROM mail_message WHERE model = 'qms.expiry.notice'
            AND res_id IN ({NOTICES})""",
        f"""DELETE FROM mail_followers WHERE res_model = 'qms.expiry.notice'
            AND res_id IN ({NOTICES})""",
        "UPDATE qms_expiry_notice SET main_id = NULL WHERE product_id IN %(products)s",
        "DELETE FROM qms_expiry_notice WHERE product_id IN %(products)s",
    )

    def _make(self, env):
        if not env.company.qms_expiry_notices:
            env.company.qms_expiry_notices = True
        self.user_ids = [
            new_test_user(
                env,
                f"race_{name}",
                groups="base.group_user,sales_team.group_sale_manager",
                context={"no_reset_password": True},
            ).id
            for name in ("one", "two")
        ]
        product = env["product.product"].create(
            {
                "name": "Race cream",
                "is_storable": True,
                "tracking": "lot",
                "use_expiration_date": True,
            }
        )
        self.product_ids.append(product.id)
        lot = env["stock.lot"].create(
            {
                "name": "RACE CREAM",
                "product_id": product.id,
                "expiration_date": fields.Datetime.now(),
            }
        )
        self.lot_id = lot.id
        self.partner_id = (
            env["res.partner"]
            .create({"name": "Race shop", "email": "race@shop.example"})
            .id
        )

    def _propose(self, env, user=None):
        notices = env(user=user or self.user_ids[0])["qms.expiry.notice"]
        row = (self.lot_id, self.partner_id, 5, fields.Date.today())
        return notices._propose(env.company, [row], kind="offer")

    def _count_told(self):
        with self.transaction() as env:
            notices = env["qms.expiry.notice"].search(
                [("product_id", "in", self.product_ids)]
            )
            self.assertEqual(len(notices), 1)
            return len(notices.message_ids.filtered("partner_ids"))

    def test_send_at_once(self):
        with self.transaction() as env:
            notice_id = self._propose(env).id

        def send(user):
            return lambda env: (
                env(user=user)["qms.expiry.notice"].browse(notice_id).action_send()
            )

        first = Step(self, send(self.user_ids[0]))
        first.start()
        first.ready.wait(30)
        second = Step(self, send(self.user_ids[1]))
        second.go.set()
        second.start()
        second.join(30)
        first.finish()
        self.assertFalse(first.refusal)
        self.assertIn("right now", second.refusal)
        self.assertEqual(self._count_told(), 1)

    def test_propose_at_once(self):
        first = Step(self, self._propose)
        first.start()
        first.ready.wait(30)
        second = Step(self, lambda env: self._propose(env, self.user_ids[1]))
        second.go.set()
        second.start()
        first.finish()
        second.join(30)
        self.assertIsInstance(second.crash, UniqueViolation)
        self.assertEqual(self._count_told(), 0)

    def _clean_more(self, env):
        env["res.users"].browse(self.user_ids).unlink()
        env["res.partner"].browse(self.partner_id).unlink()
