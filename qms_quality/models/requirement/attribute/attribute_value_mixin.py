from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...inspection.optional_float import OptionalFloat
from .attribute import VALUE_FIELDS


class QmsAttributeValueMixin(models.AbstractModel):
    """One typed value of an attribute.

    Numbers are in the attribute's unit. Which field holds the value follows from the
    attribute's type; the others are empty.
    """

    _name = "qms.attribute.value.mixin"
    _description = "Value of a Lot Attribute"

    attribute_id = fields.Many2one(
        "qms.attribute", required=True, index=True, ondelete="restrict"
    )
    type = fields.Selection(related="attribute_id.type")
    uom_id = fields.Many2one(related="attribute_id.uom_id")
    value_text = fields.Char(string="Text")
    value_number = OptionalFloat(string="Number", digits=False, aggregator="avg")
    value_date = fields.Date(string="Date")
    value_boolean = fields.Boolean(string="Yes")
    option_id = fields.Many2one(
        "qms.attribute.option",
        domain="[('attribute_id', '=', attribute_id)]",
        ondelete="restrict",
    )
    country_id = fields.Many2one("res.country", ondelete="restrict")
    # for people, searching and grouping; judged are the typed fields
    value = fields.Char(
        compute="_compute_value", store=True, help="The value as people read it."
    )

    @api.depends(
        *sorted(set(VALUE_FIELDS.values())),
        "option_id.name",
        "country_id.name",
        "attribute_id.type",
        "attribute_id.uom_id.name",
    )
    def _compute_value(self):
        for row in self:
            localized = row.with_context(lang=row._qms_get_lang())
            attribute = localized.attribute_id
            value = localized._qms_get_typed()
            row.value = attribute and attribute._qms_format(value)

    def _qms_get_lang(self):
        """Return the language that the stored text is in: one for all readers."""
        # sudo: the company's address may be anybody's to read, or nobody's
        company = "company_id" in self._fields and self.company_id.sudo()
        return (company or self.env.company.sudo()).partner_id.lang

    def _qms_get_typed(self):
        """Return the value in Python's type: str, float, ``date``, bool or record."""
        name = VALUE_FIELDS.get(self.attribute_id.type)
        return self[name] if name else False

    @api.model
    def _qms_prepare_value(self, attribute, value):
        """Return the typed fields for a value, the others emptied.

        :param attribute: ``qms.attribute``
        :param value: see ``qms.attribute._qms_check_value``
        :raise ValidationError: if the attribute doesn't take it
        """
        value = attribute._qms_check_value(value)
        empty = dict.fromkeys(VALUE_FIELDS.values(), False)
        kept = value.id if isinstance(value, models.BaseModel) else value
        return {**empty, VALUE_FIELDS[attribute.type]: kept}

    @api.constrains("attribute_id", *sorted(set(VALUE_FIELDS.values())))
    def _check_value(self):
        for row in self:
            attribute = row.attribute_id
            attribute._qms_check_value(row._qms_get_typed())
            own = VALUE_FIELDS[attribute.type]
            if any(
                row._has_value(name) for name in VALUE_FIELDS.values() if name != own
            ):
                raise ValidationError(
                    self.env._(
                        "%(attribute)s has a value of another type. Enter %(allowed)s.",
                        attribute=attribute.name,
                        allowed=attribute._qms_get_allowed_text(),
                    )
                )

    def _has_value(self, name):
        value = self[name]
        # a number of 0 equals False
        return value is not False if name == "value_number" else bool(value)

    @api.onchange("attribute_id")
    def _onchange_attribute_id(self):
        for name in set(VALUE_FIELDS.values()):
            self[name] = False
