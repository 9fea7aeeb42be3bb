"""Tracing lots beside plain Odoo, in databases that grow."""

from statistics import median
from unittest.mock import patch

from tools.console import CannotGoOnError

from . import genealogy, goods, standby
from .databases import Database, copy_of, measure
from .manufacturing import Manufacturing
from .ratios import summarise

# How many batches of lots there are when the same questions are asked again.
SIZES = (1, 2, 4)
REPEATS = 5
# What takes as many seconds is asked once.
SLOW = 3
QUESTIONS = ("ordinary", "widespread", "moved")
TABLES = ("stock_lot", "stock_move_line", "qms_lot_link")


def run(plain, full, pairs):
    """Ask the same of both databases, and close orders with and without links.

    :param plain: the database without the addons
    :param full: the database with the addons
    :param int pairs: how often orders are closed
    :return: ``{"sizes": {size: {"rows": {table: count}, question: {"plain": Sample,
        "full": Sample, "answer": count}}}, "standby": {…} or None, "close": {…}}``
    """
    sizes, served = _run_sizes(plain, full)
    return {"sizes": sizes, "standby": served, "close": _run_closing(full, pairs)}


# -- Questions -------------------------------------------------------------------------


def _run_sizes(plain, full, raw=genealogy.RAW):
    found = {}
    plain.close()
    full.close()
    with copy_of(plain.name) as one, copy_of(full.name) as two:
        databases = [Database(one), Database(two)]
        histories = []
        for database in databases:
            with database.environment(commit=True, user=None) as env:
                histories.append(genealogy.History(env))
        for size in SIZES:
            for database, history in zip(databases, histories, strict=True):
                if database is databases[1] or size == SIZES[0]:
                    with database.environment(commit=True, user=None) as env:
                        history.add(env, size - history.batches, raw)
                    database.settle()
            found[size] = _ask_all(databases, histories)
            print(size, found[size], flush=True)
        served = _run_standby(databases[1], histories[1].lots)
        for database in databases:
            database.close()
    return found, served


def _run_standby(database, lots):
    """Return who answered with a hot standby, None where there can't be one."""
    try:
        return standby.run(database, lots)
    except (CannotGoOnError, OSError, RuntimeError) as error:
        print(error, flush=True)
        return None


def _ask_all(databases, histories):
    found = {}
    (without, with_addons), (plain, full) = databases, histories
    with with_addons.environment() as env:
        found["rows"] = {table: _count(env, table) for table in TABLES}
    for question in QUESTIONS:
        sample, answer = _ask(with_addons, full.lots[question], ASKED[question][1])
        found[question] = {"full": sample, "answer": answer}
        if plain.batches == full.batches:
            # the lots have the same numbers, but ids of their own
            sample, same = _ask(without, plain.lots[question], ASKED[question][0])
            # Odoo's report goes one step back, to half of the movements
            assert question == "moved" or same == answer, (question, same, answer)
            found[question]["plain"] = sample
    for question in ("ordinary", "widespread"):
        sample, answer = _ask(with_addons, full.lots[question], _ask_for_graph)
        found[f"graph of {question}"] = {"full": sample, "answer": answer}
    return found


def _ask(database, lot_id, ask):
    """Return the median sample of asking anew, and how much was answered."""
    samples, answers = [], []
    with database.environment() as env:
        for _repeat in range(REPEATS + 1):
            lot = env["stock.lot"].browse(lot_id)
            samples.append(measure(env, lambda lot=lot: answers.append(ask(lot))))
            if samples[0].seconds > SLOW:
                return samples[0], answers[0]
    # the first one fills the caches of what is no answer, such as record rules
    ordered = sorted(samples[1:], key=lambda sample: sample.seconds)
    return ordered[REPEATS // 2], answers[-1]


def _ask_plain_for_deliveries(lot):
    return len(lot.delivery_ids)


def _ask_for_deliveries(lot):
    return len(lot.env["qms.trace"]._get_deliveries_ahead(lot))


def _ask_plain_to_unfold(lot):
    """Unfold the last line of the lot in Odoo's traceability report."""
    line = lot.env["stock.move.line"].search(
        [("lot_id", "=", lot.id)], order="date desc, id desc", limit=1
    )
    report = lot.env["stock.traceability.report"]
    lines = report.get_lines(line.id, model_name=line._name, model_id=line.id, level=1)
    return len(lines)


def _ask_for_movements(lot):
    return len(lot.env["qms.trace"].get_movements(lot.ids))


def _ask_for_graph(lot):
    return len(lot.env["qms.trace"].forward(lot.ids)["nodes"])


ASKED = {
    "ordinary": (_ask_plain_for_deliveries, _ask_for_deliveries),
    "widespread": (_ask_plain_for_deliveries, _ask_for_deliveries),
    "moved": (_ask_plain_to_unfold, _ask_for_movements),
}


def _count(env, table):
    env.cr.execute(f"SELECT count(*) FROM {table}")
    return env.cr.fetchone()[0]


# -- Closing an order ------------------------------------------------------------------


def _run_closing(full, pairs):
    """Close an order of 50 components, in the same database with links and without."""
    case = Manufacturing()
    with full.environment(commit=True, user=None) as env:
        goods.switch_rules_off(env)
    with full.environment(commit=True) as env:
        case.prepare(env)
    samples = {False: [], True: []}
    for pair in range(pairs + 1):
        for linking in (False, True)[:: 1 if pair % 2 else -1]:
            sample = _close(full, case, linking)
            if pair:
                samples[linking].append(sample)
    both = zip(samples[False], samples[True], strict=True)
    return {
        "without": _summarise(samples[False]),
        "with": _summarise(samples[True]),
        "ratio": summarise([(one.seconds, two.seconds) for one, two in both]),
    }


def _close(database, case, linking):
    database.settle()
    with database.environment() as env:
        if linking:
            sample = case.run(env)["close"]
            links = env["qms.lot.link"].search_count([("kind", "=", "production")])
            assert links >= case.components, links
            return sample
        with patch.object(
            type(env["stock.move"]), "_qms_sync_links", lambda moves, **options: None
        ):
            return case.run(env)["close"]


def _summarise(samples):
    seconds = median(sample.seconds for sample in samples)
    return seconds, int(median(sample.queries for sample in samples))


# -- The page --------------------------------------------------------------------------

LABELS = {
    "ordinary": "Deliveries of an ordinary raw lot",
    "widespread": "Deliveries of a raw lot in every tenth intermediate",
    "moved": f"What a lot with {genealogy.INTERNAL_MOVES} internal moves went through",
}


def format_section(found):
    """Return the section of docs/performance.md."""
    lines = []
    for size, asked in found["sizes"].items():
        for question, label in LABELS.items():
            one, two = asked[question].get("plain"), asked[question]["full"]
            plain = f"{_milliseconds(one)} | {one.queries:,}" if one else " | "
            faster = f"{one.seconds / two.seconds:,.0f} ×" if one else ""
            lines.append(
                f"| {size} × | {label} | {asked[question]['answer']:,} | {plain}"
                f" | {_milliseconds(two)} | {two.queries:,} | {faster} |"
            )
    graphs = "\n".join(
        f"| {size} × | {name.removeprefix('graph of ')} | {asked[name]['answer']:,}"
        f" | {_milliseconds(asked[name]['full'])} | {asked[name]['full'].queries:,} |"
        for size, asked in found["sizes"].items()
        for name in ("graph of ordinary", "graph of widespread")
    )
    rows = next(iter(found["sizes"].values()))["rows"]
    close = found["close"]
    ratio, low, high = close["ratio"]
    table = "\n".join(lines)
    more = close["with"][1] - close["without"][1]
    served = _format_standby(found["standby"])
    return f"""\
## Tracing lots

{rows["stock_lot"]:,} lots, {rows["stock_move_line"]:,} move lines and
{rows["qms_lot_link"]:,} links: raw lots, intermediate ones of {genealogy.MADE_OF} each,
finished ones of {genealogy.MADE_OF} each, {genealogy.DELIVERIES} deliveries of each;
then twice and four times as many lots, while the answers stay the same. Plain Odoo, at
the first size, is asked for the lot's deliveries and to unfold one line of its
traceability report. Each is the median of {REPEATS} questions with empty caches; what
takes more than {SLOW} s is asked once.

| Size | Question | Answers | Plain Odoo | Queries | With addons | Queries | Faster |
| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: |
{table}

The whole graph of what a lot went into, with names, quantities, shares and stock:

| Size | Raw lot | Lots | Time | Queries |
| ---: | --- | ---: | ---: | ---: |
{graphs}

Closing a manufacturing order of {Manufacturing.components} component lots takes
{close["without"][0]:.3f} s without writing links and {close["with"][0]:.3f} s with
them: {ratio:.3f} ({low:.3f} – {high:.3f}), {more} queries more.
{served}"""


def _format_standby(served):
    if not served:
        return ""
    asked = ", ".join(f"`{name}`" for name in served["standby"])
    up, down = ({*served[name].values()} for name in ("standby", "down"))
    return f"""
With `db_replica_host` set to a hot standby made for it, {asked} were answered by
{_name_servers(up)}, and by {_name_servers(down)} while it was down, without an error.
"""


def _name_servers(cursors):
    names = {"ro": "the standby (`ro`)", "rw": "the primary (`rw`)"}
    return " and ".join(names.get(one, f"`{one}`") for one in sorted(cursors))


def _milliseconds(sample):
    return f"{1000 * sample.seconds:,.1f} ms"
