"""A hold and a posting at the same time, on two real connections: never both.

Whoever comes second waits or fails and runs again, as Odoo's requests do. Everything
is committed, and taken away again at the end.
"""

import threading
from contextlib import contextmanager

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged

TIMEOUT = 30
SCOPES = ("lot", "lot_place", "package", "untracked")
RETRIED = (SerializationFailure, DeadlockDetected)

HOLDS = "SELECT id FROM qms_hold WHERE product_id IN %(products)s"
CLEANING = (
    f"DELETE FROM mail_activity WHERE res_model = 'qms.hold' AND res_id IN ({HOLDS})",
    "DELETE FROM qms_hold WHERE product_id IN %(products)s",
    "DELETE FROM stock_move_line WHERE product_id IN %(products)s",
    "DELETE FROM stock_move WHERE product_id IN %(products)s",
    "DELETE FROM stock_scrap WHERE product_id IN %(products)s",
    "DELETE FROM stock_quant WHERE product_id IN %(products)s",
    "DELETE FROM stock_lot WHERE product_id IN %(products)s",
    "DELETE FROM stock_package WHERE name = 'RACE'",
)


class Step(threading.Thread):
    """One user's transaction in a thread of its own, that stops where it is told to.

    ``ready`` is set when the work is done but not committed; the thread commits when
    ``go`` is set. Like a request, it runs again where the database asks for it.
    """

    def __init__(self, case, work):
        super().__init__(daemon=True)
        self.case, self.work = case, work
        self.ready, self.go = threading.Event(), threading.Event()
        self.refusal = self.crash = None
        self.runs = 0

    def run(self):
        try:
            while not self._try():
                pass
        except UserError as refusal:
            self.refusal = str(refusal)
        except Exception as crash:  # shown by finish()
            self.crash = crash
        finally:
            self.ready.set()

    def _try(self):
        self.runs += 1
        if self.runs > 5:
            raise TimeoutError("ran five times and never got through")
        try:
            with self.case.transaction() as env:
                self.work(env)
                env.flush_all()
                self.ready.set()
                self.go.wait(TIMEOUT)
        except RETRIED:
            return False
        return True

    def finish(self):
        """Let the transaction commit, and wait until it has."""
        self.go.set()
        self.join(TIMEOUT)
        assert not self.is_alive(), "still waiting"
        if self.crash:
            raise self.crash


@tagged("standard", "post_install", "-at_install")
class TestRace(BaseCase):
    """The two orders, for every scope of hold."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.transaction() as env:
            self._make(env)
        self.addCleanup(self._clean)

    @contextmanager
    def transaction(self):
        """A connection of its own, committed at the end."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '20s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    # -- Goods -------------------------------------------------------------------------

    def _make(self, env):
        warehouse = env["stock.warehouse"].search([], limit=1)
        self.stock_id = warehouse.lot_stock_id.id
        self.status_id = env.ref("qms_quality.status_on_hold").id
        self.product_ids = []
        self.shelf_id = (
            env["stock.location"]
            .create({"name": "Race shelf", "location_id": self.stock_id})
            .id
        )

    def _make_goods(self, scope):
        """Put goods on the shelf; return a scrap order and the values of a hold.

        Nothing is reserved: a hold that frees a reservation collides with its posting
        anyway, and only the lock is to keep these two apart.
        """
        with self.transaction() as env:
            tracking = "none" if scope == "untracked" else "lot"
            product = env["product.product"].create(
                {"name": f"Race {scope}", "is_storable": True, "tracking": tracking}
            )
            self.product_ids.append(product.id)
            lot = package = None
            if tracking == "lot":
                lot = env["stock.lot"].create(
                    {"name": f"RACE-{scope}", "product_id": product.id}
                )
            if scope == "package":
                package = env["stock.package"].create({"name": "RACE"})
            shelf = env["stock.location"].browse(self.shelf_id)
            env["stock.quant"]._update_available_quantity(
                product, shelf, 10, lot_id=lot, package_id=package
            )
            scrap = env["stock.scrap"].create(
                {
                    "product_id": product.id,
                    "lot_id": lot and lot.id,
                    "package_id": package and package.id,
                    "location_id": shelf.id,
                    "scrap_qty": 4,
                }
            )
            hold = {
                "product_id": product.id,
                "lot_id": lot and lot.id,
                "package_id": package and package.id,
                "location_id": scope in ("lot_place", "untracked") and shelf.id,
                "status_id": self.status_id,
                "reason": "race",
            }
            return scrap.id, hold

    def _clean(self):
        """Take everything away again, past every guard: the test made it."""
        with self.transaction() as env:
            products = env["product.product"].browse(self.product_ids)
            for query in CLEANING:
                env.cr.execute(query, {"products": tuple(products.ids)})
            env.invalidate_all()
            products.product_tmpl_id.unlink()
            env["stock.location"].browse(self.shelf_id).unlink()

    # -- The two users -----------------------------------------------------------------

    def _hold(self, vals):
        return Step(self, lambda env: env["qms.hold"]._place([vals]))

    def _post(self, scrap_id):
        def work(env):
            env["stock.scrap"].browse(scrap_id).do_scrap()

        return Step(self, work)

    def _read(self, scrap_id):
        """Return whether the goods left, and whether they were held."""
        with self.transaction() as env:
            scrap = env["stock.scrap"].browse(scrap_id)
            held = env["qms.hold"].search_count(
                [
                    ("product_id", "=", scrap.product_id.id),
                    ("state", "=", "open"),
                ]
            )
            quants = env["stock.quant"].search(
                [
                    ("product_id", "=", scrap.product_id.id),
                    ("location_id", "=", self.shelf_id),
                ]
            )
            return scrap.state == "done", held, sum(quants.mapped("quantity"))

    def _race(self, first, second):
        """Let ``first`` do its work, then ``second``, then commit both in turn."""
        first.start()
        self.assertTrue(first.ready.wait(TIMEOUT))
        second.start()
        # the second waits for the first, or is ready: both are fine
        second.ready.wait(1)
        second.go.set()
        first.finish()
        second.finish()

    def test_hold_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                scrap_id, vals = self._make_goods(scope)
                hold, post = self._hold(vals), self._post(scrap_id)
                self._race(hold, post)
                self.assertIsNone(hold.refusal)
                done, held, left = self._read(scrap_id)
                self.assertTrue(held)
                self.assertFalse(done, "shipped although the hold came first")
                self.assertEqual(left, 10)

    def test_posting_first(self):
        for scope in SCOPES:
            with self.subTest(scope):
                scrap_id, vals = self._make_goods(scope)
                post, hold = self._post(scrap_id), self._hold(vals)
                self._race(post, hold)
                self.assertIsNone(post.refusal)
                done, held, left = self._read(scrap_id)
                self.assertTrue(held, "the hold comes after the goods left")
                self.assertTrue(done)
                self.assertEqual(left, 6)

    def test_hold_waits_for_a_posting_that_is_given_up(self):
        scrap_id, vals = self._make_goods("lot")
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["stock.scrap"].browse(scrap_id).do_scrap()
            env.flush_all()
            hold = self._hold(vals)
            hold.start()
            self.assertFalse(hold.ready.wait(1), "the hold passed a posting")
            cr.rollback()
        hold.finish()
        done, held, left = self._read(scrap_id)
        self.assertEqual((done, held, left), (False, 1, 10))

    def test_postings_do_not_wait_for_each_other(self):
        first_id, _vals = self._make_goods("lot")
        with self.registry.cursor() as one, self.registry.cursor() as other:
            for cr in (one, other):
                cr.execute("SET LOCAL lock_timeout = '2s'")
                env = api.Environment(cr, SUPERUSER_ID, {})
                lot = env["stock.scrap"].browse(first_id).lot_id
                product = lot.product_id
                owing = lot._qms_lock_for_posting(product, product, lot.location_id)
                self.assertFalse(owing)
