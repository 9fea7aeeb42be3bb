"""``make core-tests``: Odoo's own suites without and with the addons.

Many of them fail on a database with demo data, whatever is installed; what counts is
the difference. The result without the addons is kept for each version of Odoo.
"""

import json
import subprocess
import xml.etree.ElementTree as ET

from . import console, system, workbench
from .paths import LOCAL, LOGS

SUITES = (
    "stock",
    "product_expiry",
    "mrp_product_expiry",
    "mrp",
    "repair",
    "purchase_stock",
    "sale_stock",
)
RESULTS = LOCAL / "core-tests"
KNOWN = {
    "stock.tests.test_quant.TestStockQuant::test_access_rights_1": (
        "asserts that a stock user may write quants directly"
    ),
    "product_expiry.tests.test_stock_lot.TestStockLot"
    "::test_05_confirmation_on_delivery": (
        "enters an expired lot on a delivery, and expects to be asked only"
    ),
    "product_expiry.tests.test_stock_lot.TestStockLot"
    "::test_edit_removal_date_in_inventory_mode": (
        "changes the date of a lot on one line of its stock"
    ),
    "mrp_product_expiry.tests.test_mrp_product_expiry.TestStockLot"
    "::test_02_product_produce_using_expired": (
        "enters an expired lot as a component, and expects to be asked only"
    ),
}


def run(*arguments):
    """Run the suites twice at a time, and print the difference by test.

    :param arguments: passed to pytest
    """
    RESULTS.mkdir(exist_ok=True)
    with workbench.ready(system.BROWSER) as databases:
        plain, full = databases.more(), databases.full()
        console.say("-> Running Odoo's own suites (about 15 min)")
        baseline = RESULTS / f"{plain}.json"
        runs = [Suites(databases, full, arguments)]
        if arguments or not baseline.exists():
            runs.append(Suites(databases, plain, arguments))
        outcomes = {run.template: run.finish() for run in runs}
        if not arguments and plain in outcomes:
            baseline.write_text(json.dumps(outcomes[plain], indent=1))
        without = outcomes.get(plain) or json.loads(baseline.read_text())
        return compare(without, outcomes[full])


class Suites:
    """One run of the suites on a copy of a template, in the background."""

    def __init__(self, databases, template, arguments):
        self.template = template
        self.copy = databases.temporary(template, f"core{template.split('_')[-2]}")
        self.report = RESULTS / f"{template}.xml"
        runner, name = databases.runner, self.copy.__enter__()
        folders = [runner.odoo.addons / suite / "tests" for suite in SUITES]
        settings = RESULTS / "pytest.ini"
        settings.write_text("[pytest]\njunit_family = xunit2\n")
        with (LOGS / f"core-tests-{template}.log").open("w") as log:
            self.process = subprocess.Popen(
                [runner.python, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
                + ["-c", settings, "--rootdir", runner.odoo.root, "--tb", "short"]
                + [f"--junit-xml={self.report}", *arguments, *folders],
                cwd=LOCAL,
                env=runner.environment(ODOO_RC=str(runner.config(name))),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def finish(self):
        """Wait for the end; return the outcome of each test."""
        try:
            self.process.wait()
        finally:
            self.process.kill()
            self.copy.__exit__(None, None, None)
        return outcomes(self.report)


def outcomes(report):
    """Outcome of each test of a JUnit report, by the test's name."""
    found = {}
    for case in ET.parse(report).iter("testcase"):
        name = f"{case.get('classname')}::{case.get('name')}"
        name = name.removeprefix("odoo.").removeprefix("addons.")
        bad = {"failure", "error"} & {child.tag for child in case}
        found[name] = "failed" if bad or found.get(name) == "failed" else "passed"
    return found


def compare(without, with_addons):
    """Print the difference; return 1 if the addons break a test."""
    failed = {name for name, outcome in with_addons.items() if outcome == "failed"}
    before = {name for name, outcome in without.items() if outcome == "failed"}
    console.say(f"Without the addons: {len(without)} tests, {len(before)} fail.")
    console.say(f"With the addons:    {len(with_addons)} tests, {len(failed)} fail.")
    for name in sorted(before - failed):
        console.say(f"  passes only with the addons: {name}")
    for name in sorted(failed - before):
        known = f" (known: it {KNOWN[name]})" if name in KNOWN else ""
        console.say(f"  fails only with the addons: {name}{known}")
    for name in sorted(set(without) - set(with_addons)):
        console.say(f"  not run with the addons: {name}")
    return 1 if failed - before - set(KNOWN) else 0
