from odoo import models
from odoo.fields import Domain


class StockLot(models.Model):
    """A produced lot expires by its own rule, or with its first ingredient."""

    _inherit = "stock.lot"

    def _qms_date_produced(self, made):
        """Give produced lots their dates; let their ingredients limit them.

        Also when an order is corrected, or makes more of a lot: another order's
        ingredients limit it too.

        :param dict made: ``{stock.lot: mrp.production}``
        """
        if not self:
            return
        before = self._qms_get_core_dates()
        limits = self._qms_get_ingredient_limits(made)
        self._qms_put(
            {lot: lot._qms_prepare_produced(made[lot], limits.get(lot)) for lot in self}
        )
        self._qms_follow_expiration(before, {"expiration_date"})

    def _qms_get_ingredient_limits(self, made):
        """Return when the first ingredient of each lot expires, of all its orders."""
        # sudo: the ingredients count, whoever sees the other orders
        lines = self.env["stock.move.line"].sudo()
        lines = lines.search(
            Domain("lot_id", "in", self.ids)
            & Domain("state", "=", "done")
            & Domain("move_id.production_id", "!=", False)
        )
        pairs = {(line.lot_id, line.move_id.production_id) for line in lines}
        pairs |= set(made.items())
        orders = self.env["mrp.production"].union(*(order for _lot, order in pairs))
        dates = orders._qms_get_ingredient_dates()
        limits = {}
        for lot, order in pairs:
            if order in dates:
                limits[lot] = min(dates[order], limits.get(lot, dates[order]))
        return limits

    def _qms_prepare_produced(self, order, limit):
        """Return the dates of a lot that an order has made.

        :param order: ``mrp.production``
        :param limit: ``datetime`` at which the first ingredient expires, or ``None``
        """
        warehouse = order.picking_type_id.warehouse_id
        made_on = self.qms_production_date or warehouse._qms_get_day()
        own = self.qms_rule_expiration_date or self._qms_get_own_expiration(
            warehouse, made_on
        )
        return {
            "qms_production_date": made_on,
            "qms_rule_expiration_date": own,
            "qms_ingredient_date": limit or False,
            "expiration_date": self._qms_combine(own, limit),
        }

    def _qms_get_own_expiration(self, warehouse, made_on):
        """Return when a lot made on a day expires, its ingredients left aside.

        What a person has entered counts: a lot that is numbered when its order starts
        has a date from that day, and only that one is replaced.
        """
        if not self.product_id._qms_is_dated_by_rule():
            return self.expiration_date
        numbered_on = self._qms_get_company_calendar()._qms_get_day(self.create_date)
        proposed = self._qms_get_first_expiration(numbered_on)
        if self.expiration_date and self.expiration_date != proposed:
            return self.expiration_date
        template = self.product_id.product_tmpl_id
        return warehouse._qms_get_expiry_moment(template._qms_get_expiry_after(made_on))

    def _qms_combine(self, own, limit):
        """Return when a lot expires of which the ingredients' limit is known anew.

        An earlier limit shortens. A later one gives back what the earlier has taken,
        and never takes from what a person has decided since.
        """
        old, now = self.qms_ingredient_date, self.expiration_date
        dates = [date for date in (own, limit) if date]
        ruled = min(dates, default=False)
        if not self.qms_rule_expiration_date or not now:
            return ruled
        if limit == old:
            return now
        if limit and (not old or limit < old):
            return min(now, limit)
        return max(now, ruled)

    def _qms_limit(self, date):
        """Return a date of expiry, or what limits it: ingredients, events."""
        limits = [self.qms_ingredient_date, *self.qms_event_ids.mapped("limit_date")]
        return min([date, *filter(None, limits)]) if date else date
