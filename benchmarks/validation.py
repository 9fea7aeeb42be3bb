"""Validating many quality orders with several readings of each test."""

from statistics import median

from . import goods
from .databases import measure

ORDERS = 1_000
TESTS = 10
READINGS = 5
RUNS = 3


def run(full):
    """Measure the validation of orders that pass, and of orders that fail.

    :param full: the database with the addons
    :return: ``{verdict: (median seconds, median queries)}``
    """
    found = {}
    for verdict, value in (("passed", 5), ("failed", 11)):
        with full.environment(commit=True) as env:
            ids = _make_orders(env, verdict, value)
        samples = [_run_once(full, ids, verdict) for _number in range(RUNS)]
        found[verdict] = (
            median(sample.seconds for sample in samples),
            int(median(sample.queries for sample in samples)),
        )
    return found


def _run_once(full, ids, verdict):
    """Return the sample of one validation, undone."""
    full.settle()
    with full.environment() as env:
        orders = env["qms.quality.order"].browse(ids)
        sample = measure(env, orders.action_validate)
        assert set(orders.mapped("verdict")) == {verdict}
        return sample


def _make_orders(env, name, value):
    """Make orders of one lot each, which they hold, and take all their readings.

    :return: their ids
    """
    product = goods.make_product(env, name)
    group = _make_group(env, name)
    orders = env["qms.quality.order"].create(
        [
            {
                "product_id": product.id,
                "lot_ids": [(6, 0, lot.ids)],
                "test_group_ids": [(6, 0, group.ids)],
            }
            for lot in goods.make_stock(env, product, ORDERS)
        ]
    )
    env.cr.flush()
    assert len(orders.result_ids) == ORDERS * TESTS * READINGS
    orders.result_ids.value = value
    env.cr.flush()
    return orders.ids


def _make_group(env, name):
    tests = env["qms.test"].create(
        [
            {"name": f"{name} {number}", "code": f"{name}-{number}"}
            for number in range(TESTS)
        ]
    )
    line = {"lower_limit": 1, "upper_limit": 9, "reading_number": READINGS}
    group = env["qms.test.group"].create(
        {
            "name": name,
            "line_ids": [(0, 0, {"test_id": test.id, **line}) for test in tests],
        }
    )
    group.action_activate()
    return group
