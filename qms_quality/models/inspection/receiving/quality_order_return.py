from odoo import api, models
from odoo.fields import Domain

from ...sentinel import trusted, untrusted


class QmsQualityOrder(models.Model):
    """Goods that customers return are inspected, where their plan says so."""

    _inherit = "qms.quality.order"

    @api.model
    def _create_for_returns(self, arrivals):
        """Make the orders of returned goods that no rule inspects, and hold them.

        :param list arrivals: of :class:`Arrival`
        :return: the orders
        """
        plans = self.env["qms.quality.plan"]._find(
            [(arrival.company, arrival.product, None) for arrival in arrivals]
        )
        returned = [
            arrival
            for arrival, plan in zip(arrivals, plans, strict=True)
            if plan.return_order
        ]
        if not returned:
            return self.browse()
        # sudo: who receives goods makes orders by doing so
        model = trusted(self.sudo()).with_context(
            tracking_disable=True, mail_create_nolog=True, mail_create_nosubscribe=True
        )
        orders = model.create([self._prepare_return_values(one) for one in returned])
        status = orders._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status), **goods}
                for order, arrival in zip(orders, returned, strict=True)
                for goods in order._get_arrival_goods(arrival)
            ]
        )
        return untrusted(orders.with_env(self.env))

    @api.model
    def _prepare_return_values(self, arrival):
        first = arrival.movements[0]
        lots = self.env["stock.lot"].union(*(m.lot for m in arrival.movements))
        return {
            "event": arrival.event,
            "product_id": arrival.product.id,
            "lot_ids": [(6, 0, lots.ids)],
            "quantity": arrival.quantity,
            "uom_id": arrival.product.uom_id.id,
            "location_id": first.location_dest.id,
            "test_group_ids": [(6, 0, self._get_return_groups(arrival, lots).ids)],
            "partner_id": arrival.partner.id,
            "move_id": first.line.move_id.id,
            "picking_id": first.line.picking_id.id,
            "company_id": arrival.company.id,
        }

    @api.model
    def _get_return_groups(self, arrival, lots):
        """Return what is tested of returned goods: what was tested of their lots, else
        what was tested last of their product, in the versions in force."""
        # sudo: who receives goods need not be allowed to read their orders
        orders = self.sudo()
        tested = Domain("spec_ids", "!=", False) & Domain(
            "company_id", "=", arrival.company.id
        )
        of_lots = tested & Domain("lot_ids", "in", lots.ids)
        found = orders.search(of_lots, order="id desc", limit=1) or orders.search(
            tested & Domain("product_id", "=", arrival.product.id),
            order="id desc",
            limit=1,
        )
        return found._get_groups_again().get(found, found.test_group_ids.browse())

    # -- The new lot only --------------------------------------------------------------

    @api.model
    def _copy_to_new_lot(self, lot, child, quantity):
        """Copy the order of returned goods to the lot that part of them has become.

        What has gone to the new lot is inspected there alone: the earlier order is
        about the rest, and is cancelled where there is none.
        """
        # sudo: who splits a lot need not be allowed to make its orders
        orders = self.sudo().search(
            Domain("lot_ids", "in", lot.ids)
            & Domain("event", "=", "customer_return")
            & Domain("state", "in", ("draft", "open"))
            & Domain("plan_copy_id.return_copy_new_lot", "=", True)
        )
        groups = orders._get_groups_again()
        for order in orders:
            copy = order._make_copy(child, quantity, groups[order])
            order._hand_over(child, copy)
            left = order.quantity - quantity
            if order.uom_id.compare(left, 0) > 0:
                trusted(order).quantity = left
            else:
                trusted(order)._cancel()

    def _make_copy(self, child, quantity, groups):
        self.ensure_one()
        return trusted(self).create(
            {
                **self._prepare_share_values(),
                "lot_ids": [(6, 0, child.ids)],
                "test_group_ids": [(6, 0, groups.ids)],
                "quantity": quantity,
                "location_id": self.location_id.id,
                "former_id": self.id,
            }
        )

    def _hand_over(self, child, copy):
        """Let the copy hold the new lot, as this order did."""
        holds = self.env["qms.hold"]._search_open(self._name, self.ids).sudo()
        taken = holds.filtered(lambda hold: hold.lot_id == child)
        self.env["qms.hold"]._place(
            [
                {
                    **copy._prepare_hold_values(hold.status_id, hold.reason),
                    "product_id": hold.product_id.id,
                    "lot_id": child.id,
                    "location_id": hold.location_id.id,
                    "package_id": hold.package_id.id,
                }
                for hold in taken
            ],
            exact=True,
        )
        taken._release(
            self.env._(
                "Inspected as %(lot)s, %(order)s", lot=child.name, order=copy.name
            )
        )
        self._message_log(
            body=self.env._(
                "%(lot)s is inspected by %(order)s.", lot=child.name, order=copy.name
            )
        )
