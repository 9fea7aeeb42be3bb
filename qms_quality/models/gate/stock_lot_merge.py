from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..sentinel import trusted
from .transaction import INSIDE


class StockLot(models.Model):
    """Lots of one product that nothing is known against become one."""

    _inherit = "stock.lot"

    merged_lot_id = fields.Many2one(
        "stock.lot",
        string="Merged into",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _qms_merge(self, target, choice=None):
        """Move the stock of these lots to ``target``, by permitted inventory moves.

        The target keeps the earliest of all dates. The merged lots stay, without
        stock, and name it. The caller's action has checked the rights.

        :param target: ``stock.lot`` of the same product
        :param str choice: which dates a person has chosen, for add-ons that ask
        :raise UserError: where one of them is held or has quality records
        """
        lots = self - target
        (lots | target)._qms_check_merge()
        message = self.env._(
            "Merged %(lots)s into %(target)s",
            lots=", ".join(lots.mapped("name")),
            target=target.name,
        )
        dates = (lots | target)._qms_get_merged_dates(choice)
        quants = self.env["stock.quant"].sudo().search(lots._qms_get_stock_domain())
        if quants:
            quantities = {quant: quant.quantity for quant in quants}
            quants._qms_relabel(quantities, target, message)
        # sudo and trusted: what became of a lot is no form's to write
        trusted(target.sudo()).write(dates)
        trusted(lots.sudo()).merged_lot_id = target.id
        self.env["qms.audit.entry"]._log(lots | target, "merge", reason=message)

    def _qms_get_stock_domain(self):
        return (
            Domain("lot_id", "in", self.ids)
            & Domain("quantity", ">", 0)
            & Domain("location_id.usage", "in", INSIDE)
        )

    def _qms_get_merged_dates(self, choice=None):
        """Return the dates of what these lots become: the earliest of each kind.

        :param str choice: see :meth:`_qms_merge`
        """
        dates = {}
        for lot in self:
            for name, value in lot._qms_get_dates().items():
                if value:
                    dates[name] = min(value, dates.get(name, value))
        return dates

    def _qms_check_merge(self):
        """Refuse lots that can't become one.

        :raise UserError: other products or companies, held lots, quality records
        """
        if len(self) < 2:
            raise UserError(self.env._("Choose two or more lots to merge."))
        if (
            len(self.product_id) > 1
            or len(set(self.mapped("company_id"))) > 1
            or self.product_id.tracking != "lot"
        ):
            raise UserError(
                self.env._(
                    "Only lots of one product, tracked by lots, and of one company can"
                    " be merged: %(lots)s.",
                    lots=", ".join(sorted(self.mapped("display_name"))),
                )
            )
        kept = self._qms_get_recorded() | self._qms_get_held_lots()
        if kept:
            raise UserError(
                self.env._(
                    "These lots are held or have quality records and can't be merged:"
                    " %(lots)s.",
                    lots=", ".join(kept.mapped("display_name")),
                )
            )

    def _qms_get_held_lots(self):
        """Return the lots of ``self`` of which any part is held."""
        quants = self.env["stock.quant"].sudo().search(self._qms_get_stock_domain())
        covering = self.env["qms.hold"]._get_covering(quants._qms_get_goods())
        held = self.browse()
        for quant, holds in zip(quants, covering, strict=True):
            if holds:
                held |= quant.lot_id
        return held.with_env(self.env)
