"""Everything that a command needs, made ready in order."""

import os
from contextlib import contextmanager

from . import environment, odoo, paths, postgres, system
from .databases import Databases
from .postgres import exclusive

ALWAYS = (system.FONTS, system.MAGIC, system.PDF)


@contextmanager
def ready(*needs):
    """Odoo, its environment and a server.

    :param needs: what the machine must have besides
    :return: the project's databases, which also know how to run Odoo
    """
    paths.make_folders()
    with exclusive("set-up"):
        system.check_disk()
        system.ensure([*_server_needs(), *ALWAYS, *needs])
        found = odoo.find()
        python = environment.ensure("venv", "requirements", "1 min")
        (paths.STATE / "ready").touch()
    with postgres.running() as server:
        yield Databases(odoo.Runner(found, python, server))


def _server_needs():
    named = postgres.named_by_environment()
    return (system.CLIENT,) if named else (system.POSTGRESQL,)


def port_wanted():
    """The port that the user asks for, if any."""
    return os.environ.get("PORT")
