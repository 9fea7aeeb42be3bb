"""Two people decide on the same request at once: one after the other, and done once."""

from functools import partial

from odoo.service.model import retrying
from odoo.tests import new_test_user, tagged

from .race_case import RaceCase, Step


class Request(Step):
    """A transaction in what Odoo puts around each request, HTTP or RPC."""

    def _try(self):
        work = self.work
        self.work = lambda env: retrying(partial(work, env), env)
        return super()._try()


@tagged("standard", "post_install", "-at_install")
class TestRaceApproval(RaceCase):
    """Of two decisions at a time, the second sees the first."""

    cleaning = (
        "UPDATE qms_approval SET step_id = NULL",
        "DELETE FROM qms_approval_vote",
        "DELETE FROM qms_approval_step",
        "DELETE FROM mail_activity WHERE res_model = 'qms.approval'",
        "DELETE FROM qms_approval",
        "DELETE FROM qms_approval_rule WHERE name = 'RACE'",
    )

    def _make(self, env):
        manager = "qms_quality.group_quality_manager"
        users = [
            new_test_user(
                env, f"race_{name}", manager, context={"no_reset_password": True}
            )
            for name in ("asks", "one", "other")
        ]
        self.asks_id, self.one_id, self.other_id = [user.id for user in users]
        self._make_rule(env, manager)
        product = env["product.product"].create(
            {"name": "Race approval", "is_storable": True, "tracking": "lot"}
        )
        self.product_ids.append(product.id)
        lot = env["stock.lot"].create({"name": "RACE-A", "product_id": product.id})
        hold = env["qms.hold"]._place(
            [
                {
                    "product_id": product.id,
                    "lot_id": lot.id,
                    "status_id": env.ref("qms_quality.status_on_hold").id,
                    "reason": "Race",
                }
            ]
        )
        self.hold_id = hold.id

    def _make_rule(self, env, manager):
        step = {"name": "Agree", "group_id": env.ref(manager).id}
        env["qms.approval.rule"].create(
            {
                "name": "RACE",
                "guarded": "qms.hold:release",
                "company_id": False,
                "filter_domain": "[('product_id.name', '=', 'Race approval')]",
                "step_ids": [(0, 0, step)],
            }
        )

    def _clean_more(self, env):
        for user_id in (self.asks_id, self.one_id, self.other_id):
            user = env["res.users"].browse(user_id)
            env.cr.execute("DELETE FROM mail_activity WHERE user_id = %s", [user_id])
            user.active = False
            user.login = f"gone-{user_id}"
        env.registry.clear_cache()

    def _ask(self):
        with self.transaction() as env:
            hold = env["qms.hold"].with_user(self.asks_id).browse(self.hold_id)
            hold._qms_guarded("release", reason="Race", comment=False)
            return env["qms.approval"].search([("res_id", "=", self.hold_id)]).id

    def _decide(self, user_id, request_id, method="action_approve"):
        def work(env):
            request = env["qms.approval"].with_user(user_id).browse(request_id)
            getattr(request, method)()

        return Step(self, work)

    def _read(self, request_id):
        with self.transaction() as env:
            request = env["qms.approval"].browse(request_id)
            released = env["qms.audit.entry"].search_count(
                [
                    ("res_model", "=", "qms.hold"),
                    ("res_id", "=", self.hold_id),
                    ("event", "=", "release"),
                ]
            )
            return request.state, request.vote_ids.user_id.ids, released

    def test_two_approvals(self):
        request_id = self._ask()
        first = self._decide(self.one_id, request_id)
        second = self._decide(self.other_id, request_id)
        self._race(first, second)
        self.assertIsNone(first.refusal)
        self.assertIn("Nothing is left to decide here", second.refusal)
        self.assertEqual(second.runs, 2)
        state, voters, released = self._read(request_id)
        self.assertEqual((state, voters), ("used", [self.one_id]))
        self.assertGreaterEqual(released, 1)

    def test_approval_and_withdrawal(self):
        request_id = self._ask()
        first = self._decide(self.asks_id, request_id, "action_withdraw")
        second = self._decide(self.one_id, request_id)
        self._race(first, second)
        self.assertIn("Nothing is left to decide here", second.refusal)
        self.assertEqual(self._read(request_id), ("withdrawn", [], 0))

    def test_two_requests(self):
        def ask(env):
            hold = env["qms.hold"].with_user(self.asks_id).browse(self.hold_id)
            hold._qms_guarded("release", reason="Race", comment=False)

        first, second = Step(self, ask), Request(self, ask)
        self._race(first, second)
        self.assertIsNone(first.refusal)
        self.assertEqual(
            second.refusal,
            "The operation cannot be completed: Approval of this was asked for already,"
            " at this moment. Look again.",
        )
        with self.transaction() as env:
            domain = [("res_id", "=", self.hold_id), ("state", "=", "pending")]
            self.assertEqual(env["qms.approval"].search_count(domain), 1)
