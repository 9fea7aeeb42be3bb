from odoo import api, fields, models

from odoo.addons.qms_quality.models.requirement.card.goods_facts import exact

from ..dates.date_formula import DateFormula
from .shelf_life_rule import ShelfLifeRule, reaches_too_far

BASES = [
    ("remaining", "Time that must be left"),
    ("percent", "Percent of its life that must be left"),
    ("age", "Greatest age"),
]


class QmsCriterionMixin(models.AbstractModel):
    """Criteria about the shelf life that goods have left when they move."""

    _name = "qms.criterion.mixin"
    _inherit = ["qms.date.formula.mixin", "qms.criterion.mixin"]

    kind = fields.Selection(
        selection_add=[("min_shelf_life", "Minimum shelf life")],
        ondelete={"min_shelf_life": lambda criteria: criteria._qms_drop_kind()},
    )
    shelf_life_basis = fields.Selection(BASES, "Measured as", default="remaining")
    shelf_life_formula = fields.Char(
        "Period",
        qms_formula=True,
        help="A date formula: 10D, 2W, 6M, 1Y-5D, or CM+10D for ten days after the end"
        " of the month.",
    )
    shelf_life_percent = fields.Float(
        "Percent",
        digits=False,
        help="Of the time from production, or else from receipt, to expiration.",
    )

    @api.model
    def _get_checked_fields(self):
        return [
            *super()._get_checked_fields(),
            "shelf_life_basis",
            "shelf_life_formula",
            "shelf_life_percent",
        ]

    def _get_min_shelf_life_problems(self):
        if self.shelf_life_basis == "percent":
            fits = 0 < self.shelf_life_percent <= 100
            return [] if fits else [self.env._("the percentage is from 0 to 100.")]
        if not self.shelf_life_formula:
            return [self.env._("a period is missing, such as 10D.")]
        if reaches_too_far(DateFormula(self.shelf_life_formula)):
            return [
                self.env._(
                    "“%s” reaches further than a hundred years.",
                    self.shelf_life_formula,
                )
            ]
        return []

    def _get_shelf_life_rule(self):
        """Return this criterion as :class:`ShelfLifeRule`."""
        self.ensure_one()
        formula = self.shelf_life_basis != "percent" and self.shelf_life_formula
        return ShelfLifeRule(
            self.shelf_life_basis,
            formula and DateFormula(formula),
            exact(self.shelf_life_percent),
        )

    def _get_flow(self):
        """Return the type of what this is on: purchase, sales or production."""
        line = self.line_id
        return (line.type if "type" in line else line.qrs_id.type) or "sales"
