from odoo import models

from .event import LEAVING, MAKING

UNHELD = (*LEAVING, *MAKING, "again")


class QmsQualityOrder(models.Model):
    """Goods that fail before they leave or arrive: nothing held them until then."""

    _inherit = "qms.quality.order"

    def _hold_at_once(self):
        res = super()._hold_at_once()
        failures = {
            order: why
            for order in self
            if order.event in UNHELD and (why := order._get_fatal_text())
        }
        if failures:
            status = self.env.ref("qms_quality.status_on_hold")
            self._hold_left({order: (status, why) for order, why in failures.items()})
        return res

    def _validate(self):
        res = super()._validate()
        self._hold_left(
            {
                order: (order._get_failed_statuses(), order._get_failure_text())
                for order in self
                if order.verdict == "failed" and order.event in UNHELD
            }
        )
        return res

    def _hold_left(self, decisions):
        """Hold the goods of orders that hold nothing yet.

        :param dict decisions: ``{order: (statuses, reason)}``
        """
        if not decisions:
            return
        ids = [order.id for order in decisions]
        held = set(self.env["qms.hold"]._search_open(self._name, ids).mapped("res_id"))
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status, reason), **goods}
                for order, (statuses, reason) in decisions.items()
                if order.id not in held
                for goods in order._get_left_goods()
                for status in statuses
            ]
        )

    def _get_left_goods(self):
        """Return what this order inspected where it is, as values of ``qms.hold``.

        A lot that is on no line, any more or yet, is held wherever it is; so is what
        was split off since. A tracked product without a lot would be held with all its
        lots, so it isn't.
        """
        self.ensure_one()
        # sudo: an inspector need not be allowed to read every transfer
        move = self.sudo().move_id
        found = {(line.lot_id, line._qms_get_place()) for line in move.move_line_ids}
        if self.lot_ids:
            lots = self.lot_ids.sudo() | self._get_parts()
            found = {one for one in found if one[0] in lots}
            known = {lot for lot, _place in found}
            nowhere = self.env["stock.location"]
            found |= {(lot, nowhere) for lot in lots if lot not in known}
        elif self.product_tracking == "none" and move:
            # what was unreserved is still there
            found = found or {(self.env["stock.lot"], move.location_id)}
        else:
            found = {one for one in found if one[0]}
        return [
            {
                "product_id": self.product_id.id,
                "lot_id": lot.id,
                "location_id": place.id,
            }
            for lot, place in found
        ]
