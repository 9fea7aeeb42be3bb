from odoo import api, models

from ..sentinel import trusted, untrusted


class QmsQualityOrder(models.Model):
    """How quality orders come with arriving goods, and hold them."""

    _inherit = "qms.quality.order"

    # -- Orders for arrivals ----------------------------------------------------------

    @api.model
    def _create_for_arrivals(self, matches):
        """Make the orders of a posting, and hold their goods.

        :param list matches: pairs of :class:`Arrival` and the rule that asks for it
        :return: the orders
        """
        if not matches:
            return self.browse()
        # sudo: who receives goods makes orders by doing so, whatever his rights.
        # Nothing is logged or followed per order: its making is in the audit trail.
        model = trusted(self.sudo()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = model.create(
            [rule._prepare_order_values(arrival) for arrival, rule in matches]
        )
        status = orders._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                dict(order._prepare_hold_values(status), **goods)
                for order, (arrival, _rule) in zip(orders, matches, strict=True)
                for goods in order._get_arrival_goods(arrival)
            ]
        )
        return untrusted(orders.with_env(self.env))

    def _get_arrival_goods(self, arrival):
        """Return what an order for ``arrival`` holds, as values of ``qms.hold``.

        A new lot as a whole; a known lot, and goods without a lot, where they arrived.
        """
        goods = {}
        for movement in arrival.movements:
            narrow = movement.known or not movement.lot
            place = movement.location_dest.id if narrow else False
            goods[movement.lot.id, place] = {
                "product_id": movement.product.id,
                "lot_id": movement.lot.id,
                "location_id": place,
            }
        return list(goods.values())

    # -- Holds ------------------------------------------------------------------------

    @api.model
    def _get_waiting_status(self):
        return self.env.ref("qms_quality.status_under_inspection")

    def _prepare_hold_values(self, status, reason=None):
        """Return the values of a hold by this order, without its goods.

        :param status: ``qms.inspection.status`` to hold in
        :param str reason: why; waiting for inspection, if empty
        """
        self.ensure_one()
        return {
            "status_id": status.id,
            "reason": reason or self.env._("Waiting for inspection"),
            "res_model": self._name,
            "res_id": self.id,
            "company_id": self.company_id.id,
        }

    def _place_holds(self, again=False):
        """Hold the goods of orders made by hand, or opened again.

        :param bool again: what was split off since, too
        """
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                dict(order._prepare_hold_values(status), **goods)
                for order in self.filtered("hold_goods")
                for goods in (
                    order._get_goods_and_parts() if again else order._get_goods()
                )
            ]
        )

    def _get_goods(self):
        """Return what this order is about, as values of ``qms.hold``: its lots
        wherever they are, or its product in its place. Nothing, for a loose sample."""
        self.ensure_one()
        if not self.product_id:
            return []
        goods = {"product_id": self.product_id.id}
        if self.lot_ids:
            return [dict(goods, lot_id=lot.id) for lot in self.lot_ids]
        # a tracked product without a lot would be held with all its lots: only where
        # it arrived so
        is_lotless = self.product_tracking == "none" or self.event != "manual"
        if self.location_id and is_lotless:
            return [dict(goods, location_id=self.location_id.id)]
        return []

    def _replace_holds(self, decisions, reason):
        """Hold in other statuses what the orders hold now, wherever that has gone.

        Without another status the present holds stay.

        :param dict decisions: ``{order: (statuses, reason of the new holds)}``
        :param str reason: why the present holds end
        """
        decided = self.filtered(lambda order: decisions[order][0])
        holds = self.env["qms.hold"]._search_open(self._name, decided.ids).sudo()
        scopes = (holds | holds.child_ids).filtered(lambda hold: hold.state == "open")
        by_order = scopes.grouped(lambda hold: (hold.root_id or hold).res_id)
        # first the new ones: in between the goods would be free
        self.env["qms.hold"]._place(
            [
                {
                    **order._prepare_hold_values(status, why),
                    "product_id": hold.product_id.id,
                    "lot_id": hold.lot_id.id,
                    "location_id": hold.location_id.id,
                    "package_id": hold.package_id.id,
                }
                for order, (statuses, why) in decisions.items()
                for hold in by_order.get(order.id, ())
                for status in statuses
            ],
            exact=True,
        )
        holds._release(reason)
