from odoo import models
from odoo.fields import Domain

from ...gate.transaction import INSIDE


class QmsDisposition(models.Model):
    """The receipts that goods came with, and can go back by."""

    _inherit = "qms.disposition"

    def _get_receipts(self):
        """Return by which receipts the goods can go back, and how much by each.

        The receipt that the case names comes first, then the latest: what came long ago
        is likely to be used up.

        :return: ``{stock.move: quantity}`` in the product's unit, without what went
            back already; in sudo
        """
        self.ensure_one()
        lots = self.lot_id._qms_get_former_numbers()
        # sudo: who decides need not be allowed to read receipts
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(self._get_receipt_domain(lots))
        own = self._get_own_receipts()
        moves = lines.move_id.filtered(self._is_from_partner).sorted(
            lambda move: (move.picking_id in own, move.date, move.id), reverse=True
        )
        left = {move: move._qms_get_returnable(lots) for move in moves}
        unit = self.product_id.uom_id
        return {move: some for move, some in left.items() if unit.compare(some, 0) > 0}

    def _get_receipt_domain(self, lots):
        return (
            Domain("state", "=", "done")
            & Domain("product_id", "=", self.product_id.id)
            & Domain("lot_id", "in", lots.ids or [False])
            & Domain("owner_id", "=", self.owner_id.id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("picking_id", "!=", False)
            & Domain("location_id.usage", "=", "supplier")
            & Domain("location_dest_id.usage", "in", INSIDE)
        )

    def _get_supplier(self):
        """Return to whom the goods go back: who is named; empty, whom they came from.

        Of a case that a supplier caused, its partner is that supplier.
        """
        case = self.nonconformance_id
        named = self.partner_id or (case.type == "supplier" and case.partner_id)
        return (named or self.partner_id).sudo().commercial_partner_id

    def _is_from_partner(self, receipt):
        supplier = self._get_supplier()
        partner = receipt._qms_get_partner().commercial_partner_id
        return not supplier or partner == supplier

    def _get_own_receipts(self):
        """Return the receipts that the case is about."""
        # sudo: see _get_receipts
        case = self.nonconformance_id.sudo()
        return case.picking_id | case.quality_order_id.picking_id

    def _split_over_receipts(self):
        """Return how much of the quantity goes back by each receipt, and what is left.

        :return: ``({stock.move: quantity}, quantity that no receipt brought)``
        """
        left, shares = self.quantity, {}
        for receipt, there in self._get_receipts().items():
            if self.product_id.uom_id.compare(left, 0) <= 0:
                break
            shares[receipt] = min(left, there)
            left -= shares[receipt]
        return shares, max(left, 0.0)
