from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

TYPES = [
    ("text", "Text"),
    ("integer", "Integer"),
    ("decimal", "Decimal"),
    ("date", "Date"),
    ("boolean", "Yes/No"),
    ("option", "Option"),
    ("country", "Country"),
]
NUMBERS = ("integer", "decimal")
# The field that holds a value of each type.
VALUE_FIELDS = {
    "text": "value_text",
    "integer": "value_number",
    "decimal": "value_number",
    "date": "value_date",
    "boolean": "value_boolean",
    "option": "option_id",
    "country": "country_id",
}
TYPED = [name for name, _label in TYPES]
# The types that an inheritance is for; any where it isn't named.
INHERITED_TYPES = {
    "minimum": ("integer", "decimal", "date"),
    "maximum": ("integer", "decimal", "date"),
    "average": ("decimal",),
    "sum": ("integer", "decimal"),
}
# What can't change any more where there are values.
MEANING = {"type", "uom_id"}


class QmsAttribute(models.Model):
    """What is known of a lot beyond Odoo's own fields: origin, grade, fat, pH.

    A *source attribute* where goods come in, a *demand attribute* where they leave.
    """

    _name = "qms.attribute"
    _description = "Lot Attribute"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    type = fields.Selection(TYPES, required=True, default="text")
    uom_id = fields.Many2one(
        "uom.uom",
        string="Unit",
        help="Of numbers; none for bare figures.",
    )
    decimals = fields.Integer(
        default=2,
        help="Of averages. What is entered is shown and judged as it was entered.",
    )
    minimum = fields.Float(digits=False)
    maximum = fields.Float(digits=False)
    has_range = fields.Boolean(
        string="Limit Values", help="Values outside the range are refused."
    )
    is_promoted = fields.Boolean(
        string="Promoted",
        help="Shown as a column on lots and where lots are chosen.",
    )
    option_ids = fields.One2many("qms.attribute.option", "attribute_id", copy=True)
    inheritance = fields.Selection(
        [
            ("none", "Not inherited"),
            ("minimum", "Lowest or earliest"),
            ("maximum", "Highest or latest"),
            ("average", "Average by quantity"),
            ("sum", "Sum"),
            ("same", "Same, or blank where they differ"),
        ],
        required=True,
        default="none",
        help="What a produced lot gets from the lots that went into it.",
    )

    _range_check = models.Constraint(
        "CHECK (NOT has_range OR minimum <= maximum)",
        "The highest value of a range must not be under its lowest.",
    )
    _decimals_check = models.Constraint(
        "CHECK (decimals BETWEEN 0 AND 9)", "Between 0 and 9 decimals can be shown."
    )
    _name_uniq = models.UniqueIndex(
        "(name, COALESCE(company_id, 0))", "An attribute with this name exists already."
    )

    @api.onchange("type")
    def _onchange_type(self):
        if self.type not in NUMBERS:
            self.update({"uom_id": False, "has_range": False})

    @api.constrains("type", "option_ids", "active")
    def _check_options(self):
        for attribute in self:
            is_option = attribute.active and attribute.type == "option"
            if is_option and not attribute.option_ids:
                raise ValidationError(
                    self.env._(
                        "%s has no options. Add the values to choose from.",
                        attribute.name,
                    )
                )

    @api.constrains("type", "uom_id", "has_range")
    def _check_numbers(self):
        for attribute in self:
            if attribute.type not in NUMBERS and (
                attribute.uom_id or attribute.has_range
            ):
                raise ValidationError(
                    self.env._(
                        "%s is no number, so it has neither a unit nor limits.",
                        attribute.name,
                    )
                )

    @api.constrains("type", "inheritance")
    def _check_inheritance(self):
        for attribute in self:
            if attribute.type not in INHERITED_TYPES.get(attribute.inheritance, TYPED):
                field = self._fields["inheritance"]
                labels = dict(field._description_selection(self.env))
                raise ValidationError(
                    self.env._(
                        "%(attribute)s can't be inherited as “%(inheritance)s”: its"
                        " values have no such thing. Choose “%(same)s”.",
                        attribute=attribute.name,
                        inheritance=labels[attribute.inheritance],
                        same=labels["same"],
                    )
                )

    # -- What has values keeps its meaning ---------------------------------------------

    def write(self, vals):
        if MEANING & vals.keys():
            self._check_meaning(vals)
        if {"inheritance", "active"} & vals.keys():
            self.env["qms.arrival.rule"]._forget_used()
        return super().write(vals)

    def _check_meaning(self, vals):
        """Refuse to change type and unit of attributes that have values.

        :raise UserError: names them
        """
        changed = self.filtered(
            lambda attribute: any(
                attribute._fields[name].convert_to_write(attribute[name], attribute)
                != (vals[name] or False)
                for name in MEANING & vals.keys()
            )
        )
        used = changed and changed._get_used()
        if used:
            raise UserError(
                self.env._(
                    "Values or requirements use these attributes, so they keep their"
                    " type and unit: %s. Archive the attribute and make a new one.",
                    ", ".join(used.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_unused_only(self):
        used = self._get_used()
        if used:
            raise UserError(
                self.env._(
                    "Values or requirements use these attributes, so they can't be"
                    " deleted: %s. Archive them instead.",
                    ", ".join(used.mapped("name")),
                )
            )

    def _get_used(self):
        """Return the attributes of ``self`` that anything has a value of."""
        used = self.browse()
        for name in self._get_using_models():
            # sudo: a value of another company counts as well
            rows = self.env[name].sudo().with_context(active_test=False)
            groups = rows._read_group(
                [("attribute_id", "in", self.ids)], ["attribute_id"]
            )
            used |= self.browse([attribute.id for (attribute,) in groups])
        return used

    @api.model
    def _get_using_models(self):
        """Return the models whose ``attribute_id`` uses attributes."""
        return [
            "qms.lot.attribute",
            "qms.attribute.default",
            "qms.test.group.line",
            "qms.qrs.criterion",
            "qms.qrs.document.criterion",
        ]
