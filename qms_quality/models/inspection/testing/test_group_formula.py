from odoo import models
from odoo.exceptions import ValidationError


class QmsTestGroup(models.Model):
    """A group that can be calculated."""

    _inherit = "qms.test.group"

    def _check_formulas(self):
        """Refuse groups that calculate from tests they lack, or have twice.

        :raise ValidationError: names the tests
        """
        for group in self:
            codes = group.line_ids.test_id.mapped("code")
            tests = [line.test_id.code for line in group.line_ids]
            for code, named in group.line_ids.test_id._get_formula_codes().items():
                missing = sorted(named - set(codes))
                doubled = sorted(one for one in named if tests.count(one) > 1)
                if missing or doubled:
                    raise ValidationError(
                        self.env._(
                            "%(group)s: %(test)s is calculated from tests that have to"
                            " be in the group, each once: %(codes)s.",
                            group=group.name,
                            test=code,
                            codes=", ".join(missing or doubled),
                        )
                    )
