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
        """Refuse to take options away that lots have.

        :raise UserError: names them
        """
        # sudo: a lot of another company counts as well
        rows = self.env["qms.lot.attribute"].sudo()
        groups = rows._read_group([("option_id", "in", self.ids)], ["option_id"])
        if groups:
            raise UserError(
                self.env._(
                    "Lots have these values: %s. Archive the options instead.",
                    ", ".join(option.name for (option,) in groups),
                )
            )
