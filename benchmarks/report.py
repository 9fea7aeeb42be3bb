"""docs/performance.md, for people."""

import os
import platform
from datetime import date
from pathlib import Path
from statistics import median

from odoo.release import version

from . import (
    expiry,
    installation,
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
from .ratios import summarise

PATH = Path(__file__).resolve().parent.parent / "docs" / "performance.md"


class Rows:
    """The samples of one case with one share of held lots, on both sides."""

    def __init__(self, title, held, plain, full):
        self.title = title
        self.held = held
        self.steps = list(plain[0])
        self.plain = plain
        self.full = full

    def step(self, *names):
        """Return medians, the ratio with its interval, and queries of some steps."""
        one, two = self._sum(self.plain, names), self._sum(self.full, names)
        pairs = zip((s.seconds for s in one), (s.seconds for s in two), strict=True)
        return {
            "plain": median(s.seconds for s in one),
            "full": median(s.seconds for s in two),
            "ratio": summarise(list(pairs)),
            "plain_queries": int(median(s.queries for s in one)),
            "full_queries": int(median(s.queries for s in two)),
        }

    def _sum(self, runs, names):
        sums = []
        for run in runs:
            first, *others = (run[name] for name in names)
            for other in others:
                first += other
            sums.append(first)
        return sums

    def format(self):
        """Return the lines of the table."""
        chosen = [(name, [name]) for name in self.steps]
        if len(self.steps) > 1:
            chosen.append(("**together**", self.steps))
        return [self._format(label, self.step(*names)) for label, names in chosen]

    def _format(self, label, found):
        ratio, low, high = found["ratio"]
        extra = found["full_queries"] - found["plain_queries"]
        return (
            f"| {self.held} | {label} | {found['plain']:.3f} s | {found['full']:.3f} s"
            f" | {ratio:.3f} ({low:.3f} – {high:.3f}) | {found['plain_queries']:,}"
            f" | {extra:+,} |"
        )


HEAD = """\
# Performance

What the addons cost, measured against plain Odoo with the same goods. `make bench`
measures it all again and writes this page; `make bench ARGS="matrix"` measures one of
them and writes its section.

Measured on {day} with Odoo {odoo}, Python {python} and PostgreSQL {postgres}, on
{cores}, {memory}; {load}.

## How it is measured

Two databases with the same core modules, demo data and goods, one with the addons and
one without, in one process and on one server. Each pair does the same work in both,
in alternating order, and rolls it back; the tables are vacuumed in between. There are
{pairs} pairs. The ratio is the median of the pairs' ratios, time with the addons by
time without. Its 95 % interval is that of the median by order statistics, which
assumes nothing about the noise{ranks}. Writing what is pending at the end counts. The
user is an administrator without superuser mode, with Odoo's default settings. The
addons are as freshly installed: the rules of the demo data are switched off. Queries
are medians too; they hardly differ between pairs.

"""
TABLE = """\
| Held | Step | Plain Odoo | With the addons | Ratio (95 %) | Queries | More |
| ---: | --- | ---: | ---: | :---: | ---: | ---: |
"""
NOTES = {
    "one-product": (
        "One move reserves 200 lots, oldest first, from 5,000 lots of one product, each"
        " in a quant of its own. The held lots are spread evenly over all ages."
    ),
    "many-products": (
        "200 moves reserve one lot each, from 5,000 lots of 200 products: the gate has"
        " an answer of its own for each product."
    ),
    "manufacturing": (
        "The order is confirmed and reserved, gets its lot number and is closed. Each"
        " component has 100 lots."
    ),
}


def write(results, options, postgres, everything):
    """Write the page, or of a page that is there the sections of these results.

    :param dict results: case → what its run returned
    :param everything: names of all cases, in the order of the page
    :return: where the page is
    """
    parts = _parts(PATH.read_text())
    if set(results) == set(everything):
        parts |= _parts(_head(options, postgres))
    for case, found in results.items():
        parts |= _parts("\n" + _section(case, found))
    PATH.write_text("\n".join(part.strip() + "\n" for part in parts.values() if part))
    return PATH


def _parts(text):
    """Return the text's sections by their titles; what stands before them has none."""
    head, *sections = text.split("\n## ")
    before = {"": head} if head else {}
    return before | {part.split("\n")[0]: f"## {part}" for part in sections}


def _section(case, found):
    if case in SECTIONS:
        return SECTIONS[case](found)
    if case == "receipt":
        return _receipt(*found)
    lines = "\n".join(line for row in found for line in row.format())
    return f"## {found[0].title}\n\n{NOTES[case]}\n\n{TABLE}{lines}\n"


def _head(options, postgres):
    ranks = "; with 15 pairs it runs from the 4th to the 12th ratio"
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return HEAD.format(
        day=date.today().isoformat(),
        odoo=version,
        python=platform.python_version(),
        postgres=f"{postgres // 10_000}.{postgres % 10_000}",
        cores=f"{os.cpu_count()} cores of a virtual {platform.machine()} machine",
        memory=f"{memory:.0f} GB of memory",
        load=options.load,
        pairs=options.pairs,
        ranks=ranks if options.pairs == 15 else "",
    )


def _receipt(rows):
    found = rows.step(*rows.steps)
    ratio, low, high = found["ratio"]
    extra = (found["full_queries"] - found["plain_queries"]) / receipts.LOTS
    seconds = (found["full"] - found["plain"]) / receipts.LOTS
    return f"""\
## {rows.title}, with a quality order each

Validating a receipt of {receipts.LOTS} lots given by name. With the addons an
association makes a quality order of {receipts.TESTS} tests for every lot, and every lot
is held; plain Odoo does nothing of the sort.

| | Plain Odoo | With the addons | Ratio (95 %) |
| --- | ---: | ---: | :---: |
| Time | {found["plain"]:.2f} s | {found["full"]:.2f} s \
| {ratio:.2f} ({low:.2f} – {high:.2f}) |
| Queries | {found["plain_queries"]:,} | {found["full_queries"]:,} | |

That is {extra:.1f} queries and {1000 * seconds:.1f} ms for each order, its tests, its
readings, its hold and its entries in the audit trail.
"""


def _matrix(found):
    return f"""\
## Lots and customers

Which of {matrix.LOTS:,} lots meets what {matrix.CUSTOMERS} customers demand: each has a
card of its own with four criteria. {matrix.LOTS * matrix.CUSTOMERS:,} answers in all.

| Time | of which working | Queries |
| ---: | ---: | ---: |
| {found["seconds"]:.2f} s | {found["worked"]:.2f} s | {found["queries"]} |
"""


def _validation(found):
    labels = {"passed": "All pass: released", "failed": "All fail: held"}
    lines = "\n".join(
        f"| {label} | {seconds:.1f} s | {1000 * seconds / validation.ORDERS:.1f} ms"
        f" | {queries:,} | {queries / validation.ORDERS:.2f} |"
        for verdict, label in labels.items()
        for seconds, queries in [found[verdict]]
    )
    return f"""\
## Validating quality orders

{validation.ORDERS:,} orders of {validation.TESTS} tests with {validation.READINGS}
readings each, a lot for every order, validated at once; all readings are there.

| | Time | each | Queries | each |
| --- | ---: | ---: | ---: | ---: |
{lines}
"""


def _trail(found):
    steps = {
        "enter": "Enter the readings",
        "validate": "Validate the orders",
        "together": "**together**",
    }
    lines = "\n".join(
        f"| {label} | {off:.3f} s | {on:.3f} s | {ratio:.3f} ({low:.3f} – {high:.3f}) |"
        for step, label in steps.items()
        for off, on, ratio, low, high in [found[step]]
    )
    middle, longest = (1000 * seconds for seconds in found["read"])
    entries = trail.RECORDS * trail.ENTRIES_EACH
    return f"""\
## The audit trail

{trail.ORDERS} quality orders of {trail.TESTS} readings each, with the trail and without
it, in the same database: switched off, nothing is followed and nothing written.

| Step | Without | With the trail | Ratio (95 %) |
| --- | ---: | ---: | :---: |
{lines}

Among {entries:,} entries, the trail of one record ({trail.ENTRIES_EACH} entries) is
read in {middle:.0f} ms, at most {longest:.0f} ms.
"""


def _reinspection(found):
    count = reinspection.DUE
    return f"""\
## Inspecting lots again

{count:,} lots whose next inspection is due, made at once by the scheduled action, each
with a quality order of {reinspection.TESTS} tests; committed after every batch.

| Time | each | Queries | each |
| ---: | ---: | ---: | ---: |
| {found["seconds"]:.1f} s | {1000 * found["seconds"] / count:.1f} ms \
| {found["queries"]:,} | {found["queries"] / count:.2f} |
"""


def _near_expiry(found):
    nights = {
        "first": f"{near_expiry.NEAR:,} come near their date",
        "second": "nothing new",
    }
    lines = "\n".join(
        f"| {label} | {found[night]['seconds']:.1f} s | {found[night]['queries']:,} |"
        for night, label in nights.items()
    )
    return f"""\
## Listing goods near their date

The nightly action among {near_expiry.LOTS:,} lots in stock; what comes near is listed
and held, committed after every batch of 1,000.

| Night | Time | Queries |
| --- | ---: | ---: |
{lines}
"""


def _requirements(found):
    labels = {
        "blocked": "Both block",
        "recorded": "One blocks, one is recorded: what meets it first",
    }
    lines = "\n".join(
        f"| {label} | {rows['without'][0]:.3f} s | {rows['with'][0]:.3f} s"
        f" | {ratio:.3f} ({low:.3f} – {high:.3f}) | {rows['without'][1]:,}"
        f" | {rows['with'][1] - rows['without'][1]:+,} |"
        for departure, label in labels.items()
        for rows in [found[departure]]
        for ratio, low, high in [rows["ratio"]]
    )
    return f"""\
## Reserving what a customer demands

A delivery reserves {requirements.QUANTITY} lots from {requirements.LOTS:,} of one
product, each in a quant of its own, for a customer who demands two things of them and
for one who demands nothing, in the same database.

| Criteria | Without | With requirements | Ratio (95 %) | Queries | More |
| --- | ---: | ---: | :---: | ---: | ---: |
{lines}
"""


def _expiry(found):
    rows, night = found["reserve"], found["nightly"]
    (plain, queries), (full, more) = rows["plain"], rows["full"]
    ratio, low, high = rows["ratio"]
    return f"""\
## Goods with expiration dates

A delivery reserves {expiry.QUANTITY} lots, first expired first out, from
{expiry.QUANTS:,} of one product, each in a quant of its own; every {expiry.EXPIRED}th
has expired. Plain Odoo has *product_expiry*, too.

| Plain product_expiry | With the addons | Ratio (95 %) | Queries | More |
| ---: | ---: | :---: | ---: | ---: |
| {plain:.3f} s | {full:.3f} s | {ratio:.3f} ({low:.3f} – {high:.3f}) | {queries:,} \
| {more - queries:+,} |

The scheduled action finds {expiry.LOTS // expiry.EXPIRED:,} newly expired lots among
{expiry.LOTS:,} in stock and places a hold on each, committed in batches of
{expiry.BATCHES:,}: {night["seconds"]:.1f} s and {night["queries"]:,} queries. When it
finds nothing new it takes {night["again"]:.1f} s.
"""


def _installation(found):
    return f"""\
## Installing on a database with a history

{found["stock_lot"]:,} lots and {found["stock_move_line"]:,} move lines, dependencies
installed already, `-i {installation.ADDON}`, less the time that Odoo takes to start.

| | |
| --- | ---: |
| Install | {found["install"]:.1f} s |
| Uninstall, in the running server | {found["uninstall"]:.1f} s |
"""


def _scan(found):
    return f"""\
## Registering components by scan

{scan.SCANS} scans in a row, on an order of {scan.PRODUCTS} products with
{scan.COMPONENTS} components each, all with serial numbers. Opening the page is what the
server does for it, with what was scanned.

| Median | 95th percentile | of which working | Queries | Page opens |
| ---: | ---: | ---: | ---: | ---: |
| {1000 * found["median"]:.0f} ms | {1000 * found["p95"]:.0f} ms \
| {1000 * found["worked"]:.0f} ms | {found["queries"]} | {found["open"]:.2f} s |
"""


SECTIONS = {
    "install": _installation,
    "requirements": _requirements,
    "expiry": _expiry,
    "matrix": _matrix,
    "validation": _validation,
    "trail": _trail,
    "reinspection": _reinspection,
    "near-expiry": _near_expiry,
    "trace": trace.format_section,
    "recall": recall.format_section,
    "scan": _scan,
    "pages": pages.format_section,
}
