from odoo import fields, models
from odoo.exceptions import UserError

from ..number_text import format_quantity
from ..sentinel import trusted, untrusted
from .stock_lot import BADGE

# Dates that tell of the record or of its holds, not of the goods.
RECORD_DATES = {"create_date", "write_date"} | BADGE


class StockLot(models.Model):
    """Part of a lot becomes a lot of its own."""

    _inherit = "stock.lot"

    child_lot_ids = fields.One2many("stock.lot", "parent_lot_id", string="Split into")

    def _qms_split(self, quantity, location, name=None, package=None, owner=None):
        """Make a child lot of part of this one, with its holds, dates and cost.

        Held lots may be split: the child is held by the same documents. The caller's
        action has checked the rights.

        :param float quantity: in the product's unit of measure
        :param location: ``stock.location`` exactly where the goods are
        :param str name: the number of the child; the next free one if empty
        :param package: ``stock.package`` they are in; goods in none if empty
        :param owner: ``res.partner`` they belong to; own goods if empty
        :return: ``stock.lot``, the child
        :raise UserError: where there are fewer goods, or they can't be split
        """
        self.ensure_one()
        quants = self._qms_get_split_quants(location, package, owner)
        self._qms_check_split(quantity, quants)
        return self._qms_split_goods(quants._qms_spread(quantity), name)

    def _qms_split_goods(self, quantities, name=None):
        """Make a child lot of goods of this one, wherever they are.

        The caller's action has checked the rights, and that there is so much.

        :param dict quantities: ``{stock.quant: quantity}`` of this lot
        :param str name: the number of the child; the next free one if empty
        :return: ``stock.lot``, the child
        """
        quants = self.env["stock.quant"].sudo().union(*quantities)
        child = self._qms_create_child(name)
        holds = quants._qms_prepare_child_holds(child)
        self.env["qms.hold"]._place(holds, exact=True)
        message = self.env._(
            "Split %(lot)s into %(child)s", lot=self.name, child=child.name
        )
        quants._qms_relabel(quantities, child, message)
        self.env["qms.audit.entry"]._log(self + child, "split", reason=message)
        return child

    def _qms_get_split_quants(self, location, package, owner):
        # sudo: an inspector splits, and has no rights on stock
        quants = self.env["stock.quant"].sudo()
        return quants._gather(
            self.product_id,
            location,
            lot_id=self,
            package_id=package,
            owner_id=owner,
            strict=True,
        ).filtered(lambda quant: quant.lot_id == self and quant.quantity > 0)

    def _qms_check_split(self, quantity, quants):
        """Refuse what can't be split.

        :raise UserError: serial numbers, no quantity, or more than there is
        """
        uom = self.product_id.uom_id
        if self.product_id.tracking != "lot":
            raise UserError(
                self.env._(
                    "%(lot)s can't be split: only products tracked by lots can.",
                    lot=self.display_name,
                )
            )
        there = sum(quants.mapped("quantity"))
        if uom.compare(quantity, 0) <= 0 or uom.compare(quantity, there) > 0:
            raise UserError(
                self.env._(
                    "%(quantity)s %(uom)s can't be split from %(lot)s: there are"
                    " %(there)s %(uom)s of it in this place.",
                    quantity=format_quantity(self.env, quantity),
                    uom=uom.name,
                    lot=self.display_name,
                    there=format_quantity(self.env, there),
                )
            )

    def _qms_create_child(self, name=None):
        defaults = {
            "name": name or self._qms_get_child_name(),
            "parent_lot_id": self.id,
            **self._qms_get_dates(),
            **self._qms_get_company_values(),
        }
        # sudo: see _qms_split. Trusted: its holds are its parent's, not a new lot's
        lots = trusted(self.sudo().with_company(self.company_id))
        child = lots.create(lots.copy_data(defaults))
        return untrusted(child.with_env(self.env))

    def _qms_get_child_name(self):
        """Return the parent's number with the next free suffix."""
        taken = set(
            self.sudo()
            .search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("name", "=like", f"{self.name}-%"),
                ]
            )
            .mapped("name")
        )
        number = 1
        while f"{self.name}-{number}" in taken:
            number += 1
        return f"{self.name}-{number}"

    def _qms_get_dates(self):
        """Return the dates that belong to the goods: expiry and the like."""
        self.ensure_one()
        return {
            name: self[name]
            for name, field in self._fields.items()
            if field.type in ("date", "datetime")
            and field.store
            and not (field.compute and field.readonly)
            and name not in RECORD_DATES
        }

    def _qms_get_company_values(self):
        """Return what core does not copy because it is per company: the cost."""
        lot = self.sudo().with_company(self.company_id)
        return {
            name: lot[name]
            for name, field in self._fields.items()
            if field.company_dependent and field.store
        }
