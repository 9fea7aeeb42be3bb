"""Databases: templates that are made once, and copies of them.

Three templates stand on each other; each name ends with a key of what is in it::

    qms_core_KEY   the core modules that the addons need, with demo data
    qms_more_KEY   and the core modules whose routes are tested, and bundles of scripts
    qms_full_KEY   and the addons of this repository

A change of an addon makes a new ``full`` on a copy of ``more``, and nothing else. A
template is built under another name first: what bears its name is complete.
"""

import hashlib
import os
import re
import shutil
from contextlib import contextmanager

from . import addons, console
from .console import CannotGoOnError
from .odoo import ABSENT_SCRIPT
from .paths import DATA
from .postgres import exclusive

# Core modules beyond the addons' own dependencies: tests walk their routes.
TEST_MODULES = (
    "repair",
    "stock_picking_batch",
    "stock_dropshipping",
    "mrp_subcontracting",
    "point_of_sale",
    "purchase_requisition",
    "product_expiry",
    "mrp_product_expiry",
)
RECIPE = "3"  # count up when the way in which templates are built changes
KEPT_TEMPLATES = 2
# In the log of an installation: what concerns the addons of this repository.
COMPLAINT = re.compile(r"(?<= )(WARNING|ERROR|CRITICAL) \S+ .*\bqms_.*")
REMOVE_ABSENT_SCRIPT = """
env["ir.asset"].create({{
    "name": "Debian's package lacks this script",
    "bundle": "web.assets_backend",
    "directive": "remove",
    "path": "{path}",
}})
"""
# As ir.qweb's _pregenerate_assets_bundles, less the bundles of Odoo's own unit tests
# of its scripts, which take as long as all the others.
GENERATE_BUNDLES = """
UNUSED = ("unit_tests", "unit_tests_setup", "tests_assets")
views = env["ir.qweb"]
scripts, styles = (
    [name for name in sorted(names) if not name.endswith(UNUSED)]
    for names in views._get_bundles_to_pregenarate()
)
for name in scripts:
    views._get_asset_bundle(name, css=False, js=True).js()
for name in styles:
    views._get_asset_bundle(name, css=True, js=False).css()
"""


class Databases:
    """All databases of this project on one server."""

    def __init__(self, runner):
        self.runner = runner
        self.server = runner.server

    # -- templates

    def core(self):
        """Template with the core modules that the addons need."""
        modules = addons.core_dependencies()
        name = self._name("core", self.runner.odoo.key, *modules)
        with exclusive("templates"):
            return self._ensure(name, lambda new: self._build_core(new, modules))

    def more(self):
        """Template with the core modules whose routes are tested, too."""
        modules = sorted({*addons.core_dependencies(), *TEST_MODULES})
        name = self._name("more", self.runner.odoo.key, *modules)
        if self.exists(name):
            return name
        core = self.core()
        with exclusive("templates"):
            return self._ensure(name, lambda new: self._build_more(new, core, modules))

    def full(self):
        """Template with the addons, too."""
        more = self.more()
        name = self._name("full", more, addons.content_hash())
        with exclusive("templates"):
            self._ensure(name, lambda new: self._build_full(new, more))
            self._drop_old("full", keep=name)
        return name

    def _name(self, kind, *contents):
        key = hashlib.sha256("\0".join((RECIPE, *contents)).encode()).hexdigest()
        return f"{self.server.prefix}_{kind}_{key[:10]}"

    def _ensure(self, name, build):
        if not self.exists(name):
            building = f"{name}_building"
            self.drop(building)
            build(building)
            self.rename(building, name)
        return name

    def _build_core(self, name, modules):
        self._check_modules(modules)
        with console.step(f"Installing {', '.join(modules)} with demo data", "2 min"):
            self.install(name, modules)
            if self.runner.odoo.lacks_script():
                code = REMOVE_ABSENT_SCRIPT.format(path=ABSENT_SCRIPT)
                self.runner.shell(name, code, log="asset.log", what="Removing a script")

    def _build_more(self, name, core, modules):
        self._check_modules(modules)
        new = sorted(set(modules) - set(addons.core_dependencies()))
        with console.step(f"Installing {', '.join(new)} with demo data", "90 s"):
            self.clone(core, name)
            self.install(name, new)
        with console.step("Generating the bundles of the web client", "1 min"):
            self.generate_bundles(name)  # most of them are the same with the addons

    def _build_full(self, name, more):
        self.clone(more, name)
        self.install_addons(name)

    def _check_modules(self, modules):
        folder = self.runner.odoo.addons
        absent = [m for m in modules if not (folder / m / "__manifest__.py").exists()]
        if absent:
            raise CannotGoOnError(f"This Odoo has no module {', '.join(absent)}.")

    # -- installing

    def install_addons(self, name, update=()):
        """Install the addons of this repository, and generate the bundles."""
        own = addons.names()
        with console.step(f"Installing {', '.join(own)}", "30 s"):
            new = [module for module in own if module not in update]
            self.install(name, new, update)
        with console.step("Generating the bundles of the web client", "10 to 40 s"):
            self.generate_bundles(name)

    def install(self, name, modules, update=()):
        """Install and update modules, and make sure that they are there."""
        log = f"install-{name}.log"
        path = self.runner.install(name, modules, log=log, update=update)
        self._show_complaints(path)
        wanted = {*modules, *update}
        found = self.server.query(
            "SELECT name FROM ir_module_module WHERE state = 'installed'", name
        )
        if absent := wanted - {row[0] for row in found}:
            raise CannotGoOnError(
                f"Odoo did not install {', '.join(sorted(absent))}; see {path}"
            )

    def _show_complaints(self, path):
        for line in path.open():
            if found := COMPLAINT.search(line):
                console.say(f"   {found.group()}")

    def generate_bundles(self, name):
        """Generate the scripts and styles of the web client into the database."""
        self.runner.shell(
            name, GENERATE_BUNDLES, log="bundles.log", what="Generating the bundles"
        )

    # -- databases as such

    def exists(self, name):
        """Whether there is such a database."""
        return name in self.names()

    def names(self):
        """Names of this project's databases, oldest first."""
        return names(self.server)

    def clone(self, template, name):
        """Copy a database with its file store."""
        self.drop(name)
        self.server.query(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        if _store(template).exists():
            _copy_tree(_store(template), _store(name))

    def drop(self, name):
        """Delete a database, if it is there, with its file store."""
        drop(self.server, name)

    def rename(self, name, new):
        """Give a database, with its file store, another name."""
        if _store(name).exists():
            shutil.rmtree(_store(new), ignore_errors=True)
            _store(name).rename(_store(new))
        self.server.query(f'ALTER DATABASE "{name}" RENAME TO "{new}"')

    def _drop_old(self, kind, keep):
        start = f"{self.server.prefix}_{kind}_"
        old = [n for n in self.names() if n.startswith(start) and n != keep]
        for name in old[: -(KEPT_TEMPLATES - 1)]:
            self.drop(name)

    @contextmanager
    def temporary(self, template, purpose="test"):
        """A copy of a template for the length of a block."""
        self._drop_orphans(purpose)
        name = f"{self.server.prefix}_{purpose}_{os.getpid()}"
        with exclusive("templates"):
            self.clone(template, name)
        try:
            yield name
        finally:
            self.drop(name)

    def _drop_orphans(self, purpose):
        """Delete copies whose process has died without deleting them."""
        start = f"{self.server.prefix}_{purpose}_"
        for name in self.names():
            # behind it stand a process of pytest, or what a test has copied it for
            owner = re.split("[-_]", name.removeprefix(start))[0]
            if name.startswith(start) and not _is_alive(owner):
                self.drop(name)


def names(server):
    """Names of this project's databases on a server, oldest first."""
    rows = server.query(
        "SELECT datname FROM pg_database"
        f" WHERE starts_with(datname, '{server.prefix}_') ORDER BY oid"
    )
    return [row[0] for row in rows]


def drop(server, name):
    """Delete a database, if it is there, with its file store."""
    server.query(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    shutil.rmtree(_store(name), ignore_errors=True)


def drop_all(server):
    """Delete all databases of this project on a server."""
    for name in names(server):
        drop(server, name)


def _is_alive(process):
    return process.isdigit() and os.path.exists(f"/proc/{process}")


def _store(name):
    return DATA / "filestore" / name


def _copy_tree(source, target):
    """Copy a file store; its files never change, so that links are enough."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=_link)


def _link(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
