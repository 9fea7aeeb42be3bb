"""The audit trail: what it costs where much is written, how fast it is read."""

import random
import time
from contextlib import contextmanager, nullcontext
from statistics import median
from unittest.mock import patch

from odoo.tools import SQL

from . import goods
from .databases import Database, copy_of, measure
from .ratios import summarise

ORDERS = 100
TESTS = 10
RECORDS = 10_000
ENTRIES_EACH = 100
SHOWN = ("date", "user_id", "record_name", "event_label", "old_value", "new_value")


def run(full, pairs):
    """Measure readings and their validation with the trail on and off.

    :param full: the database with the addons
    :param int pairs: how often
    :return: ``{step: (median off, median on, ratio, low, high)}``, and ``"read"``: the
        median and longest time of reading one record's trail among a million entries
    """
    with full.environment(commit=True) as env:
        product = goods.make_product(env, "Read", tracking="none")
        names = [f"Trail {number}" for number in range(TESTS)]
        tests = env["qms.test"].create([{"name": name, "code": name} for name in names])
        group = env["qms.test.group"].create(
            {
                "name": "Trail",
                "line_ids": [
                    (0, 0, {"test_id": t.id, "upper_limit": 9}) for t in tests
                ],
            }
        )
        group.action_activate()
        ids = product.id, group.id
    samples = {True: [], False: []}
    for pair in range(pairs + 1):
        for on in (True, False) if pair % 2 else (False, True):
            sample = _run_once(full, ids, on)
            if pair:
                samples[on].append(sample)
    found = {step: _summarise(samples, step) for step in samples[True][0]}
    return {**found, "read": read_trails(full)}


def _run_once(full, ids, on):
    full.settle()
    with full.environment() as env, nullcontext() if on else _trail_off():
        product_id, group_id = ids
        orders = env["qms.quality.order"].create(
            [
                {
                    "product_id": product_id,
                    "quantity": 1,
                    "location_id": goods.warehouse(env).lot_stock_id.id,
                    "test_group_ids": [(6, 0, [group_id])],
                }
                for _number in range(ORDERS)
            ]
        )
        env.cr.flush()
        assert len(orders.result_ids) == ORDERS * TESTS
        entered = measure(env, lambda: _enter(orders))
        validated = measure(env, orders.action_validate)
        assert set(orders.mapped("verdict")) == {"passed"}
        return {
            "enter": entered.seconds,
            "validate": validated.seconds,
            "together": entered.seconds + validated.seconds,
        }


def _enter(orders):
    for result in orders.result_ids:
        result.value = 5


@contextmanager
def _trail_off():
    """Let nothing be followed and nothing be told."""
    from odoo.addons.qms_quality.models.evidence import audit_entry_writing, audit_mixin

    mixin, entry = audit_mixin.QmsAuditMixin, audit_entry_writing.QmsAuditEntry
    with (
        patch.object(mixin, "_qms_audit_names", lambda self: frozenset()),
        patch.object(entry, "_note", lambda *args, **kwargs: None),
    ):
        yield


def _summarise(samples, step):
    on, off = ([sample[step] for sample in samples[key]] for key in (True, False))
    pairs = list(zip(off, on, strict=True))
    return median(off), median(on), *summarise(pairs)


def read_trails(full):
    """Return median and maximum of the seconds to read one trail among a million."""
    with copy_of(full.name) as name:
        database = Database(name)
        with database.environment(commit=True, user=None) as env:
            env.cr.execute(SQL(MAKE_ENTRIES, records=RECORDS, each=ENTRIES_EACH))
            env.cr.execute("ANALYZE qms_audit_entry")
        seconds = []
        for _number in range(20):
            with database.environment() as env:
                seconds.append(_read(env, random.randint(1, RECORDS)))
        database.close()
    return median(seconds), max(seconds)


def _read(env, res_id):
    entries = env["qms.audit.entry"]
    domain = [("res_model", "=", "qms.benchmark"), ("res_id", "=", res_id)]
    entries.search([], limit=1).read(SHOWN)
    start = time.perf_counter()
    found = entries.search(domain)
    found.read(SHOWN)
    assert len(found) == ENTRIES_EACH
    return time.perf_counter() - start


MAKE_ENTRIES = """
    INSERT INTO qms_audit_entry (seq, date, user_id, user_name, res_model, res_id,
        record_name, event, field_name, field_label, old_value, new_value, transaction,
        channel, prev_hash, hash)
    SELECT seq, now() AT TIME ZONE 'UTC', 1, 'OdooBot', 'qms.benchmark', res_id,
           'Record ' || res_id, 'write', 'name', 'Name', seq::text, (seq + 1)::text,
           '1', 'system', repeat('0', 64), repeat('1', 64)
    FROM generate_series(1, %(each)s) seq, generate_series(1, %(records)s) res_id
"""
