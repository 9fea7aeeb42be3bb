"""The scheduled action that inspects lots again, with very many due at once."""

from odoo.tools import SQL

from . import goods
from .databases import Database, copy_of, measure_action

DUE = 10_000
TESTS = 3


def run(full):
    """Let the scheduled action make all that is due, on a copy of the database.

    :param full: the database with the addons
    :return: ``{"seconds": …, "worked": seconds without waiting, "queries": …}``
    """
    full.close()
    with copy_of(full.name) as name:
        database = Database(name)
        with database.environment(commit=True) as env:
            ids = make_due(env)
        database.settle()
        with database.environment(commit=True, user=None) as env:
            found = measure_action(env, env["qms.quality.order"]._cron_inspect_again)
            check(env, ids)
        database.close()
        return found


def make_due(env):
    """Make orders that passed, of a lot each, whose next inspection is due.

    :return: their ids
    """
    product = goods.make_product(env, "Again")
    plan = env["qms.quality.plan"].create(
        {
            "code": "AGAIN",
            "name": "Again",
            "product_id": product.id,
            "again_auto": True,
            "timetable_ids": [(0, 0, {"timetable_id": _make_timetable(env).id})],
        }
    )
    group = _make_group(env)
    orders = env["qms.quality.order"].create(
        [
            {
                "product_id": product.id,
                "lot_ids": [(6, 0, lot.ids)],
                "test_group_ids": [(6, 0, group.ids)],
                "hold_goods": False,
            }
            for lot in goods.make_stock(env, product, DUE)
        ]
    )
    env.cr.flush()
    assert orders.plan_copy_id.plan_id == plan
    env.cr.execute(
        SQL(
            """UPDATE qms_quality_order
               SET state = 'validated', verdict = 'passed', date_validated = now(),
                   date_again = now() - interval '1 day', again_next = 1
               WHERE id IN %s""",
            tuple(orders.ids),
        )
    )
    return orders.ids


def _make_timetable(env):
    return env["qms.reinspection.plan"].create(
        {"name": "Monthly", "line_ids": [(0, 0, {"days": 30})]}
    )


def _make_group(env):
    tests = env["qms.test"].create(
        [{"name": f"Again {n}", "code": f"AGAIN-{n}"} for n in range(TESTS)]
    )
    lines = [(0, 0, {"test_id": test.id, "upper_limit": 9}) for test in tests]
    group = env["qms.test.group"].create({"name": "Again", "line_ids": lines})
    group.action_activate()
    return group


def check(env, ids):
    """Each order has one that follows it, and none is due any more."""
    orders = env["qms.quality.order"]
    following = orders.search([("former_id", "in", ids)])
    assert len(following) == DUE == len(set(following.former_id.ids))
    assert not orders.search_count([("id", "in", ids), ("date_again", "!=", False)])
