"""Reserving for orders with requirements, against orders without, in one database."""

from statistics import median

from odoo import Command

from . import goods
from .databases import measure
from .ratios import summarise

LOTS = 5_000
QUANTITY = 200
# Every so manieth lot is of the origin that the customer refuses, or too lean.
REFUSED, LEAN = 5, 7


def run(full, pairs):
    """Measure reservation with and without requirements, in pairs.

    :param full: the database with the addons
    :param int pairs: how often
    :return: ``{departure: {"without": (seconds, queries), "with": …, "ratio": …}}``:
        where all criteria block, and where one of them is only recorded, so that what
        meets it is taken first
    """
    with full.environment(commit=True) as env:
        product = goods.make_product(env, "Required")
        _record(env, goods.make_stock(env, product, LOTS))
        partners = {
            name: env["res.partner"].create({"name": name, "is_company": True}).id
            for name in ("without", "blocked", "recorded")
        }
        for departure in ("blocked", "recorded"):
            _make_card(env, partners[departure], departure)
        product_id = product.id
    return {
        departure: _run_pairs(full, product_id, partners, departure, pairs)
        for departure in ("blocked", "recorded")
    }


def _record(env, lots):
    origin = env.ref("qms_quality.attribute_origin")
    fat = env["qms.attribute"].create({"name": "Fat", "type": "decimal"})
    countries = env.ref("base.cl"), env.ref("base.nz")
    env["qms.lot.attribute"]._qms_record(
        [
            {
                "lot_id": lot.id,
                "attribute_id": attribute.id,
                "value": value,
                "source": "hand",
            }
            for number, lot in enumerate(lots)
            for attribute, value in (
                (origin, countries[not number % REFUSED]),
                (fat, 1.0 if not number % LEAN else 3.5),
            )
        ]
    )


def _make_card(env, partner_id, departure):
    fat = env["qms.attribute"].search([("name", "=", "Fat")], limit=1)
    card = env["qms.qrs"].create(
        {
            "code": f"BENCH-{departure}",
            "description": departure,
            "partner_ids": [Command.link(partner_id)],
            "line_ids": [
                Command.create(
                    {
                        "applies_to": "all",
                        "criterion_ids": [
                            Command.create(
                                {
                                    "attribute_id": env.ref(
                                        "qms_quality.attribute_origin"
                                    ).id,
                                    "operator": "not in",
                                    "country_ids": env.ref("base.nz").ids,
                                }
                            ),
                            Command.create(
                                {
                                    "attribute_id": fat.id,
                                    "operator": ">=",
                                    "value_number": 3,
                                    "departure": departure,
                                }
                            ),
                        ],
                    }
                )
            ],
        }
    )
    card.action_activate()


def _run_pairs(full, product_id, partners, departure, pairs):
    samples = {"without": [], departure: []}
    for pair in range(pairs + 1):
        for name in list(samples)[:: 1 if pair % 2 else -1]:
            sample = _run_once(full, product_id, partners[name], name)
            if pair:
                samples[name].append(sample)
    without, required = samples.values()
    return {
        "without": _summarise(without),
        "with": _summarise(required),
        "ratio": summarise(
            [(w.seconds, r.seconds) for w, r in zip(without, required, strict=True)]
        ),
    }


def _summarise(samples):
    seconds = median(sample.seconds for sample in samples)
    return seconds, int(median(sample.queries for sample in samples))


def _run_once(full, product_id, partner_id, name):
    """Return the sample of one reservation, undone."""
    full.settle()
    with full.environment() as env:
        order = env["sale.order"].create(
            {
                "partner_id": partner_id,
                "order_line": [
                    Command.create(
                        {"product_id": product_id, "product_uom_qty": QUANTITY}
                    )
                ],
            }
        )
        order.action_confirm()
        move = order.picking_ids.move_ids
        move._do_unreserve()
        sample = measure(env, order.picking_ids.action_assign)
        _check(move, name)
        return sample


def _check(move, name):
    """What was reserved is what was asked for."""
    lots = move.move_line_ids.lot_id
    assert len(lots) == QUANTITY, len(lots)
    bad = lots.qms_attribute_ids.filtered(
        lambda row: row.country_id.code == "NZ" or row.value_number == 1.0
    )
    assert bool(bad) == (name == "without"), (name, len(bad))
