"""Which day it is, where goods are. Warehouses in one time zone share a clock."""

from collections import namedtuple

from odoo.tools import SQL

# ``warehouse``: one of those that it is the clock of; ``zone``: its name.
Clock = namedtuple("Clock", "warehouse zone day")


def get_clock(facts, location):
    """Return the clock of a place; of the company where it is in no warehouse."""
    return get_clocks(facts).get(location.sudo().warehouse_id.id, _get_own(facts))


def get_clocks(facts):
    """Return ``{warehouse id: Clock}`` of all warehouses, read once."""
    return facts.remember("clocks", _read_clocks)


def _read_clocks(facts):
    # sudo: what day it is doesn't depend on who asks
    warehouses = facts.env["stock.warehouse"].sudo().with_context(active_test=False)
    found = {one.id: _as_clock(facts, one) for one in warehouses.search([])}
    return {**found, False: _as_clock(facts, warehouses.browse())}


def _get_own(facts):
    return get_clocks(facts)[False]


def _as_clock(facts, warehouse):
    day = facts.given_date or warehouse._qms_get_day()
    return Clock(warehouse, warehouse._qms_get_zone_info().key, day)


def by_clock(facts, alias, to_sql):
    """Return the SQL of a condition on stock that depends on the day where it is.

    :param alias: of ``stock_quant``
    :param to_sql: callable(:class:`Clock`) that returns the condition
    """
    clocks = get_clocks(facts)
    own = clocks[False]
    others = {}
    for warehouse_id, clock in clocks.items():
        if (clock.zone, clock.day) != (own.zone, own.day):
            others.setdefault((clock.zone, clock.day), []).append(warehouse_id)
    if not others:
        return to_sql(own)
    whens = [
        SQL("WHEN %s THEN %s", _is_in(alias, ids), to_sql(clocks[ids[0]]))
        for ids in others.values()
    ]
    return SQL("(CASE %s ELSE %s END)", SQL(" ").join(whens), to_sql(own))


def _is_in(alias, warehouse_ids):
    return SQL(
        "(SELECT w.warehouse_id FROM stock_location w WHERE w.id = %s) IN %s",
        SQL.identifier(alias, "location_id"),
        tuple(warehouse_ids),
    )


def day_sql(moment, clock):
    """Return the SQL of the day of a moment, both as Odoo stores them."""
    return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, clock.zone)
