from odoo import models
from odoo.fields import Domain
from odoo.tools import format_list


class QmsDisposition(models.Model):
    """What a subcontractor made doesn't leave the stock by going back to him."""

    _inherit = "qms.disposition"

    def _get_receipt_problems(self):
        problems = super()._get_receipt_problems()
        receipts = self._get_subcontracted_receipts() if problems else None
        if not receipts:
            return problems
        return [
            self.env._(
                "%(goods)s came from a subcontractor, by %(receipts)s: what goes back"
                " to him stays in your stock, at his place. Choose Return to production"
                " to %(place)s, where he can work on it, or rework it here.",
                goods=self.lot_id.name or self.product_id.display_name,
                receipts=format_list(self.env, receipts.picking_id.mapped("name")),
                place=receipts.location_id[:1].display_name,
            )
        ]

    def _get_subcontracted_receipts(self):
        """Return the moves that brought these goods from subcontractors, in sudo."""
        # sudo: see _get_receipts
        lines = self.env["stock.move.line"].sudo()
        if "is_subcontract" not in self.env["stock.move"]._fields:
            return lines.move_id
        lots = self.lot_id._qms_get_former_numbers()
        return lines.search(
            Domain("state", "=", "done")
            & Domain("product_id", "=", self.product_id.id)
            & Domain("lot_id", "in", lots.ids or [False])
            & Domain("company_id", "=", self.company_id.id)
            & Domain("move_id.is_subcontract", "=", True)
        ).move_id
