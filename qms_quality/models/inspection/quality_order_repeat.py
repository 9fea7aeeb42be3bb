from odoo import api, fields, models
from odoo.fields import Domain

from ..sentinel import trusted


class QmsQualityOrder(models.Model):
    """Goods that stay in quarantine are inspected again."""

    _inherit = "qms.quality.order"

    date_repeat = fields.Datetime(
        string="Inspect again on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="If the goods are in quarantine then.",
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"date_repeat"}

    @api.model
    def _get_repeat_domain(self):
        return Domain("date_repeat", "<=", fields.Datetime.now())

    def _repeat(self):
        """Make an order like each of these, if its goods are where they were.

        One that is not finished is not asked twice; it comes up again later.
        """
        now, vals_list = fields.Datetime.now(), []
        present = self._get_quantities_in_zone()
        for order in self:
            rule = order.association_id
            applies = rule.active and rule.repeat_hours and rule._matches_dates()
            again = applies and present.get(order, 0) > 0
            waiting = again and order.state in ("draft", "open")
            trusted(order).date_repeat = (
                fields.Datetime.add(now, hours=rule.repeat_hours) if waiting else False
            )
            if again and not waiting:
                vals_list.append(order._prepare_repeat_values(present[order]))
        model = trusted(self.browse()).with_context(tracking_disable=True)
        orders = model.create(vals_list)
        status = self._get_waiting_status()
        self.env["qms.hold"]._place(
            [
                {**order._prepare_hold_values(status), **goods}
                for order in orders
                for goods in order._get_goods_in_zone()
            ]
        )

    def _prepare_repeat_values(self, quantity):
        self.ensure_one()
        rule = self.association_id
        return {
            "event": self.event,
            "association_id": rule.id,
            "product_id": self.product_id.id,
            "lot_ids": [(6, 0, self.lot_ids.ids)],
            "quantity": quantity,
            "uom_id": self.product_id.uom_id.id,
            "location_id": self.location_id.id,
            "test_group_ids": [(6, 0, rule.test_group_id.ids)],
            "partner_id": self.partner_id.id,
            "move_id": self.move_id.id,
            "picking_id": self.picking_id.id,
            "user_id": rule.user_id.id,
            "date_due": rule._get_date_due(),
            "date_repeat": rule._get_next_date(),
            "company_id": self.company_id.id,
            **rule._prepare_blocks(),
        }

    def _get_goods_in_zone(self):
        """Return what a repeated order holds: its goods in their place."""
        goods = {"product_id": self.product_id.id, "location_id": self.location_id.id}
        if not self.lot_ids:
            return [goods]
        return [dict(goods, lot_id=lot.id) for lot in self.lot_ids]

    def _get_quantities_in_zone(self):
        """Return how much of the goods of each order is still in its zone."""
        # sudo: a job of the system, for all companies
        quants = self.env["stock.quant"].sudo()
        groups = quants._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("location_id.qms_zone_id", "in", self.location_id.qms_zone_id.ids),
                ("quantity", ">", 0),
            ],
            ["product_id", "lot_id", "location_id"],
            ["quantity:sum"],
        )
        return {
            order: sum(
                quantity
                for product, lot, place, quantity in groups
                if product == order.product_id
                and (lot in order.lot_ids if order.lot_ids else not lot)
                and place.qms_zone_id == order.location_id.qms_zone_id
            )
            for order in self
            if order.location_id.qms_zone_id
        }
