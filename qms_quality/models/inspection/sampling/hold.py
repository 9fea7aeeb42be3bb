from odoo import api, models

ORDER = "qms.quality.order"


def _get_goods(hold):
    return hold.product_id, hold.lot_id


class QmsHold(models.Model):
    """Samples of several orders in one place are held together. What no open order
    needs any more is free as soon as the hold of one of them ends."""

    _inherit = "qms.hold"

    def _qms_do_release(self, reason, comment=None):
        ended = self._filter_samples()
        res = super()._qms_do_release(reason, comment)
        if not ended:
            return res
        others = ended._search_on_parts(ended.product_id, ended.lot_id)
        others = others.grouped(_get_goods)
        for goods, holds in ended.grouped(_get_goods).items():
            if goods in others:
                holds._free_shared_sample(others[goods])
        return res

    def _filter_samples(self):
        """Return the open holds on samples that were moved, in sudo."""
        # sudo: whoever releases need not be allowed to read the orders
        narrow = self.sudo().filtered(
            lambda hold: (
                hold.state == "open" and hold.res_model == ORDER and hold.scope != "lot"
            )
        )
        moved = narrow._get_orders().filtered(lambda order: order._is_moved())
        narrow = narrow.filtered(lambda hold: hold.res_id in moved._ids)
        return narrow | narrow.child_ids.filtered(lambda hold: hold.state == "open")

    def _get_orders(self):
        return self.env[ORDER].browse(sorted(set(self.mapped("res_id")))).exists()

    @api.model
    def _search_on_parts(self, products, lots):
        """Return the open holds of orders on a part of these lots, or on goods of these
        products without a lot."""
        return self.search(
            [
                ("state", "=", "open"),
                ("res_model", "=", ORDER),
                ("scope", "!=", "lot"),
                ("product_id", "in", products.ids),
                ("lot_id", "in", [*lots.ids, False]),
            ]
        )

    def _free_shared_sample(self, others):
        """Keep apart what other orders need of the sample that these holds were on.

        :param others: holds that may be on the same goods
        """
        quants, sharing = self._get_shared_sample(others)
        orders = sharing._get_orders()
        if not orders or not all(order._is_sharing() for order in orders):
            # all of it is free, or held whatever the samples need
            return
        held = sum(quants.mapped("quantity"))
        needed = sum(orders.mapped("sample_quantity"))
        # what else was put there stays held with it
        given_up = sum((self._get_orders() - orders).mapped("sample_quantity"))
        free = min(held - needed, given_up)
        if self.product_id.uom_id.compare(free, 0) > 0:
            sharing._keep_apart(quants, held - free)

    def _get_shared_sample(self, others):
        """Return the goods that these holds were on, with those that others are on
        together with them, and these others."""
        covered = {hold: hold._get_quants() for hold in others}
        quants, sharing = self._get_quants(), self.browse()
        more = [hold for hold in others if covered[hold] & quants]
        while more:
            found = self.browse().union(*more)
            # a hold ends with all that it was extended to
            roots = found.root_id | found.filtered(lambda hold: not hold.root_id)
            sharing |= (found | roots | roots.child_ids) & others
            quants = quants.union(*(covered[hold] for hold in sharing))
            more = [hold for hold in others - sharing if covered[hold] & quants]
        return quants, sharing

    def _keep_apart(self, quants, quantity):
        """Hold so much of the goods in packages of their own, and the rest no more.

        Reserved goods can't be packed: then all of it stays held.

        :param quants: ``stock.quant`` that these holds are on
        :param float quantity: what their orders need together
        """
        goods = quants._qms_pick_free(quantity)
        if not goods:
            return
        orders = self._get_orders()
        packages = orders._make_packages(goods)
        self._place_on(packages.values())
        orders._pack_sample(goods, packages)
        roots = self.filtered(lambda hold: not hold.root_id)
        roots._end_by_hand_over(self.env._("Only what is still inspected is held"))
        orders._tell_kept(packages.values(), quantity)

    def _place_on(self, packages):
        """Hold in these packages what these holds are on, for the same orders."""
        kinds = {(hold.res_id, hold.status_id, hold.reason) for hold in self}
        orders = {order.id: order for order in self._get_orders()}
        self._place(
            [
                {
                    **orders[order_id]._prepare_hold_values(status, reason),
                    "product_id": self.product_id.id,
                    "lot_id": self.lot_id.id,
                    "package_id": package.id,
                }
                for order_id, status, reason in sorted(
                    kinds, key=lambda kind: (kind[0], kind[1].id)
                )
                for package in packages
            ],
            exact=True,
        )
