from odoo import api, models
from odoo.exceptions import ValidationError

# Which attributes the readings of a type of tests can be written into.
TAKEN = {
    "quantitative": ("decimal", "integer"),
    "calculated": ("decimal", "integer"),
    "attribute": ("decimal", "integer"),
    "qualitative": ("option", "country", "text"),
    "text": ("text", "option", "country"),
    "date": ("date",),
    "pass_fail": ("boolean",),
}


class QmsTestGroupLine(models.Model):
    """What a test is written into must be able to take it."""

    _inherit = "qms.test.group.line"

    def _prepare_order_test_values(self, spec):
        values = super()._prepare_order_test_values(spec)
        return {**values, "attribute_id": self.attribute_id.id}

    @api.model
    def _get_signed_fields(self):
        return [*super()._get_signed_fields(), "attribute_id"]

    @api.constrains("attribute_id", "test_id", "uom_id")
    def _check_attribute(self):
        for line in self.filtered("attribute_id"):
            line._check_attribute_type()
            line._check_attribute_unit()
            line._check_attribute_outcomes()

    def _check_attribute_type(self):
        attribute = self.attribute_id
        if attribute.type not in TAKEN.get(self.test_type, ()):
            field = self.env["qms.attribute"]._fields["type"]
            labels = dict(field._description_selection(self.env))
            raise ValidationError(
                self.env._(
                    "%(test)s can't be written into %(attribute)s, which is of type"
                    " %(type)s. Choose an attribute that takes what the test reads.",
                    test=self.test_id.display_name,
                    attribute=attribute.name,
                    type=labels[attribute.type],
                )
            )

    def _check_attribute_unit(self):
        own, other = self.uom_id, self.attribute_id.uom_id
        if bool(own) != bool(other) or (own and not own._has_common_reference(other)):
            raise ValidationError(
                self.env._(
                    "%(test)s can't be written into %(attribute)s: the unit %(unit)s"
                    " can't be converted into %(other)s.",
                    test=self.test_id.display_name,
                    attribute=self.attribute_id.name,
                    unit=own.name or self.env._("(none)"),
                    other=other.name or self.env._("(none)"),
                )
            )

    def _check_attribute_outcomes(self):
        """Refuse a choice with outcomes that the attribute has no value for."""
        attribute = self.attribute_id
        unknown = self.test_id.outcome_ids.filtered(
            lambda outcome: not attribute._qms_find_value(outcome.name)
        )
        if self.test_type == "qualitative" and unknown:
            raise ValidationError(
                self.env._(
                    "%(test)s can't be written into %(attribute)s, which has no value"
                    " for: %(outcomes)s. Name them alike.",
                    test=self.test_id.display_name,
                    attribute=attribute.name,
                    outcomes=", ".join(unknown.mapped("name")),
                )
            )
