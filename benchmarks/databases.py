"""The two databases, in one process, and copies of them."""

import gc
import os
import time
from contextlib import closing, contextmanager
from typing import NamedTuple

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.sql_db import close_db, db_connect
from odoo.tools import SQL, config

TABLES = ("stock_quant", "stock_move", "stock_move_line", "stock_lot")
# What the addons write: plain Odoo has none but the last.
WRITTEN = (
    "qms_hold",
    "qms_quality_order",
    "qms_quality_order_spec",
    "qms_quality_order_test",
    "qms_quality_order_result",
    "qms_audit_entry",
    "qms_audit_head",
    "qms_lot_link",
    "mail_message",
)


class Sample(NamedTuple):
    """One measurement: seconds and statements of SQL."""

    seconds: float
    queries: int

    def __add__(self, other):
        return Sample(self.seconds + other.seconds, self.queries + other.queries)


class Database:
    """A database in which work is measured and undone."""

    def __init__(self, name):
        self.name = name

    @contextmanager
    def environment(self, *, commit=False, user="admin"):
        """An environment of that user in a transaction, undone unless ``commit``.

        :param user: login; ``None`` is the superuser
        """
        with closing(Registry(self.name).cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if user:
                found = env["res.users"].search([("login", "=", user)])
                env = env(user=found.id)
            yield env
            if commit:
                env.flush_all()
                cr.commit()

    def settle(self):
        """Clear up after what was undone, so that each pair meets the same tables."""
        with _autocommit(self.name) as cr:
            # else VACUUM doesn't yet take for visible to all what is hardly committed
            cr.execute("SET synchronous_commit TO on")
            for table in (*TABLES, *WRITTEN):
                cr.execute("SELECT to_regclass(%s)", [table])
                if cr.fetchone() != (None,):
                    cr.execute(SQL("VACUUM (ANALYZE) %s", SQL.identifier(table)))
            cr.execute("RESET synchronous_commit")

    def server_version(self):
        """Return the version of PostgreSQL, as its number."""
        with closing(db_connect(self.name).cursor()) as cr:
            return cr._cnx.server_version

    def close(self):
        """Close the connections, for the database to be copied or dropped."""
        Registry.delete(self.name)
        close_db(self.name)


@contextmanager
def _autocommit(name):
    with closing(db_connect(name).cursor()) as cr:
        cr.rollback()
        cr._cnx.autocommit = True
        try:
            yield cr
        finally:
            cr._cnx.autocommit = False


@contextmanager
def copy_of(name):
    """A copy of a database for the length of a block; yields its name."""
    copy = f"{name}_copy{os.getpid()}"
    close_db(name)
    with _autocommit("postgres") as cr:
        source, target = SQL.identifier(name), SQL.identifier(copy)
        cr.execute(SQL("CREATE DATABASE %s TEMPLATE %s", target, source))
    try:
        yield copy
    finally:
        close_db(copy)
        with _autocommit("postgres") as cr:
            cr.execute(SQL("DROP DATABASE IF EXISTS %s WITH (FORCE)", target))


def open_pair():
    """Return the database without and the one with the addons, as the run was told."""
    config.parse_config([], setup_logging=True)
    return Database(os.environ["QMS_PLAIN"]), Database(os.environ["QMS_FULL"])


def measure(env, work):
    """Do ``work`` and return its :class:`Sample`, what it has still to write included.

    :param work: function without arguments
    """
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    # else a collection of all that Odoo has loaded falls now into one, now into another
    gc.freeze()
    cr = env.cr
    queries, start = cr.sql_log_count, time.perf_counter()
    work()
    # as a commit does: messages and the audit trail are written now
    cr.flush()
    seconds = time.perf_counter() - start
    gc.unfreeze()
    return Sample(seconds, cr.sql_log_count - queries)


def measure_action(env, action):
    """Do a scheduled action's work and commit it.

    :param action: function without arguments
    :return: ``{"seconds": …, "worked": seconds without waiting, "queries": …}``
    """
    queries, start = env.cr.sql_log_count, time.perf_counter()
    worked = time.process_time()
    action()
    env.cr.commit()
    return {
        "seconds": time.perf_counter() - start,
        "worked": time.process_time() - worked,
        "queries": env.cr.sql_log_count - queries,
    }
