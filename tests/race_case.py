"""Two users at once, over two real connections.

Whoever comes second waits or fails and runs again, as Odoo's requests do. Everything
is committed, and taken away again at the end.
"""

import threading
from contextlib import contextmanager

from psycopg2.errors import DeadlockDetected, SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name

from odoo.addons.qms_quality.models.evidence import audit_guard

TIMEOUT = 30
RETRIED = (SerializationFailure, DeadlockDetected)

GUARDED = ("qms_audit_entry", "qms_audit_head")
HOLDS = "SELECT id FROM qms_hold WHERE product_id IN %(products)s"
CLEANING = (
    "DELETE FROM qms_audit_entry WHERE id > %(entry)s",
    """DELETE FROM qms_audit_head h WHERE NOT EXISTS (
           SELECT 1 FROM qms_audit_entry e
           WHERE e.res_model = h.res_model AND e.res_id = h.res_id)""",
    f"DELETE FROM mail_activity WHERE res_model = 'qms.hold' AND res_id IN ({HOLDS})",
    "DELETE FROM qms_hold WHERE product_id IN %(products)s",
    "DELETE FROM stock_move_line WHERE product_id IN %(products)s",
    "DELETE FROM stock_move WHERE product_id IN %(products)s",
    "DELETE FROM stock_scrap WHERE product_id IN %(products)s",
    "DELETE FROM stock_quant WHERE product_id IN %(products)s",
    """DELETE FROM qms_lot_link WHERE from_product_id IN %(products)s
       OR to_product_id IN %(products)s""",
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


class RaceCase(BaseCase):
    """Gives each user a connection, and takes away what they wrote about a product.

    A subclass makes its records in :meth:`_make`, and puts its products into
    ``self.product_ids``.
    """

    # What else goes, past every guard, before the goods do.
    cleaning = ()

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.product_ids = []
        with self.transaction() as env:
            env.cr.execute("SELECT COALESCE(max(id), 0) FROM qms_audit_entry")
            (self.last_entry_id,) = env.cr.fetchone()
            self._make(env)
        self.addCleanup(self._clean)

    @contextmanager
    def transaction(self):
        """A connection of its own, committed at the end."""
        with self.registry.cursor() as cr:
            cr.execute("SET LOCAL lock_timeout = '20s'")
            yield api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _make(self, env):
        """Make what all races of the class need."""
        raise NotImplementedError

    def _clean(self):
        """Take everything away again, past every guard: the test made it."""
        with self.transaction() as env:
            products = env["product.product"].browse(self.product_ids)
            names = {"products": tuple(products.ids), "entry": self.last_entry_id}
            for table in GUARDED:
                env.cr.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            for query in (*self.cleaning, *CLEANING):
                env.cr.execute(query, names)
            for table in GUARDED:
                audit_guard.install(env.cr, table)
            env.invalidate_all()
            products.product_tmpl_id.unlink()
            self._clean_more(env)

    def _clean_more(self, env):
        """Take away what :meth:`_make` made beside the products."""

    def _start(self, step):
        """Start a user's transaction; it ends before its traces are taken away."""
        self.addCleanup(step.join, TIMEOUT)
        self.addCleanup(step.go.set)
        step.start()

    def _race(self, first, second):
        """Let ``first`` do its work, then ``second``, then commit both in turn."""
        self._start(first)
        self.assertTrue(first.ready.wait(TIMEOUT))
        self._start(second)
        # the second waits for the first, or is ready: both are fine
        second.ready.wait(1)
        second.go.set()
        first.finish()
        second.finish()
