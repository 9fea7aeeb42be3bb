from odoo import models
from odoo.exceptions import UserError


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        if {"tracking", "is_storable", "type"} & set(vals):
            self._qms_check_not_held(vals)
        return super().write(vals)

    def _qms_check_not_held(self, vals):
        """Refuse to change how held goods are told apart: the hold would be lost."""
        names = [name for name in ("tracking", "is_storable", "type") if name in vals]
        changed = self.filtered(
            lambda template: any(template[name] != vals[name] for name in names)
        )
        # sudo: holds of other companies count too
        holds = changed and self.env["qms.hold"].sudo().search(
            [
                ("product_id.product_tmpl_id", "in", changed.ids),
                ("state", "=", "open"),
            ]
        )
        if holds:
            raise UserError(
                self.env._(
                    "Goods of %(products)s are held (%(holds)s), so the type and"
                    " tracking can't be changed. Release the holds first.",
                    products=", ".join(
                        holds.product_id.product_tmpl_id.mapped("display_name")
                    ),
                    holds=", ".join(holds.mapped("name")),
                )
            )
