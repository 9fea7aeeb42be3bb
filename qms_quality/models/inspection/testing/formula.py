"""Formulas of calculated tests: arithmetic over the values of other tests.

What Python's parser makes of a formula is walked by hand, so that nothing but numbers,
codes of tests, operators and a few functions is ever evaluated.
"""

import ast
import operator
import re
from math import isfinite

MAX_LENGTH = 250
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_SIGNS = {ast.UAdd: operator.pos, ast.USub: operator.neg}


def _average(*values):
    return sum(values) / len(values)


def _round(value, digits=0.0):
    if digits != int(digits) or abs(digits) > 15:
        raise FormulaError("digits")
    return round(value, int(digits))


# name: (function, fewest arguments, most arguments)
_FUNCTIONS = {
    "min": (min, 1, MAX_LENGTH),
    "max": (max, 1, MAX_LENGTH),
    "avg": (_average, 1, MAX_LENGTH),
    "abs": (abs, 1, 1),
    "round": (_round, 1, 2),
}
FUNCTIONS = tuple(_FUNCTIONS)


class FormulaError(Exception):
    """A formula can't be read or has no value.

    ``kind`` says why: ``empty``, ``long``, ``syntax``, ``forbidden``, ``function``,
    ``arguments``, ``digits``, ``division``, ``overflow`` or ``undefined``; ``detail``
    is the part of the formula that is wrong.
    """

    def __init__(self, kind, detail=""):
        super().__init__(f"{kind} {detail}")
        self.kind = kind
        self.detail = detail


class Formula:
    """A formula that was read: :attr:`codes` are those of the tests it names.

    :param str text: codes that are no plain names stand in brackets: ``[PH-2] * 2``
    :raise FormulaError: names what is wrong, a constant division by zero included
    """

    def __init__(self, text):
        self._aliases = {}
        self._tree = self._parse(text or "")
        self.codes = frozenset(self._get_codes())
        self._fold(self._tree)

    def evaluate(self, values):
        """Return the value of the formula, a finite float.

        :param dict values: the number of each of :attr:`codes`
        :raise FormulaError: ``division``, ``overflow`` or ``undefined``
        """
        return _guard(self._evaluate, self._tree, values)

    # -- Reading -----------------------------------------------------------------------

    def _parse(self, text):
        if not text.strip():
            raise FormulaError("empty")
        if len(text) > MAX_LENGTH:
            raise FormulaError("long")
        try:
            plain = _BRACKETS.sub(self._alias, text).strip()
            tree = ast.parse(plain, mode="eval").body
            self._check(tree)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            raise FormulaError("syntax", text.strip()) from None
        return tree

    def _alias(self, match):
        name = f"__code{len(self._aliases)}__"
        self._aliases[name] = match.group(1).strip()
        return f" {name} "

    def _get_code(self, node):
        return self._aliases.get(node.id, node.id)

    def _check(self, node):
        """Refuse everything that is no arithmetic."""
        if isinstance(node, ast.Constant):
            if type(node.value) not in (int, float):
                raise FormulaError("forbidden", repr(node.value))
            self._get_number(node)
        elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
            self._check(node.left)
            self._check(node.right)
        elif isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
            self._check(node.operand)
        elif isinstance(node, ast.Call):
            self._check_call(node)
        elif not isinstance(node, ast.Name):
            raise FormulaError("forbidden", self._unparse(node))

    def _check_call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in _FUNCTIONS or node.keywords:
            raise FormulaError("function", self._unparse(node))
        _function, fewest, most = _FUNCTIONS[name]
        if not fewest <= len(node.args) <= most:
            raise FormulaError("arguments", name)
        for argument in node.args:
            self._check(argument)

    def _unparse(self, node):
        text = ast.unparse(node)
        for name, code in self._aliases.items():
            text = text.replace(name, f"[{code}]")
        return text

    def _get_codes(self):
        called = {
            node.func for node in ast.walk(self._tree) if isinstance(node, ast.Call)
        }
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Name) and node not in called:
                yield self._get_code(node)

    # -- Evaluating --------------------------------------------------------------------

    def _get_number(self, node):
        try:
            number = float(node.value)
        except OverflowError:
            raise FormulaError("overflow") from None
        if not isfinite(number):
            raise FormulaError("overflow")
        return number

    def _fold(self, node):
        """Evaluate what is constant, so that it fails when the formula is saved."""
        children = [self._fold(child) for child in self._get_operands(node)]
        constant = not isinstance(node, ast.Name) and all(children)
        if constant:
            _guard(self._evaluate, node, {})
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            if children[1] and not _guard(self._evaluate, node.right, {}):
                raise FormulaError("division")
        return constant

    def _get_operands(self, node):
        if isinstance(node, ast.BinOp):
            return [node.left, node.right]
        if isinstance(node, ast.UnaryOp):
            return [node.operand]
        return node.args if isinstance(node, ast.Call) else []

    def _evaluate(self, node, values):
        if isinstance(node, ast.Constant):
            return self._get_number(node)
        if isinstance(node, ast.Name):
            return float(values[self._get_code(node)])
        operands = [self._evaluate(child, values) for child in self._get_operands(node)]
        if isinstance(node, ast.BinOp):
            return _OPERATORS[type(node.op)](*operands)
        if isinstance(node, ast.UnaryOp):
            return _SIGNS[type(node.op)](*operands)
        return _FUNCTIONS[node.func.id][0](*operands)


def _guard(function, *arguments):
    """Turn what arithmetic can raise into a :class:`FormulaError`."""
    try:
        value = function(*arguments)
    except ZeroDivisionError:
        raise FormulaError("division") from None
    except OverflowError:
        raise FormulaError("overflow") from None
    if isinstance(value, complex):
        raise FormulaError("undefined")
    if not isfinite(value):
        raise FormulaError("overflow")
    return value


def find_cycle(edges):
    """Return codes that depend on each other in a circle, or nothing.

    :param dict edges: for each code the codes that its formula names
    """
    done = set()
    for start in sorted(edges):
        path, stack = [], [(start, False)]
        while stack:
            code, leaving = stack.pop()
            if leaving:
                done.add(path.pop())
            elif code in path:
                return [*path[path.index(code) :], code]
            elif code in edges and code not in done:
                path.append(code)
                stack += [(code, True), *((one, False) for one in sorted(edges[code]))]
    return []


def sort_by_dependency(edges):
    """Return the codes of ``edges`` so that each comes after those that it names."""
    ordered = []

    def visit(code):
        if code in edges and code not in ordered:
            for other in sorted(edges[code]):
                visit(other)
            ordered.append(code)

    for code in sorted(edges):
        visit(code)
    return ordered
