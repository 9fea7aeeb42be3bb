"""Node and npm, from PyPI: for prettier, and for what tools/epcis.py fetches."""

import os
from pathlib import Path

from . import environment
from .postgres import exclusive

CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def ensure():
    """Install them where they are missing; return the folder of their programs."""
    with exclusive("nodejs"):
        return environment.ensure("nodejs", "requirements-nodejs", "10 s").parent


def variables():
    """The environment in which they run."""
    values = dict(os.environ)
    if CERTIFICATES.exists():  # Node trusts what the system trusts
        values.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    return values
