from odoo import models
from odoo.exceptions import UserError

# What decides whether a movement of goods changes stock, and whether it names a lot.
KIND = ("type", "is_storable", "tracking")


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def write(self, vals):
        self._qms_check_kind(vals)
        return super().write(vals)

    def _qms_check_kind(self, vals):
        """Refuse to change how a product is tracked while goods of it are held.

        Without its lots, or its stock, a delivery would no longer name what is held.
        """
        changed = self.filtered(
            lambda product: any(
                name in vals and product[name] != vals[name] for name in KIND
            )
        )
        holds = changed._qms_get_open_holds()
        if holds:
            raise UserError(
                self.env._(
                    "Goods of these products are held, so the products stay stored and"
                    " tracked as they are: %(products)s.\n"
                    "Ask for the release of these holds first: %(holds)s.",
                    products=", ".join(holds.product_id.mapped("display_name")),
                    holds=", ".join(holds.mapped("name")),
                )
            )

    def _qms_get_open_holds(self):
        # sudo: who edits products need not read the ledger
        holds = self.env["qms.hold"].sudo()
        if not self:
            return holds
        return holds.search(
            [("product_id.product_tmpl_id", "in", self.ids), ("state", "=", "open")]
        )
