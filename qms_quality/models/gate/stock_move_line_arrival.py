from odoo import api, models

from .transaction import INSIDE


class StockMoveLine(models.Model):
    """Goods that arrive get their first status."""

    _inherit = "stock.move.line"

    def _qms_mark_known(self, movements):
        """Tell new lots, which wait for their first goods, from known ones."""
        lots = self.env["stock.lot"].union(*(m.lot for m in movements if m.arrival))
        if not lots:
            return movements
        new = self._qms_get_provisional(lots).lot_id
        return [m._replace(known=m.lot not in new) for m in movements]

    def _qms_get_provisional(self, lots):
        """Return the holds of new lots that wait for their first goods."""
        holds = self.env["qms.hold"].sudo()
        if not any(product._qms_is_held() for product in lots.product_id):
            return holds
        return holds.search(
            [
                ("lot_id", "in", lots.ids),
                ("state", "=", "open"),
                ("provisional", "=", True),
            ]
        )

    @api.model
    def _qms_after_posting(self, movements):
        """Give arriving goods their first status. Extension point.

        Called once per posting, after the gate let the movements pass and narrow holds
        have travelled. A lot that goes from supplier to customer arrives nowhere.

        :param list movements: of :class:`Movement`
        """
        arrivals = [movement for movement in movements if movement.arrival]
        if not arrivals:
            return
        products = self.env["product.product"].union(*(m.product for m in arrivals))
        rules = self.env["qms.status.rule"]._get_rules(products)
        if rules:
            self.env["qms.hold"]._place(self._qms_prepare_first_holds(arrivals, rules))

    def _qms_prepare_first_holds(self, arrivals, rules):
        holds = {}
        for movement in arrivals:
            rule = rules._select(
                movement.product,
                movement.arrival,
                movement.line._qms_partner(),
                movement.line.company_id,
            )
            if rule and rule.status_id._restricts():
                vals = rule._prepare_hold(movement)
                holds[vals["product_id"], vals["lot_id"], vals["location_id"]] = vals
        return list(holds.values())

    def _qms_end_provisional(self, movements):
        """Replace the hold that waited for a new lot's goods by what rules said."""
        outside = [m for m in movements if m.location.usage not in INSIDE]
        lots = self.env["stock.lot"].union(*(m.lot for m in outside))
        if lots:
            waiting = self._qms_get_provisional(lots)
            waiting._release(self.env._("The goods have arrived"))
