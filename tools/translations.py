"""``make pot``: writes the addons' texts for translators."""

import re

from . import addons, console, workbench
from .paths import LOCAL, ROOT

DATES = re.compile(r'^"(POT-Creation-Date|PO-Revision-Date): .*\n', re.MULTILINE)


def export():
    """Write each addon's ``i18n/NAME.pot``, without what changes by the day."""
    with workbench.ready() as databases:
        with databases.temporary(databases.full(), "pot") as name:
            runner = databases.runner
            for addon in addons.names():
                (ROOT / addon / "i18n").mkdir(exist_ok=True)
            console.run(
                [runner.python, "-m", "odoo", "i18n", "export", "-l", "pot"]
                + ["-c", runner.config(name), "-d", name, *addons.names()],
                "pot.log",
                what="Exporting the texts",
                cwd=LOCAL,
                env=runner.environment(),
            )
    for addon in addons.names():
        path = ROOT / addon / "i18n" / f"{addon}.pot"
        path.write_text(DATES.sub("", path.read_text()))
        console.say(f"   {path.relative_to(ROOT)}")
    return 0
