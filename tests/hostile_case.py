"""Users with clients of their own making, and what none of them may change."""

import itertools

from odoo.tests import HttpCase

from odoo.addons.qms_quality.tests.route_case import RouteCase
from odoo.addons.qms_quality.tests.rpc_case import JsonClient, Refused, XmlClient


class HostileCase(RouteCase, HttpCase):
    """A plain stock user, an inspector and a manager, each with both clients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        users = cls.clerk | cls.inspector | cls.manager
        cls.passwords = {user: f"{user.login}-password" for user in users}
        for user, password in cls.passwords.items():
            user.password = password

    def setUp(self):
        super().setUp()
        self.hold = self._hold(lot=self.lot)

    def _clients(self, *users):
        return [
            client(self, user)
            for user, client in itertools.product(users, (XmlClient, JsonClient))
        ]

    def assertRefused(self, call, *args, **named):
        """Expect a refusal in words, and nothing changed."""
        before = self._get_state()
        with self.assertRaises(Refused):
            call(*args, **named)
        self.env.invalidate_all()
        self.assertEqual(self._get_state(), before)

    def _get_state(self):
        # with the audit trail, which waits for the end of the transaction
        self.env.cr.flush()
        rows = []
        for query in (
            "SELECT id, state, status_id, location_id, release_reason FROM qms_hold",
            "SELECT id, quantity, spent_quantity FROM qms_hold_permit",
            "SELECT max(id), count(*) FROM qms_audit_entry",
            "SELECT id, quantity, reserved_quantity FROM stock_quant",
            "SELECT id, name, inspection_status_id, qms_blocked_types FROM stock_lot",
        ):
            self.env.cr.execute(f"{query} ORDER BY 1")
            rows.append(self.env.cr.fetchall())
        return rows
