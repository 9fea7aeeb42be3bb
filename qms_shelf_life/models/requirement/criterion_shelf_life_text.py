from odoo import models

from odoo.addons.qms_quality.models.number_text import format_number

from ..dates.date_formula import DateFormula
from .period_text import get_period_text


class QmsCriterionMixin(models.AbstractModel):
    """What is asked of the shelf life, as customers and vendors read it."""

    _inherit = "qms.criterion.mixin"

    def _get_min_shelf_life_text(self):
        if self.shelf_life_basis == "percent":
            return self.env._(
                "At least %(percent)s %% of its shelf life left when %(moment)s",
                percent=format_number(self.env, self.shelf_life_percent),
                moment=self._get_moment_text(),
            )
        period = self._get_period_text()
        texts = {
            "remaining": self.env._("At least %(period)s left when %(moment)s"),
            "age": self.env._("At most %(period)s old when %(moment)s"),
        }
        text = texts[self.shelf_life_basis or "remaining"]
        return text % {"period": period, "moment": self._get_moment_text()}

    def _get_moment_text(self):
        """Return what happens to the goods on the day that counts."""
        return {
            "sales": self.env._("delivered"),
            "purchase": self.env._("received"),
            "production": self.env._("used or made"),
        }[self._get_flow()]

    def _get_period_text(self):
        """Return the period in words, or as it is written where they would be long."""
        try:
            formula = DateFormula(self.shelf_life_formula or "")
        except ValueError:
            # while it is being typed
            return self.shelf_life_formula or ""
        return get_period_text(self.env, formula) or str(formula)
