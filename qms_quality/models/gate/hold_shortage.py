from odoo import api, models, tools
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

    @api.model
    def _qms_may_warn(self):
        """Tell whether the gate ever warns. No query.

        Add-ons that warn by other means than statuses say so.
        """
        return self._qms_has_warning_status()

    @api.model
    @tools.ormcache()
    def _qms_has_warning_status(self):
        names = [
            name
            for name in self.env["qms.inspection.status"]._fields
            if name.startswith("policy_")
        ]
        domain = Domain.OR(Domain(name, "=", "warn") for name in names)
        # sudo: the same answer for everyone
        statuses = self.env["qms.inspection.status"].sudo()
        return bool(
            statuses.with_context(active_test=False).search_count(domain, limit=1)
        )
