"""``make bench``: runs ``benchmarks/`` beside two databases with the same core data.

``python -m benchmarks`` runs from the root of the project with these variables::

    ODOO_RC      configuration of Odoo for this server
    QMS_PLAIN    a database without the addons
    QMS_FULL     a database with the addons

Both are copies that the benchmarks may change; they are deleted afterwards. More
copies come from ``tools.databases.Databases.clone(template, name)``.
"""

import subprocess

from . import system, workbench
from .paths import ROOT


def run(*arguments):
    """Run the benchmarks.

    :param arguments: passed to them
    """
    with workbench.ready(system.BROWSER) as databases:
        runner = databases.runner
        with (
            databases.temporary(databases.more(), "plain") as plain,
            databases.temporary(databases.full(), "bench") as full,
        ):
            names = {"QMS_PLAIN": plain, "QMS_FULL": full}
            config = runner.config(full, dbfilter=f"^({plain}|{full})$")
            return subprocess.run(
                [runner.python, "-m", "benchmarks", *arguments],
                cwd=ROOT,
                env=runner.environment(ODOO_RC=str(config), **names),
            ).returncode
