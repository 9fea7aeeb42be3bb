from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list

from ...sentinel import trusted, untrusted


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

    def _get_receipt_problems(self):
        shares, left = self._split_over_receipts()
        if not left:
            return []
        supplier = self._get_supplier().display_name or self.env._("any supplier")
        if not shares:
            return [
                self.env._(
                    "no receipt of %(goods)s from %(supplier)s is known of which"
                    " something can still go back.",
                    goods=self.lot_id.name or self.product_id.display_name,
                    supplier=supplier,
                )
            ]
        return [
            self.env._(
                "only %(quantity)s %(unit)s were received from %(supplier)s and have"
                " not gone back yet: %(receipts)s.",
                quantity=f"{self.quantity - left:g}",
                unit=self.product_id.uom_id.name,
                supplier=supplier,
                receipts=self._get_shares_text(shares),
            )
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

    def _get_shares_text(self, shares):
        texts = [f"{move.reference}: {some:g}" for move, some in shares.items()]
        return format_list(self.env, texts)

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
                moves |= row._make_return(receipt, quantity)
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

    def _make_return(self, receipt, quantity):
        """Return the move, reserved, that takes goods back by ``receipt``."""
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": receipt.picking_id.id}
        )
        line = wizard.product_return_moves.filtered(lambda one: one.move_id == receipt)
        line.quantity = quantity
        picking = self._find_return_transfer(wizard)
        picking = picking or self._make_return_transfer(wizard)
        values = {
            **line._prepare_move_default_values(picking),
            **self._prepare_return_move(quantity),
        }
        move = untrusted(trusted(receipt).copy(values))
        self._reserve(move, quantity)
        return move

    def _prepare_return_move(self, quantity):
        return {
            "product_uom_qty": quantity,
            "product_uom": self.product_id.uom_id.id,
            "location_id": self.location_id.id,
            "qms_disposition_id": self.id,
        }

    def _prepare_return_transfer(self, wizard):
        """Return the values of the transfer, as core would make it, but from here."""
        values = wizard._prepare_picking_default_values()
        names = (self.nonconformance_id.name, values["origin"])
        return {
            **values,
            "location_id": self.location_id.id,
            "origin": ", ".join(names),
        }

    def _make_return_transfer(self, wizard):
        picking = wizard.picking_id.copy(self._prepare_return_transfer(wizard))
        picking.user_id = False
        picking.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": picking, "origin": wizard.picking_id},
            subtype_xmlid="mail.mt_note",
        )
        return picking

    def _find_return_transfer(self, wizard):
        """Return the case's return transfer that these goods can join, if any."""
        values = wizard._prepare_picking_default_values()
        receipt = wizard.picking_id
        pickings = self.nonconformance_id.disposition_ids.move_ids.picking_id.filtered(
            lambda picking: (
                picking.state in ("draft", "waiting", "confirmed", "assigned")
                and not picking.printed
                and not any(picking.move_ids.mapped("picked"))
                and picking.partner_id == receipt.partner_id
                and picking.picking_type_id.id == values["picking_type_id"]
                and picking.location_id == self.location_id
                and picking.location_dest_id.id == values["location_dest_id"]
            )
        )
        picking = pickings[:1]
        if picking and receipt.name not in (picking.origin or ""):
            picking.origin = f"{picking.origin}, {values['origin']}"
        return picking
