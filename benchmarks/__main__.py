"""``python -m benchmarks``: measure, print, and write docs/performance.md."""

import argparse
import sys

from . import databases, deliveries, manufacturing, ratios, goods

CASES = {
    "one-product": deliveries.OneProduct,
    "many-products": deliveries.ManyProducts,
    "manufacturing": manufacturing.Manufacturing,
}
HELD = (0, 10, 50)


def main():
    options = parse(sys.argv[1:])
    plain, full = databases.open_pair()
    for name in options.cases or CASES:
        run_case(CASES[name], plain, full, options.pairs, options.held)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("cases", nargs="*", help=", ".join(CASES))
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--held", type=int, nargs="*", default=HELD)
    return parser.parse_args(arguments)


def run_case(make, plain, full, pairs, held):
    cases = {database: make() for database in (plain, full)}
    for database, case in cases.items():
        with database.environment(commit=True) as env:
            products = case.prepare(env)
    for percent in held:
        with full.environment(commit=True, user=None) as env:
            goods.hold_share(env, products, percent)
        samples = {plain: [], full: []}
        for database in (plain, full):
            run(database, cases[database])
        for pair in range(pairs):
            for database in (plain, full) if pair % 2 else (full, plain):
                samples[database].append(run(database, cases[database]))
        show(make.title, percent, samples[plain], samples[full])


def run(database, case):
    database.settle()
    with database.environment() as env:
        steps = case.run(env)
        env.cr.rollback()
        env.invalidate_all(flush=False)
        return steps


def show(title, percent, plain, full):
    print(f"{title}, {percent} % held")
    steps = list(plain[0])
    for name, wanted in [*((s, [s]) for s in steps), ("all", steps)]:
        one = [sum(s[w].seconds for w in wanted) for s in plain]
        two = [sum(s[w].seconds for w in wanted) for s in full]
        q1 = {sum(s[w].queries for w in wanted) for s in plain}
        q2 = {sum(s[w].queries for w in wanted) for s in full}
        ratio, low, high = ratios.summarise(list(zip(one, two)))
        print(
            f"  {name:9} {sorted(one)[len(one)//2]:7.3f} s {sorted(two)[len(two)//2]:7.3f} s"
            f"  {ratio:.3f} ({low:.3f}-{high:.3f})  {q1} {q2}",
            flush=True,
        )


main()
