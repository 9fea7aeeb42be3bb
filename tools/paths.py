"""Where things lie. Everything that is generated lies in LOCAL."""

import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOGS = LOCAL / "logs"
CONFIG = LOCAL / "config"
DATA = LOCAL / "odoo-data"
STATE = LOCAL / "state"
# What these tools make below LOCAL; anything else there is not theirs.
MADE = (
    "config",
    "core-tests",
    "epcis",
    "hypothesis",
    "lint-*",
    "logs",
    "node",
    "nodejs-*",
    "odoo-*",
    "postgresql",
    "pytest-cache",
    "screenshots",
    "state",
    "venv-*",
)


def make_folders():
    """Create the folders of generated things."""
    for folder in (LOCAL, LOGS, CONFIG, DATA, STATE):
        folder.mkdir(parents=True, exist_ok=True)


def delete_made():
    """Delete what these tools have made."""
    for pattern in MADE:
        for path in LOCAL.glob(pattern):
            shutil.rmtree(path)
    if LOCAL.exists() and not any(LOCAL.iterdir()):
        LOCAL.rmdir()
