from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsAttributeOption(models.Model):
    """One value of an attribute that is chosen from a list."""

    _name = "qms.attribute.option"
    _description = "Lot Attribute Option"
    _inherit = ["qms.audit.mixin"]
    _order = "attribute_id, sequence, id"

    attribute_id = fields.Many2one(
        "qms.attribute", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint(
        "unique(attribute_id, name)", "An attribute has each option once."
    )

    def write(self, vals):
        if "attribute_id" in vals:
            moved = self.filtered(
                lambda one: one.attribute_id.id != vals["attribute_id"]
            )
            moved._check_unused()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_unused_only(self):
        self._check_unused()

    def _check_unused(self):
        """Refuse to take options away that lots have or cards ask for.

        :raise UserError: names them
        """
        used = self.browse()
        for model, name in self._get_using_fields():
            # sudo: a lot of another company counts as well
            rows = self.env[model].sudo().with_context(active_test=False)
            groups = rows._read_group([(name, "in", self.ids)], [name])
            used |= self.browse([option.id for (option,) in groups])
        if used & self:
            raise UserError(
                self.env._(
                    "Lots, defaults or requirements have these values: %s. Archive the"
                    " options instead.",
                    ", ".join((used & self).mapped("name")),
                )
            )

    @api.model
    def _get_using_fields(self):
        """Return the models and fields that name options."""
        return [
            ("qms.lot.attribute", "option_id"),
            ("qms.attribute.default", "option_id"),
            ("qms.qrs.criterion", "option_ids"),
            ("qms.qrs.document.criterion", "option_ids"),
        ]

    def _find_named(self, text):
        """Return the option of ``self`` that a text names, in whatever case."""
        wanted = text.casefold()
        return self.filtered(
            lambda option: (
                wanted
                in (
                    option.name.casefold(),
                    option.with_context(lang="en_US").name.casefold(),
                )
            )
        )[:1]
