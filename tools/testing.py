"""``make test``: the whole suite on a database of its own."""

import re
import subprocess

from . import addons, console, system, workbench
from .paths import LOCAL, LOGS, ROOT

NATIVE_TAG = "qms_native"
NATIVE_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
NATIVE_NEWS = re.compile(r" (ERROR|CRITICAL|WARNING) |^Traceback|^  File |Error: ")


def run(*arguments):
    """Run pytest, and beside it Odoo's own runner for the tests tagged for it.

    :param arguments: passed to pytest; where there are any, pytest runs alone
    """
    with workbench.ready(system.BROWSER) as databases:
        template = databases.full()
        native = None if arguments else _start_native(databases, template)
        code = _pytest(databases, template, arguments)
        return code or (native.finish() if native else 0)


def _pytest(databases, template, arguments):
    runner = databases.runner
    with databases.temporary(template) as name:
        console.say(f"-> Testing on {name}")
        return subprocess.run(
            [runner.python, "-m", "pytest", "--odoo-http", *arguments],
            cwd=ROOT,
            env=runner.environment(ODOO_RC=str(runner.config(name))),
        ).returncode


def _start_native(databases, template):
    if not _has_native_tests():
        console.say(f"   No test is tagged {NATIVE_TAG}: Odoo's own runner has none.")
        return None
    return NativePass(databases, template)


def _has_native_tests():
    files = ROOT.glob("qms_*/tests/**/*.py")
    return any(NATIVE_TAG in path.read_text() for path in files)


class NativePass:
    """Odoo's own test runner, in the background.

    Only there are tests run in the order of installation, and routes that promise
    to be read-only on a read-only cursor. It updates the addons on the way.
    """

    def __init__(self, databases, template):
        self.copy = databases.temporary(template, "native")
        self.log = LOGS / "native-tests.log"
        runner, name = databases.runner, self.copy.__enter__()
        tests = ["-u", ",".join(addons.names()), "--test-tags", NATIVE_TAG]
        command = runner.command(
            name, *tests, "--stop-after-init", http_port=system.choose_port()
        )
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [str(part) for part in command],
                cwd=LOCAL,
                env=runner.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def finish(self):
        """Wait for the end and tell the result; return the exit code."""
        try:
            code = self.process.wait()
        finally:
            self.process.kill()
            self.copy.__exit__(None, None, None)
        return self._tell(code)

    def _tell(self, code):
        lines = self.log.read_text().splitlines()
        results = [found for line in lines if (found := NATIVE_RESULT.search(line))]
        count = int(results[-1].group(3)) if results else 0
        if code or not count or any(int(n) for n in results[-1].groups()[:2]):
            console.say("\n".join(line for line in lines if NATIVE_NEWS.search(line)))
            console.say(f"Odoo's own runner FAILED ({count} tests); see {self.log}")
            return code or 1
        console.say(f"Odoo's own runner: {count} tests passed")
        return 0
