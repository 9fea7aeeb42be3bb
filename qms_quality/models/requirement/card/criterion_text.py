from odoo import api, fields, models

from .goods_facts import NUMBERS


class QmsCriterionMixin(models.AbstractModel):
    """What criteria ask for, as people read it."""

    _inherit = "qms.criterion.mixin"

    def _get_expected_text(self):
        """Return what goods have to be, such as "Grade is one of: A, B"."""
        self.ensure_one()
        # sudo: clerks need not be allowed to read test groups
        return getattr(self.sudo(), f"_get_{self.kind}_text")()

    expected = fields.Char("Asks for", compute="_compute_expected")

    @api.depends(lambda self: self._get_checked_fields())
    @api.depends_context("lang")
    def _compute_expected(self):
        for criterion in self:
            criterion.expected = criterion._get_expected_text()

    @api.depends("expected")
    def _compute_display_name(self):
        for criterion in self:
            criterion.display_name = criterion.expected

    # -- Attributes --------------------------------------------------------------------

    def _get_attribute_text(self):
        return self._get_comparison_text(self._get_attribute().name or "")

    def _get_temperature_text(self):
        return self._get_comparison_text(self.env._("Temperature at receipt"))

    def _get_comparison_text(self, name):
        wanted = self._get_value_text()
        texts = {
            "=": self.env._("%(name)s is %(value)s"),
            "!=": self.env._("%(name)s is not %(value)s"),
            "in": self.env._("%(name)s is one of: %(value)s"),
            "not in": self.env._("%(name)s is none of: %(value)s"),
            "between": self.env._("%(name)s is between %(value)s"),
            ">=": self.env._("%(name)s is at least %(value)s"),
            "<=": self.env._("%(name)s is at most %(value)s"),
            "exists": self.env._("%(name)s is recorded"),
        }
        text = texts[self.operator or "exists"] % {"name": name, "value": wanted}
        if not self.tolerance or self._get_attribute().type not in NUMBERS:
            return text
        return self.env._(
            "%(text)s (tolerance %(tolerance)s)",
            text=text,
            tolerance=self._get_attribute()._qms_format(self.tolerance),
        )

    def _get_value_text(self):
        attribute = self._get_attribute()
        lists = {"option": self.option_ids, "country": self.country_ids}
        if attribute.type in lists:
            return ", ".join(lists[attribute.type].mapped("name"))
        if attribute.type == "boolean":
            return attribute._qms_format(self.value_boolean)
        if attribute.type == "date":
            return self._get_range_text(self.value_date, self.value_date_to)
        if attribute.type in NUMBERS:
            return self._get_range_text(self.value_number, self.value_number_to)
        is_list = self.operator in ("in", "not in")
        texts = sorted(self._get_texts()) if is_list else [self.value_text or ""]
        return ", ".join(texts)

    def _get_range_text(self, low, high):
        low, high = map(self._get_attribute()._qms_format, (low, high))
        if self.operator != "between":
            return low
        return self.env._("%(low)s and %(high)s", low=low, high=high)

    # -- The other kinds ---------------------------------------------------------------

    def _get_status_text(self):
        return self.env._(
            "Inspection status is one of: %s",
            ", ".join(self.status_ids.mapped("name")),
        )

    def _get_test_group_text(self):
        group = self.test_group_id.name or ""
        if not self.within_days:
            return self.env._("%s passed", group)
        return self.env._(
            "%(group)s passed within %(days)s days",
            group=group,
            days=self.within_days,
        )

    def _get_certificate_text(self):
        return self.env._("Certificate of analysis is there")

    def _get_package_text(self):
        if not self.package_type_id:
            return self.env._("In a package")
        return self.env._("In a package of type %s", self.package_type_id.name)

    def _get_label_text(self):
        return self.env._("Label: %s", self.label or "")
