from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list


class QmsDisposition(models.Model):
    """Goods go back to their supplier, by the receipts that they came with."""

    _inherit = "qms.disposition"

    # -- What keeps them here ----------------------------------------------------------

    def _get_return_problems(self):
        """Return why the goods can't go back, as texts; nothing if they can."""
        self.ensure_one()
        return [
            *self._get_receipt_problems(),
            *self._get_reserved_problems(),
        ]

    def _check_receipts(self):
        """Refuse what rows that were carried out just now have taken back already."""
        if problems := self._get_receipt_problems():
            raise UserError(
                self.env._(
                    "%(row)s: %(problem)s",
                    row=self.display_name,
                    problem="\n".join(problems),
                )
            )

    # -- The transfer ------------------------------------------------------------------

    def _get_return_place(self):
        """Return where the goods go, for the gate."""
        partner = self._get_supplier().with_company(self.company_id)
        return partner.property_stock_supplier or self.env.ref(
            "stock.stock_location_suppliers"
        )

    def _execute_return(self):
        """Prepare the return transfers: reserved, permitted, for the warehouse to ship.

        One for each supplier and place, whatever receipts the goods came with. Rows of
        the same case join it, while nobody works on it.
        """
        for row in self:
            row._check_receipts()
            shares, _left = row._split_over_receipts()
            moves = self.env["stock.move"]
            for receipt, quantity in shares.items():
                moves |= row._make_return(receipt, quantity, row.location_id)
            moves.picking_id.action_confirm()
            moves._action_assign()
            for picking, some in moves.grouped("picking_id").items():
                row._permit(some.move_line_ids, picking.partner_id)
            row._log_case(
                row.env._(
                    "%(row)s: to be shipped by %(transfers)s (%(receipts)s)",
                    row=row.display_name,
                    transfers=format_list(self.env, moves.picking_id.mapped("name")),
                    receipts=row._get_shares_text(shares),
                )
            )

    def _prepare_return_move(self, quantity, location):
        return {
            **super()._prepare_return_move(quantity, location),
            "qms_disposition_id": self.id,
        }

    def _get_return_origin(self):
        return self.nonconformance_id.name

    def _get_return_pickings(self):
        return self.nonconformance_id.disposition_ids.move_ids.picking_id
