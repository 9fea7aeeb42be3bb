"""Which of very many lots meets what very many customers demand."""

import time
from statistics import median

from . import goods

LOTS = 1_000
CUSTOMERS = 200
PRODUCTS = 20
RUNS = 5


def run(full):
    """Work out the matrix of lots and customers, on data that is undone.

    :param full: the database with the addons
    :return: ``{"seconds": …, "worked": seconds without waiting, "queries": …}``
    """
    with full.environment() as env:
        lots, customers = prepare(env)
        samples = [_run_once(env, lots, customers) for _run in range(RUNS)]
    return {
        "seconds": median(seconds for seconds, _worked, _queries in samples),
        "worked": median(worked for _seconds, worked, _queries in samples),
        "queries": max(queries for *_times, queries in samples),
    }


def prepare(env):
    """Make lots with attributes, and customers with a card of their own each.

    :return: the lots and the customers
    """
    products = goods.make_products(env, "Matrix", PRODUCTS)
    lots = goods.make_stock(env, products, LOTS // PRODUCTS)
    fat, grade = env["qms.attribute"].create(
        [
            {"name": "Matrix fat", "type": "decimal"},
            {"name": "Matrix grade", "type": "text"},
        ]
    )
    env["qms.lot.attribute"]._qms_record(
        [
            {"lot_id": lot.id, "attribute_id": one.id, "value": value, "source": "hand"}
            for number, lot in enumerate(lots)
            for one, value in (
                (fat, 3 + number % 200 / 100),
                (grade, "ABC"[number % 3]),
            )
            # some are unknown
            if number % 10
        ]
    )
    customers = env["res.partner"].create(
        [{"name": f"Matrix {n}", "is_company": True} for n in range(CUSTOMERS)]
    )
    cards = env["qms.qrs"].create(
        [
            _prepare_card(number, customer, fat, grade)
            for number, customer in enumerate(customers)
        ]
    )
    cards.action_activate()
    return lots, customers


def _prepare_card(number, customer, fat, grade):
    origin = customer.env.ref("qms_quality.attribute_origin")
    available = customer.env.ref("qms_quality.status_available")
    criteria = [
        {
            "attribute_id": fat.id,
            "operator": "between",
            "value_number": 3 + number / 200,
            "value_number_to": 4.5,
            "tolerance": 0.05,
        },
        {
            "attribute_id": grade.id,
            "operator": "in",
            "value_text": "A; B" if number % 2 else "A",
            "departure": "approval",
        },
        {"attribute_id": origin.id, "operator": "exists", "departure": "recorded"},
        {"kind": "status", "status_ids": [(6, 0, available.ids)]},
    ]
    return {
        "code": f"MATRIX-{number}",
        "description": "Matrix",
        "partner_ids": [(6, 0, customer.ids)],
        "line_ids": [
            (
                0,
                0,
                {"applies_to": "all", "criterion_ids": [(0, 0, c) for c in criteria]},
            )
        ],
    }


def _run_once(env, lots, customers):
    env.cr.flush()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    worked = time.process_time()
    rows = env["qms.qrs"]._qms_matrix(lots, customers)
    found = (
        time.perf_counter() - start,
        time.process_time() - worked,
        env.cr.sql_log_count - queries,
    )
    outcomes = {cell.outcome for row in rows.values() for cell in row}
    assert len(rows) == LOTS and len(rows[lots[0]]) == CUSTOMERS
    assert {"recorded", "approval", "blocked"} <= outcomes, outcomes
    return found
