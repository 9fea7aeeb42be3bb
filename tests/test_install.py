"""The addon goes onto a database that is in use, and leaves it as plain Odoo."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import odoo.tools
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import config
from odoo.tools.misc import exec_pg_environ, find_pg_tool

TIMEOUT = 420
STORY = Path(__file__).with_name("install_story.py")


@tagged("standard", "post_install", "-at_install")
class TestInstall(BaseCase):
    """On a copy of the test database, in processes of its own."""

    def setUp(self):
        super().setUp()
        self.name = f"{get_db_name()}_install_{os.getpid()}"
        self.end = time.monotonic() + TIMEOUT
        self._run("createdb", self.name)
        self.addCleanup(self._run, "dropdb", "--force", self.name)
        self._copy()

    def _run(self, tool, *arguments, **options):
        """Run one of PostgreSQL's tools, or Python; return what it printed."""
        run = subprocess.run(
            [tool if os.sep in tool else find_pg_tool(tool), *arguments],
            capture_output=True,
            text=True,
            timeout=max(self.end - time.monotonic(), 10),
            **{"env": exec_pg_environ(), **options},
        )
        self.assertEqual(run.returncode, 0, run.stderr[-3000:])
        return run.stdout, run.stderr

    def _copy(self):
        """Copy the test database. A dump: a template can't be in use."""
        with tempfile.TemporaryDirectory() as folder:
            dump = os.path.join(folder, "dump")
            options = ["--format=directory", "--compress=0", "--jobs=2"]
            self._run("pg_dump", "--no-owner", *options, "-f", dump, get_db_name())
            self._run("pg_restore", "--no-owner", "--jobs=2", "-d", self.name, dump)

    def test_life(self):
        root = str(Path(odoo.tools.__file__).parents[2])
        paths = [root, os.environ.get("PYTHONPATH", "")]
        answer, log = self._run(
            sys.executable,
            *(str(STORY), "-c", config["config"], "-d", self.name),
            *("--no-http", "--log-level=warn", "--max-cron-threads=0"),
            cwd="/",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
        )
        for word in ("Traceback", " ERROR ", " CRITICAL "):
            self.assertNotIn(word, log, log[-3000:])
        self.assertEqual(
            answer.split(), ["upgraded", "uninstalled", "installed", "finished"]
        )
