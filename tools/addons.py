"""The addons of this repository: which there are, what they need, what is in them."""

import ast
import hashlib

from .paths import ROOT

# What does not change a database in which the addon is installed.
UNINSTALLED = ("tests", "readme", "static/description", "static/tests")
UNINSTALLED_SUFFIXES = (".pyc", ".pot", ".rst", ".md", "~")


def names(root=ROOT):
    """Technical names of the addons, sorted."""
    return sorted(path.parent.name for path in root.glob("qms_*/__manifest__.py"))


def manifest(name, root=ROOT):
    """The addon's manifest as a dictionary."""
    return ast.literal_eval((root / name / "__manifest__.py").read_text())


def core_dependencies(root=ROOT):
    """Odoo's own modules on which the addons depend directly, sorted."""
    own = names(root)
    needed = {module for name in own for module in manifest(name, root)["depends"]}
    return sorted(needed - set(own))


def content_hash(root=ROOT):
    """A short key that changes with everything that an installation reads."""
    digest = hashlib.sha256()
    for name in names(root):
        for path in sorted((root / name).rglob("*")):
            if path.is_file() and _is_installed(path.relative_to(root / name)):
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def _is_installed(path):
    text = path.as_posix()
    if any(part.startswith((".", "__pycache__")) for part in path.parts):
        return False
    inside = any(text.startswith(f"{folder}/") for folder in UNINSTALLED)
    return not inside and not text.endswith(UNINSTALLED_SUFFIXES)
