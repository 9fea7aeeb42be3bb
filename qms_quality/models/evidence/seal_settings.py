"""What only the server's administrator sets, outside the database.

In the server's configuration file, or as environment variables in capital letters:
``qms_seal_folder``, where seals are written, and ``qms_seal_key``, the private key that
signs them.
"""

import os
from pathlib import Path

from odoo.tools import config


def _get(name):
    return config.get(name) or os.environ.get(name.upper()) or ""


def get_key_path():
    """Return the path of the key's file, empty if none is set."""
    return _get("qms_seal_key")


def get_folder():
    """Return the path of the folder for seals, empty if none is set."""
    return _get("qms_seal_folder")


def get_folder_problem(env, folder):
    """Return why seals can't be written to a folder, or nothing."""
    path = Path(folder)
    if not path.is_absolute():
        return env._("%(folder)s is not an absolute path.", folder=folder)
    data = Path(config["data_dir"]).resolve()
    if path.resolve().is_relative_to(data):
        return env._(
            "%(folder)s is inside the server's data folder %(data)s. Whoever can change"
            " the data could change the seals: choose a folder elsewhere.",
            folder=folder,
            data=str(data),
        )
    if not path.is_dir():
        return env._("%(folder)s is not a folder, or can't be reached.", folder=folder)
    return None


def write_file(folder, name, text):
    """Write a file completely or not at all; never over another one.

    :raise FileExistsError: if there is one of that name with another content
    :raise OSError: if it can't be written
    """
    final, draft = Path(folder) / name, Path(folder) / f".{name}.{os.getpid()}"
    try:
        with open(draft, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(draft, 0o444)
        _link(draft, final, text)
    finally:
        draft.unlink(missing_ok=True)


def _link(draft, final, text):
    try:
        os.link(draft, final)
    except FileExistsError:
        if final.read_text(encoding="utf-8") != text:
            raise
