"""``python -m benchmarks``: measure, print, and write docs/performance.md."""

import argparse
import logging

from . import (
    databases,
    deliveries,
    expiry,
    goods,
    installation,
    manufacturing,
    matrix,
    near_expiry,
    pages,
    recall,
    receipts,
    reinspection,
    requirements,
    scan,
    trace,
    trail,
    validation,
)
from .report import Rows, write

CASES = {
    "one-product": deliveries.OneProduct,
    "many-products": deliveries.ManyProducts,
    "manufacturing": manufacturing.Manufacturing,
    "receipt": receipts.Receipt,
}
# each takes plain Odoo's database, that of the addons and the number of pairs
FIGURES = {
    "install": lambda plain, full, pairs: installation.run(plain),
    "requirements": lambda plain, full, pairs: requirements.run(full, pairs),
    "expiry": expiry.run,
    "matrix": lambda plain, full, pairs: matrix.run(full),
    "validation": lambda plain, full, pairs: validation.run(full),
    "trail": lambda plain, full, pairs: trail.run(full, pairs),
    "reinspection": lambda plain, full, pairs: reinspection.run(full),
    "near-expiry": lambda plain, full, pairs: near_expiry.run(full),
    "trace": trace.run,
    "recall": lambda plain, full, pairs: recall.run(full),
    "scan": lambda plain, full, pairs: scan.run(full),
    "pages": lambda plain, full, pairs: pages.run(full),
}
HELD = (0, 10, 50)
EVERYTHING = [*CASES, *FIGURES]


def main():
    """Run the chosen cases, and write what they found into the page."""
    options = parse()
    plain, full = databases.open_pair()
    logging.getLogger("odoo").setLevel(logging.ERROR)
    results = {}
    for name in options.cases:
        if name in FIGURES:
            results[name] = FIGURES[name](plain, full, options.pairs)
            print(results[name], flush=True)
        else:
            results[name] = run_case(CASES[name], plain, full, options)
    if not options.no_page:
        print(write(results, options, full.server_version(), EVERYTHING))


def parse():
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", default=EVERYTHING, metavar="case")
    parser.add_argument("--pairs", type=int, default=15, help="how often (15)")
    parser.add_argument(
        "--load", default="nothing else was running", help="for the page"
    )
    parser.add_argument("--no-page", action="store_true", help="only print")
    options = parser.parse_args()
    if unknown := set(options.cases) - set(EVERYTHING):
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(EVERYTHING)}")
    return options


def run_case(make, plain, full, options):
    """Measure one case with every share of held lots.

    :return: list of :class:`Rows`
    """
    cases = {database: make() for database in (plain, full)}
    for database, case in cases.items():
        with database.environment(commit=True, user=None) as env:
            goods.switch_rules_off(env)
        with database.environment(commit=True) as env:
            products = case.prepare(env)
    rows = []
    for percent in HELD if products else (0,):
        with full.environment(commit=True, user=None) as env:
            goods.hold_share(env, products, percent)
        samples = run_pairs(cases, options.pairs)
        rows.append(Rows(make.title, f"{percent} %", samples[plain], samples[full]))
        print(
            f"{make.title}, {percent} % held", *rows[-1].format(), sep="\n", flush=True
        )
    return rows


def run_pairs(cases, count):
    """Return the samples of ``count`` pairs, after one run each that doesn't count."""
    samples = {database: [] for database in cases}
    for database, case in cases.items():
        run_once(database, case)
    for pair in range(count):
        for database in list(cases)[:: 1 if pair % 2 else -1]:
            samples[database].append(run_once(database, cases[database]))
    return samples


def run_once(database, case):
    """Return the samples of one run, undone."""
    database.settle()
    with database.environment() as env:
        return case.run(env)


if __name__ == "__main__":
    main()
