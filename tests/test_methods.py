"""Models are put together from many files: no file may replace a method of another."""

import ast
from collections import defaultdict

from tools import addons
from tools.paths import ROOT


def test_no_method_is_replaced_by_accident():
    """A method that two files define for one model calls super in all but one."""
    found = defaultdict(list)
    for addon in addons.names():
        for path in sorted((ROOT / addon).rglob("*.py")):
            if "tests" not in path.parts:
                for key, place in _get_methods_without_super(path):
                    found[key].append(place)
    replaced = {key: places for key, places in found.items() if len(places) > 1}
    assert not replaced


def _get_methods_without_super(path):
    """Yield ``((model, method), place)`` for methods that don't call super."""
    source = path.read_text()
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    if "super(" in ast.get_source_segment(source, part):
                        continue
                    place = f"{path.relative_to(ROOT)}:{part.lineno}"
                    yield from (
                        ((model, part.name), place) for model in _get_models(node)
                    )


def _get_models(node):
    """Return the models whose methods a class defines: its own, or those it extends."""
    names = {}
    for part in node.body:
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
            if part.targets[0].id in ("_name", "_inherit"):
                names[part.targets[0].id] = ast.literal_eval(part.value)
    if "_name" in names:
        return [names["_name"]]
    inherited = names.get("_inherit", [])
    return [inherited] if isinstance(inherited, str) else inherited
