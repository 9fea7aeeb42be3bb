from odoo import api, models, tools
from odoo.fields import Domain


class QmsHold(models.Model):
    """The cheap question before the exact one: could anything be held here?"""

    _inherit = "qms.hold"

    @api.model
    def _qms_get_gated_products(self, products, types):
        """Return the products of which the gate may block something.

        One query for all products at most, the same that reserving and posting ask.
        Add-ons that block by other means than holds add theirs.

        :param products: ``product.product``
        :param types: transaction types, any of which may be blocked
        :return: ``product.product``, some of ``products``
        """
        return products.filtered(lambda product: product._qms_is_blocked(types))

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
