from odoo import api, models
from odoo.fields import Domain


class QmsHold(models.Model):
    """The cheap question before the exact one: could anything be held here?"""

    _inherit = "qms.hold"

    @api.model
    def _qms_get_gated_products(self, products, types):
        """Return the products of which the gate may block something. One query.

        Add-ons that block by other means than holds add theirs.

        :param products: ``product.product``
        :param types: transaction types, any of which may be blocked
        :return: ``product.product``, some of ``products``
        """
        products = products.filtered(lambda product: product._qms_is_held())
        if not products or not types:
            return products.browse()
        blocks = Domain.OR(
            Domain("blocked_types", "like", f",{name},") for name in types
        )
        # sudo: goods count as held for those who may not read why
        held = self.sudo()._read_group(
            Domain("state", "=", "open")
            & Domain("product_id", "in", products.ids)
            & blocks,
            ["product_id"],
        )
        return products.browse([product.id for (product,) in held])
