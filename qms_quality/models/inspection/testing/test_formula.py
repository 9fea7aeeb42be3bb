from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..test_kinds import NUMERIC
from .formula import FUNCTIONS, Formula, FormulaError, find_cycle


class QmsTest(models.Model):
    """Tests that are calculated from others."""

    _inherit = "qms.test"

    formula = fields.Char(
        help="Codes of other tests of the same test group, numbers, + - * / **,"
        " parentheses, and min, max, avg, abs, round. A code that is no plain word"
        " stands in brackets: (FAT + [SNF-2]) / 2",
    )

    @api.model
    def _get_formula_error_text(self, error):
        """Return what is wrong with a formula, for people.

        :param error: :class:`FormulaError`
        """
        texts = {
            "empty": self.env._("it is empty"),
            "long": self.env._("it is too long"),
            "syntax": self.env._("this can't be read: %s", error.detail),
            "forbidden": self.env._(
                "only arithmetic is allowed, not: %s", error.detail
            ),
            "function": self.env._(
                "%(call)s is none of the functions %(functions)s",
                call=error.detail,
                functions=", ".join(FUNCTIONS),
            ),
            "arguments": self.env._("wrong number of values for %s", error.detail),
            "digits": self.env._("the digits to round to are a small whole number"),
            "division": self.env._("division by zero"),
            "overflow": self.env._("the result is too large"),
            "undefined": self.env._("the result is no number"),
        }
        return texts[error.kind]

    def _read_formula(self):
        """Return the formula of this test, read.

        :return: :class:`Formula`
        :raise ValidationError: says what is wrong
        """
        try:
            return Formula(self.formula)
        except FormulaError as error:
            raise ValidationError(
                self.env._(
                    "The formula of %(test)s has no value: %(problem)s.",
                    test=self.display_name,
                    problem=self._get_formula_error_text(error),
                )
            ) from None

    def _get_formula_codes(self):
        """Return the codes of the tests that these are calculated from, by code."""
        return {
            test.code: test._read_formula().codes
            for test in self
            if test.test_type == "calculated" and test.formula
        }

    @api.constrains("formula", "code", "test_type")
    def _check_formula(self):
        edges = self._get_formula_codes()
        if not edges:
            return
        known = self._search_known(set().union(*edges.values()))
        for code, codes in edges.items():
            self._check_formula_codes(code, codes, known)
        found = known
        while found := found.filtered(lambda test: test.code not in edges):
            more = found._get_formula_codes()
            edges.update({code: () for code in found.mapped("code")} | more)
            found = self._search_known(set().union(*more.values()))
        if cycle := find_cycle(edges):
            raise ValidationError(
                self.env._(
                    "These tests are calculated from each other in a circle: %s.",
                    " → ".join(cycle),
                )
            )

    def _search_known(self, codes):
        companies = [*self.company_id.ids, *self.env.companies.ids, False]
        return self.with_context(active_test=False).search(
            [("code", "in", list(codes)), ("company_id", "in", companies)]
        )

    def _check_formula_codes(self, code, codes, known):
        """Refuse a formula over tests that don't exist or have no number.

        :raise ValidationError: names the test and the codes
        """
        numbers = known.filtered(lambda test: test.test_type in NUMERIC)
        unknown = sorted(codes - set(known.mapped("code")))
        others = sorted(codes - set(numbers.mapped("code")) - set(unknown))
        if unknown:
            problem = self.env._("there is no test %s", ", ".join(unknown))
        elif others:
            problem = self.env._("this test has no number: %s", ", ".join(others))
        else:
            return
        test = self.filtered(lambda test: test.code == code)[:1]
        raise ValidationError(
            self.env._(
                "The formula of %(test)s has no value: %(problem)s.",
                test=test.display_name,
                problem=problem,
            )
        )

    def write(self, vals):
        if "code" in vals:
            self._check_code_unnamed(vals["code"])
        return super().write(vals)

    def _check_code_unnamed(self, code):
        """Refuse to change a code that formulas name.

        :raise UserError: names the tests that are calculated from it
        """
        changed = set(self.filtered(lambda test: test.code != code).mapped("code"))
        if not changed:
            return
        # sudo: a test of another company counts as well
        calculated = self.sudo().search([("test_type", "=", "calculated")])
        users = calculated.filtered(
            lambda test: changed & test._get_formula_codes().get(test.code, set())
        )
        if users - self:
            raise UserError(
                self.env._(
                    "The code can't be changed, since these tests are calculated from"
                    " it: %s.",
                    ", ".join((users - self).mapped("display_name")),
                )
            )
