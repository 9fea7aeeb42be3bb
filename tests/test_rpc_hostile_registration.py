"""Nobody registers what he may not, or rewrites it, whatever he sends."""

from odoo.tests import HttpCase, tagged

from odoo.addons.qms_quality.tests.rpc_case import JsonClient, Refused, XmlClient
from odoo.addons.qms_traceability.tests.common_tracked import TrackedCase

CONTEXTS = (
    {},
    {"qms_sentinel": True},
    {"default_state": "done", "skip_consumption": True},
)
VALUES = {
    "qms.tracked.product": {"state": "done", "quantity": 9},
    "qms.tracked.component": {"state": "done", "quantity": 9},
    "qms.tracked.scan": {"outcome": "accepted"},
}


@tagged("standard", "post_install", "-at_install")
class TestRpcHostileRegistration(TrackedCase, HttpCase):
    """A worker, a clerk of the warehouse and an inspector."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.people = cls.worker | cls.clerk | cls.inspector
        cls.passwords = {user: f"{user.login}-password" for user in cls.people}
        for user, password in cls.passwords.items():
            user.password = password
        cls.order = cls._order()

    def setUp(self):
        super().setUp()
        self.row = self._build(self.order, "P-1", self.motors[0], self.oils[0])

    def _clients(self, user):
        return [client(self, user) for client in (XmlClient, JsonClient)]

    def _get_state(self):
        self.env.cr.flush()
        rows = []
        for query in (
            "SELECT id, state, quantity, lot_id FROM qms_tracked_component",
            "SELECT id, state, quantity, lot_id FROM qms_tracked_product",
            "SELECT id, outcome FROM qms_tracked_scan",
            "SELECT id, quantity FROM stock_quant",
        ):
            self.env.cr.execute(f"{query} ORDER BY 1")
            rows.append(self.env.cr.fetchall())
        return rows

    def _refuse(self, client, *args, **named):
        before = self._get_state()
        with self.assertRaises(Refused):
            client(*args, **named)
        self.env.invalidate_all()
        self.assertEqual(self._get_state(), before)

    def test_rows_are_not_written(self):
        for user in self.people:
            for client in self._clients(user):
                for model, vals in VALUES.items():
                    ids = self.env[model].search([], limit=1).ids
                    for context in CONTEXTS:
                        self._refuse(client, model, "write", ids, context, vals=vals)
                    self._refuse(client, model, "unlink", ids)
                    self._refuse(client, model, "create", vals_list=[vals])

    def test_who_lacks_the_right(self):
        scan = {"id": "hostile", "code": "P-2", "mode": "product"}
        ids = self.order.ids
        calls = (
            ("qms_scan", {"scan": scan}),
            ("qms_undo_scan", {"key": "hostile"}),
            ("qms_create_product", {"number": "P-2"}),
            ("qms_remove_products", {"products": [self.row]}),
            ("qms_report_finished", {"products": [self.row]}),
            ("qms_adjust_consumption", {"product": self.row}),
        )
        for user in self.clerk | self.inspector:
            for client in self._clients(user):
                for method, named in calls:
                    self._refuse(client, "mrp.production", method, ids, **named)

    def test_nonsense_is_refused_in_words(self):
        ids = self.order.ids
        odd = (True, -1, 2**31 - 1, 1.5, "x", [], [["id", ">", 0]], {"id": 1})
        for client in self._clients(self.worker):
            # what XML-RPC has no words for
            more = (None, 2**40) if isinstance(client, JsonClient) else ()
            for value in (*odd, *more):
                scan = {"id": value, "code": value, "mode": value, "product": value}
                for method, named in (
                    ("qms_scan", {"scan": value}),
                    ("qms_scan", {"scan": scan}),
                    ("qms_scan", {"scan": {**scan, "id": "x", "code": "P-2"}}),
                    ("qms_remove_products", {"products": value}),
                    ("qms_remove_products", {"products": [value]}),
                    ("qms_report_finished", {"products": [value]}),
                    ("qms_pick_components", {"registrations": [value]}),
                ):
                    with self.subTest(method, value=value):
                        self._refuse(client, "mrp.production", method, ids, **named)

    def test_rows_of_another_order(self):
        other = self._order()
        for client in self._clients(self.worker):
            for method, named in (
                ("qms_remove_products", {"products": [self.row]}),
                ("qms_report_finished", {"products": [self.row]}),
                ("qms_adjust_consumption", {"product": self.row}),
            ):
                self._refuse(client, "mrp.production", method, other.ids, **named)
