from odoo import models

from odoo.addons.qms_quality.models.sentinel import trusted


class QmsExpiryDecision(models.Model):
    """Use first: the goods are free again, and reserved before all others."""

    _inherit = "qms.expiry.decision"

    def _get_use_first_problems(self, quants):
        """Return what keeps the goods from being used first."""
        problems = self._get_expired_problems()
        if self._is_part() and self._get_holds()[self]:
            problems += self._get_parting_problems(quants)
        return problems

    def _get_parting_problems(self, quants):
        """Return what keeps a part from becoming a lot of its own."""
        if self.tracking != "lot":
            return [self.env._("only products tracked by lots can be parted.")]
        return self._get_free_problems(quants)

    def _execute_use_first(self):
        for row in self:
            if row._is_part() and row._get_holds()[row]:
                row._part()
        # trusted: it was decided just now
        trusted(self.lot_id).qms_use_first = True
        self._finish(settled=True)
        for row in self:
            row._bring_back()

    def _part(self):
        """Make a lot of its own of these goods: they can't be told from the rest.

        It is held by the same hold as the rest, until that ends for it alone.
        """
        self.ensure_one()
        rest, holds = self._get_siblings()[self][:1], self._get_holds()[self]
        child = self.lot_id._qms_split_goods(self._spread())
        own = holds.filtered(lambda hold: hold.res_id == self.id)
        if rest:
            own._hand_over(rest, self.env._("Parted: %s", child.name))
        # trusted: the decision goes with its goods
        trusted(self).lot_id = child
        self.flush_recordset()
        self._forget_stock()

    def _bring_back(self):
        """Take decided goods that are in a quality zone back to stock."""
        self.ensure_one()
        stock = self._get_stock()[self]
        zoned = stock.filtered(lambda quant: quant.location_id.qms_zone_id)
        left = self.quantity - sum((stock - zoned).mapped("quantity"))
        spread = zoned._qms_spread_free(left)
        if not spread:
            return
        warehouse = self.warehouse_id
        picking = self._make_transfer(
            warehouse.int_type_id, warehouse.lot_stock_id, {self: spread}
        )
        if warehouse.qms_zone_done:
            picking.move_ids.picked = True
            picking._action_done()
