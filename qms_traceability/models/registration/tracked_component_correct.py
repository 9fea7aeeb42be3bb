from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError

from .stock_move_correction import LATER


class QmsTrackedComponent(models.Model):
    """A registration whose goods are consumed is corrected by another one.

    Corrections are lists of ``(registration, lot, quantity)``: what was really used, of
    one lot or several. They are checked and posted together, so that two finished
    products can exchange what is registered of them.
    """

    _inherit = "qms.tracked.component"

    @api.model
    def _get_signed(self, corrections):
        """Return corrections with what they replace, as negative quantities."""
        replaced = [
            (one, one.lot_id, -one.quantity) for one in self._union(corrections)
        ]
        return [*replaced, *corrections]

    # -- Checking ----------------------------------------------------------------------

    def _get_products(self):
        """Return what may be corrected to: the same, the component, its substitutes."""
        return self.product_id | self.production_id._qms_get_products(self.move_id)

    def _check_quantity(self, lot, quantity):
        """Refuse what no quantity of a lot, or of a serial number, can be.

        :raise UserError: names the lot
        """
        is_serial = lot.product_id.tracking == "serial"
        is_possible = quantity in (0, 1) if is_serial else quantity >= 0
        # not a number is neither
        if not is_possible:
            raise UserError(self.env._("%s: this quantity can't be.", lot.name))

    @api.model
    def _check_goods(self, corrections):
        """Refuse to consume more of a lot than is there and may be used.

        :raise UserError: says why
        """
        more = defaultdict(float)
        for one, lot, quantity in self._get_signed(corrections):
            more[lot, one.move_id.location_id] += quantity
        for one, lot, _quantity in corrections:
            needed = more.pop((lot, one.move_id.location_id), 0)
            if lot.product_id.uom_id.compare(needed, 0) > 0:
                one.production_id._qms_check_goods(one.move_id, lot, needed)

    # -- After it is consumed ----------------------------------------------------------

    @api.model
    def _correct(self, corrections, reason):
        """Write down what is right, and post the differences."""
        for one, lot, quantity in corrections:
            one._write_right(lot, quantity, reason)
        for move, lot, quantity in self._get_differences(corrections):
            move.with_context(qms_links=LATER)._qms_consume_more(lot, quantity)
        self._union(corrections).production_id._qms_sync_links()

    @api.model
    def _union(self, corrections):
        return self.union(*(one for one, _lot, _quantity in corrections))

    def _write_right(self, lot, quantity, reason):
        self.ensure_one()
        self._change({"state": "replaced", "reason": reason})
        if quantity:
            self._write_down(
                self.tracked_product_id,
                self.move_id,
                lot,
                quantity,
                state="done",
                is_picked=True,
                replaces_id=self.id,
                reason=reason,
            )

    @api.model
    def _get_differences(self, corrections):
        """Return ``[(component's move, lot, quantity)]``, what is given back first."""
        more = defaultdict(float)
        for one, lot, quantity in self._get_signed(corrections):
            more[one.move_id._qms_get_substitute(lot.product_id), lot] += quantity
        differences = [(*goods, quantity) for goods, quantity in more.items()]
        return sorted(differences, key=lambda difference: difference[-1])

    # -- Before it is consumed ---------------------------------------------------------

    @api.model
    def _replace(self, corrections):
        """Register other lots or quantities instead of these."""
        self._union(corrections)._remove(self.env._("Adjusted"))
        for one, lot, quantity in corrections:
            if not one.product_id.uom_id.is_zero(quantity):
                one._register_instead(lot, quantity)

    def _register_instead(self, lot, quantity):
        row = self.tracked_product_id
        one = row.production_id._qms_register_lot(row, self.move_id, lot, quantity)
        if self.is_picked:
            one._pick()
