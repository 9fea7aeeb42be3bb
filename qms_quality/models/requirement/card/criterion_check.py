from odoo import api, models
from odoo.exceptions import ValidationError

from .goods_facts import NUMBERS

ORDERED = ("=", "!=", "between", ">=", "<=", "exists")
LISTED = ("=", "!=", "in", "not in", "exists")
# Kinds that are seen to on transfers, and nowhere else.
OF_TRANSFERS = {"package", "label"}
OPERATORS_OF = {
    "text": LISTED,
    "integer": ORDERED,
    "decimal": ORDERED,
    "date": ORDERED,
    "boolean": ("=", "!=", "exists"),
    "option": LISTED,
    "country": LISTED,
}


class QmsCriterionMixin(models.AbstractModel):
    """What makes no sense is refused when it is saved, all of it at once."""

    _inherit = "qms.criterion.mixin"

    @api.model
    def _get_checked_fields(self):
        return [
            "kind",
            "attribute_id",
            "operator",
            "value_text",
            "value_number",
            "value_number_to",
            "value_date",
            "value_date_to",
            "option_ids",
            "country_ids",
            "tolerance",
            "status_ids",
            "test_group_id",
            "within_days",
            "package_type_id",
            "label",
        ]

    @api.constrains(lambda self: self._get_checked_fields())
    def _check_criteria(self):
        problems = [
            f"- {criterion._get_place_text()}: {problem}"
            for criterion in self
            for problem in criterion._get_problems()
        ]
        if problems:
            raise ValidationError(
                "\n".join([self.env._("These criteria can't be judged:"), *problems])
            )

    def _get_problems(self):
        """Return what keeps this criterion from being judged, as texts."""
        self.ensure_one()
        problems = getattr(self, f"_get_{self.kind}_problems")()
        if self.kind in OF_TRANSFERS and self.line_id.type == "production":
            problems.append(
                self.env._(
                    "manufacturing orders have no transfer on which packages and labels"
                    " are seen to. Ask for it on a card for sales or purchase."
                )
            )
        return problems

    def _get_place_text(self):
        """Return which criterion this is, for a list of problems."""
        self.ensure_one()
        field = self._fields["kind"]
        kind = dict(field._description_selection(self.env))[self.kind]
        name = self._get_attribute().name if self.kind == "attribute" else kind
        return f"{self.line_id.display_name}, {name or kind}"

    # -- Attributes --------------------------------------------------------------------

    def _get_temperature_problems(self):
        return self._get_attribute_problems()

    def _get_attribute_problems(self):
        attribute = self._get_attribute()
        if not attribute:
            return [self.env._("choose the attribute.")]
        if self.operator not in OPERATORS_OF[attribute.type]:
            return [self._get_operator_problem(attribute)]
        problems = self._get_value_problems(attribute)
        if self.tolerance < 0:
            problems.append(self.env._("a tolerance can't be negative."))
        elif self.tolerance and attribute.type not in NUMBERS:
            problems.append(self.env._("only numbers have a tolerance."))
        return problems

    def _get_operator_problem(self, attribute):
        labels = dict(self._fields["operator"]._description_selection(self.env))
        fitting = [labels[one] for one in OPERATORS_OF[attribute.type]]
        if not self.operator:
            return self.env._("choose how to compare: %s.", ", ".join(fitting))
        return self.env._(
            "“%(operator)s” can't be asked of it. Choose one of: %(fitting)s.",
            operator=labels[self.operator],
            fitting=", ".join(fitting),
        )

    def _get_value_problems(self, attribute):
        if self.operator == "exists":
            return []
        if attribute.type in NUMBERS:
            return self._get_range_problems(self.value_number, self.value_number_to)
        if attribute.type == "date":
            return self._get_date_problems()
        if attribute.type in ("option", "country"):
            return self._get_list_problems(attribute)
        if attribute.type == "text" and not (self._get_texts() - {""}):
            return [self.env._("a text is missing.")]
        return []

    def _get_date_problems(self):
        last = self.value_date_to if self.operator == "between" else self.value_date
        if not self.value_date or not last:
            return [self.env._("a date is missing.")]
        return self._get_range_problems(self.value_date, last)

    def _get_range_problems(self, low, high):
        if self.operator == "between" and low > high:
            return [self.env._("the range ends before it begins.")]
        return []

    def _get_list_problems(self, attribute):
        chosen = self.option_ids if attribute.type == "option" else self.country_ids
        if not chosen:
            return [self.env._("choose a value.")]
        if self.operator in ("=", "!=") and len(chosen) > 1:
            return [
                self.env._(
                    "several values are chosen: use “is one of” or “is none of”."
                )
            ]
        others = self.option_ids.filtered(lambda one: one.attribute_id != attribute)
        if attribute.type == "option" and others:
            return [
                self.env._(
                    "these are options of another attribute: %s.",
                    ", ".join(others.mapped("name")),
                )
            ]
        return []

    # -- The other kinds ---------------------------------------------------------------

    def _get_status_problems(self):
        return [] if self.status_ids else [self.env._("choose a status.")]

    def _get_test_group_problems(self):
        problems = []
        if not self.test_group_id:
            problems.append(self.env._("choose the test group."))
        if self.within_days < 0:
            problems.append(self.env._("the number of days can't be negative."))
        return problems

    def _get_certificate_problems(self):
        return []

    def _get_package_problems(self):
        return []

    def _get_label_problems(self):
        is_named = (self.label or "").strip()
        return [] if is_named else [self.env._("say what the label must be.")]
