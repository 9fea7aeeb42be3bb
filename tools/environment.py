"""The project's virtual environments, made from pinned requirements."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from . import console, system
from .console import CannotGoOnError
from .paths import LOCAL, ROOT

SUPPORTED = ("3.11", "3.13")
DOWNLOADS = r"^(Collecting|Downloading|Installing collected) (\S+)"


def ensure(name, requirements, duration):
    """Make the environment where it is missing or its pins have changed.

    :param requirements: stem of the file; a file for this Python has its version too
    :return: path of its Python
    """
    interpreter, release = find_python()
    pins = pins_for(requirements, release)
    folder = LOCAL / f"{name}-{release}"
    stamp = hashlib.sha256(pins.read_bytes()).hexdigest()
    if _stamp(folder) != stamp:
        system.ensure([system.VENV])
        with console.step(f"Installing Python packages from {pins.name}", duration):
            _make(folder, interpreter, pins)
        (folder / "stamp").write_text(stamp)
    return folder / "bin" / "python"


def pins_for(requirements, release):
    """The file of pins for that release of Python."""
    special = ROOT / f"{requirements}-{release}.txt"
    return special if special.exists() else ROOT / f"{requirements}.txt"


def find_python():
    """A supported Python, this one if possible, and its release."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    if own in SUPPORTED:
        return sys.executable, own
    for release in SUPPORTED:
        if found := shutil.which(f"python{release}"):
            return found, release
    raise CannotGoOnError(
        f"Python {own} has no pinned packages here: install Python 3.11 or 3.13."
    )


def _stamp(folder):
    path = folder / "stamp"
    return path.read_text() if path.exists() else None


def _make(folder, interpreter, pins):
    shutil.rmtree(folder, ignore_errors=True)
    made = subprocess.run(
        [interpreter, "-m", "venv", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        reason = made.stdout.strip() or made.stderr.strip()
        raise CannotGoOnError(f"Python can't make an environment: {reason}")
    console.run(
        [folder / "bin" / "python", "-m", "pip", "install", "--no-input"]
        + ["--disable-pip-version-check", "-r", pins],
        f"pip-{Path(folder).name}.log",
        what=f"pip install -r {pins.name}",
        pattern=DOWNLOADS,
    )
