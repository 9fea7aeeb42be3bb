"""Gets Odoo 19 out of Debian without installing it.

The package ``odoo-19`` is complete Community, and lives in Debian's unstable suite
only. So the project has an apt state of its own, with the suites of this machine's
release and of unstable, downloads the packages and unpacks them into one folder.
The archive's address is the one that this machine's apt already uses.
"""

import os
import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from . import console
from .console import CannotGoOnError
from .paths import LOCAL

UNSTABLE = "sid"
FROM_UNSTABLE = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-glyphicons-halflings",
)
# Unstable's Font Awesome 7 has lost the 4.7 layout that Odoo links to.
FROM_RELEASE = ("fonts-font-awesome", "fonts-inconsolata")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
KEPT_OPTIONS = ("signed-by", "trusted", "check-valid-until", "architectures")
UNPACKED = LOCAL / "odoo-19"


@dataclass(frozen=True)
class Source:
    """One entry of apt's configuration."""

    uri: str
    suites: tuple
    components: tuple
    options: dict = field(default_factory=dict, compare=False)

    def is_archive(self):
        """Whether packages of Debian itself can come from here."""
        return "main" in self.components and not self.uri.startswith("cdrom:")


def parse_one_line(text):
    """Sources of the classic format: ``deb [options] uri suite components``."""
    found = []
    for line in text.splitlines():
        match = re.match(r"\s*deb\s+(?:\[([^]]*)\]\s*)?(\S+)\s+(\S+)([^#]*)", line)
        if match:
            options, uri, suite, components = match.groups()
            pairs = (item.split("=", 1) for item in (options or "").split())
            options = {pair[0].lower(): pair[-1] for pair in pairs}
            found.append(Source(uri, (suite,), tuple(components.split()), options))
    return found


def parse_deb822(text):
    """Sources of the format with one ``Field: value`` a line."""
    found = []
    for stanza in re.split(r"\n\s*\n", text):
        fields = _fields(stanza)
        if "deb" not in fields.get("types", "").split():
            continue
        if fields.get("enabled", "yes").lower() in ("no", "false", "0", "off"):
            continue
        suites, components = fields.get("suites", ""), fields.get("components", "")
        for uri in fields.get("uris", "").split():
            source = Source(uri, tuple(suites.split()), tuple(components.split()))
            source.options.update(fields)
            found.append(source)
    return found


def _fields(stanza):
    fields, name = {}, None
    for line in stanza.splitlines():
        if line.startswith("#"):
            continue
        if line[:1].isspace() and name:
            fields[name] += "\n" + line
        elif ":" in line:
            name, value = line.split(":", 1)
            name = name.strip().lower()
            fields[name] = value.strip()
    return fields


def machine_sources(etc=Path("/etc/apt")):
    """Every source that this machine's apt reads."""
    found = []
    parts = etc / "sources.list.d"
    for path in (etc / "sources.list", *sorted(parts.glob("*.list"))):
        if path.is_file():
            found += parse_one_line(path.read_text())
    for path in sorted(parts.glob("*.sources")):
        found += parse_deb822(path.read_text())
    return found


def archive(sources, release):
    """The source from which this machine gets its release."""
    archives = [source for source in sources if source.is_archive()]
    exact = [source for source in archives if release in source.suites]
    others = [s for s in archives if not any("security" in suite for suite in s.suites)]
    if not (exact or others):
        raise CannotGoOnError(
            "apt on this machine names no Debian archive: add one, or set ODOO_HOME"
            " to a checkout of Odoo 19."
        )
    return (exact or others)[0]


def own_sources(source, release):
    """The text of the project's own sources file."""
    options = {"signed-by": KEYRING, **source.options}
    lines = ["Types: deb", f"URIs: {source.uri}", f"Suites: {release} {UNSTABLE}"]
    lines += ["Components: main"]
    lines += [f"{name}: {options[name]}" for name in KEPT_OPTIONS if name in options]
    return "\n".join(lines) + "\n"


def os_release(path=Path("/etc/os-release")):
    """What the system says it is, as a dictionary."""
    lines = path.read_text().splitlines()
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {name: value.strip('"') for name, value in pairs}


def is_debian(path=Path("/etc/os-release")):
    """Whether this is Debian itself."""
    return path.exists() and os_release(path).get("ID") == "debian"


def release_name():
    """Code name of this Debian, or a plain refusal on other systems."""
    if not shutil.which("apt-get") or not Path("/etc/os-release").exists():
        raise CannotGoOnError(
            "There is no apt here, so Odoo can't be fetched: set ODOO_HOME to a"
            " checkout of Odoo 19 (untested outside Debian)."
        )
    system = os_release()
    if not is_debian():
        raise CannotGoOnError(
            f"{system.get('PRETTY_NAME', 'This system')} is not Debian, so Odoo can't"
            " be fetched: set ODOO_HOME to a checkout of Odoo 19 (untested there)."
        )
    return system.get("VERSION_CODENAME", UNSTABLE)


def fetch():
    """Download and unpack Odoo, once.

    :return: the folder into which it is unpacked
    """
    if (UNPACKED / "complete").exists():
        return UNPACKED
    release = release_name()
    with console.step("Fetching Odoo 19 from Debian, 125 MB", "1 min"):
        options = _options(_write_sources(release))
        _apt_get([*options, "update"], "apt-update.log")
        _download(options, release)
        _unpack()
    return UNPACKED


def _write_sources(release):
    folder = LOCAL / "odoo-apt"
    for name in ("state/lists/partial", "cache/archives/partial", "packages"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    path = folder / "project.sources"
    path.write_text(own_sources(archive(machine_sources(), release), release))
    return path


def _options(sources):
    folder = sources.parent
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "-",
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "-",
        "Dir::State": folder / "state",
        "Dir::State::status": "/var/lib/dpkg/status",
        "Dir::Cache": folder / "cache",
        "Acquire::Languages": "none",
        "Acquire::PDiffs": "false",
        # a mirror may be some weeks behind; its signature is checked all the same
        "Acquire::Check-Valid-Until": "false",
        "APT::Get::List-Cleanup": "0",
    }
    if os.geteuid() == 0:  # apt's own account can't write into the project
        settings["APT::Sandbox::User"] = "root"
    return [part for item in settings.items() for part in ("-o", "{}={}".format(*item))]


def _apt_get(arguments, log, cwd=None):
    console.run(
        ["apt-get", "-y", *arguments],
        log,
        what="Fetching Odoo from Debian's unstable suite",
        pattern=console.APT_NEWS,
        cwd=cwd,
    )


def _download(options, release):
    packages = [f"{name}/{UNSTABLE}" for name in FROM_UNSTABLE]
    packages += [f"{name}/{release}" for name in FROM_RELEASE]
    folder = LOCAL / "odoo-apt" / "packages"
    shutil.rmtree(folder)
    folder.mkdir()
    _apt_get([*options, "download", *packages], "apt-download.log", cwd=folder)


def _unpack():
    target = UNPACKED.with_suffix(".unpacking")
    shutil.rmtree(target, ignore_errors=True)
    shutil.rmtree(UNPACKED, ignore_errors=True)
    target.mkdir()
    versions = []
    for package in sorted((LOCAL / "odoo-apt" / "packages").glob("*.deb")):
        command = ["dpkg", "-x", package, target]
        console.run(command, "unpack.log", what="Unpacking Odoo")
        versions.append(package.stem)
    (target / "complete").write_text("\n".join(versions) + "\n")
    target.rename(UNPACKED)
    shutil.rmtree(LOCAL / "odoo-apt")
