from odoo import models
from odoo.fields import Domain
from odoo.tools import format_list

from ...gate.transaction import INSIDE
from ...number_text import format_quantity
from ...sentinel import trusted, untrusted


class QmsVendorReturnMixin(models.AbstractModel):
    """A decision by which goods go back to their vendor, by the receipts of them.

    It has ``product_id``, ``lot_id``, ``quantity`` and ``company_id``.
    """

    _name = "qms.vendor.return.mixin"
    _description = "Returns Goods to their Vendor"

    # -- For the model to say ----------------------------------------------------------

    def _get_supplier(self):
        """Return to whom the goods go back; empty: whom they came from."""
        return self.env["res.partner"].sudo()

    def _get_returned_quantity(self):
        """Return how much goes back, in the product's unit."""
        return self.quantity

    def _get_return_owner(self):
        """Return whose goods go back; empty: the company's own."""
        return self.env["res.partner"]

    def _get_own_receipts(self):
        """Return the receipts that come first."""
        return self.env["stock.picking"].sudo()

    def _get_return_pickings(self):
        """Return the transfers that these goods can join, if they fit."""
        return self.env["stock.picking"].sudo()

    def _get_return_origin(self):
        """Return what the transfer is made for, as a text."""
        return self.display_name

    def _prepare_return_move(self, quantity, location):
        """Return the values of the move beside those of the return."""
        return {
            "product_uom_qty": quantity,
            "product_uom": self.product_id.uom_id.id,
            "location_id": location.id,
        }

    def _reserve(self, move, quantity):
        """Reserve a quantity of the goods for ``move``, exactly where they are."""
        raise NotImplementedError

    # -- The receipts ------------------------------------------------------------------

    def _get_receipts(self):
        """Return by which receipts the goods can go back, and how much by each.

        Own receipts come first, then the latest: what came long ago is likely to be
        used up.

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
            & Domain("owner_id", "=", self._get_return_owner().id)
            & Domain("company_id", "=", self.company_id.id)
            & Domain("picking_id", "!=", False)
            & Domain("location_id.usage", "=", "supplier")
            & Domain("location_dest_id.usage", "in", INSIDE)
        )

    def _is_from_partner(self, receipt):
        supplier = self._get_supplier()
        partner = receipt._qms_get_partner().commercial_partner_id
        return not supplier or partner == supplier

    def _split_over_receipts(self):
        """Return how much of the quantity goes back by each receipt, and what is left.

        :return: ``({stock.move: quantity}, quantity that no receipt brought)``
        """
        left, shares = self._get_returned_quantity(), {}
        for receipt, there in self._get_receipts().items():
            if self.product_id.uom_id.compare(left, 0) <= 0:
                break
            shares[receipt] = min(left, there)
            left -= shares[receipt]
        return shares, max(left, 0.0)

    # -- What keeps them here ----------------------------------------------------------

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
                quantity=format_quantity(
                    self.env, self._get_returned_quantity() - left
                ),
                unit=self.product_id.uom_id.name,
                supplier=supplier,
                receipts=self._get_shares_text(shares),
            )
        ]

    def _get_shares_text(self, shares):
        texts = [
            f"{move.reference}: {format_quantity(self.env, quantity)}"
            for move, quantity in shares.items()
        ]
        return format_list(self.env, texts)

    # -- The transfer ------------------------------------------------------------------

    def _make_return(self, receipt, quantity, location):
        """Return the move, reserved, that takes goods back by ``receipt``.

        :param receipt: ``stock.move`` that brought them
        :param float quantity: in the product's unit
        :param location: ``stock.location`` exactly where they are
        """
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": receipt.picking_id.id}
        )
        line = wizard.product_return_moves.filtered(lambda one: one.move_id == receipt)
        line.quantity = quantity
        picking = self._find_return_transfer(wizard, location)
        picking = picking or self._make_return_transfer(wizard, location)
        values = {
            **line._prepare_move_default_values(picking),
            **self._prepare_return_move(quantity, location),
        }
        move = untrusted(trusted(receipt).copy(values))
        self._reserve(move, quantity)
        return move

    def _prepare_return_transfer(self, wizard, location):
        """Return the values of the transfer, as core would make it, but from here."""
        values = wizard._prepare_picking_default_values()
        names = (self._get_return_origin(), values["origin"])
        return {
            **values,
            "location_id": location.id,
            "origin": ", ".join(names),
        }

    def _make_return_transfer(self, wizard, location):
        picking = wizard.picking_id.copy(
            self._prepare_return_transfer(wizard, location)
        )
        picking.user_id = False
        picking.message_post_with_source(
            "mail.message_origin_link",
            render_values={"self": picking, "origin": wizard.picking_id},
            subtype_xmlid="mail.mt_note",
        )
        return picking

    def _find_return_transfer(self, wizard, location):
        """Return the return transfer that these goods can join, if any."""
        values = wizard._prepare_picking_default_values()
        receipt = wizard.picking_id
        pickings = self._get_return_pickings().filtered(
            lambda picking: (
                picking.state in ("draft", "waiting", "confirmed", "assigned")
                and not picking.printed
                and not any(picking.move_ids.mapped("picked"))
                and picking.partner_id == receipt.partner_id
                and picking.picking_type_id.id == values["picking_type_id"]
                and picking.location_id == location
                and picking.location_dest_id.id == values["location_dest_id"]
            )
        )
        picking = pickings[:1]
        if picking and receipt.name not in (picking.origin or ""):
            picking.origin = f"{picking.origin}, {values['origin']}"
        return picking
