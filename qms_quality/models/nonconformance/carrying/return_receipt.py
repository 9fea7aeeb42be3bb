from odoo import models


class QmsDisposition(models.Model):
    """The receipts that goods came with, and can go back by."""

    _name = "qms.disposition"
    _inherit = ["qms.disposition", "qms.vendor.return.mixin"]

    def _get_return_owner(self):
        return self.owner_id

    def _get_supplier(self):
        """Return to whom the goods go back: who is named; empty, whom they came from.

        Of a case that a supplier caused, its partner is that supplier.
        """
        case = self.nonconformance_id
        named = self.partner_id or (case.type == "supplier" and case.partner_id)
        return (named or self.partner_id).sudo().commercial_partner_id

    def _get_own_receipts(self):
        """Return the receipts that the case is about."""
        # sudo: see _get_receipts
        case = self.nonconformance_id.sudo()
        return case.picking_id | case.quality_order_id.picking_id
