from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sentinel import trusted, untrusted
from ..quality_order import INSPECTOR


class QmsQualityOrder(models.Model):
    """What is left of a sample that passed goes back to where it was taken."""

    _inherit = "qms.quality.order"

    sample_picking_ids = fields.One2many(
        "stock.picking", "qms_sample_order_id", string="Transfers of the Sample"
    )
    can_bring_back = fields.Boolean(compute="_compute_can_bring_back")

    @api.depends(
        "verdict", "sample_picking_ids.state", "sample_picking_ids.qms_sample_back"
    )
    def _compute_can_bring_back(self):
        for order in self:
            order.can_bring_back = (
                order.verdict == "passed"
                and order.hold_scope == "sample"
                and "done" in order._get_siblings()._get_transfers().mapped("state")
                and not any(order._get_transfers().mapped("qms_sample_back"))
            )

    def _get_transfers(self):
        """Return the transfers of these samples, in sudo."""
        # sudo: an inspector need not be allowed to read transfers
        return self.sudo().sample_picking_ids.filtered(
            lambda picking: picking.state != "cancel"
        )

    def _prepare_sample_transfer(self, quant, place):
        values = super()._prepare_sample_transfer(quant, place)
        return {**values, "qms_sample_order_id": self.id}

    def _validate(self):
        res = super()._validate()
        for order in self:
            if order.sampling_plan_id.sudo().sample_back and order.can_bring_back:
                order._bring_sample_back()
        return res

    def action_bring_sample_back(self):
        """Make the transfer of what is left of a sample that passed, reserved.

        :raise AccessError: if the user is no inspector
        :raise UserError: if the sample has not passed, was brought back already, or
            nothing of it is left and free
        """
        self.ensure_one()
        self._check_group(INSPECTOR)
        self._check_bring_back()
        pickings = self._bring_sample_back()
        if not pickings:
            raise UserError(
                self.env._(
                    "%s: nothing of the sample is left in its place, and free.",
                    self.name,
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "To be brought back: %s", ", ".join(pickings.mapped("name"))
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _check_bring_back(self):
        if not self.can_bring_back:
            raise UserError(
                self.env._(
                    "%s: there is no sample to bring back. It has to be moved, and to"
                    " pass, and it comes back once.",
                    self.name,
                )
            )

    def _bring_sample_back(self):
        """Return the transfers, reserved, in sudo; empty where nothing is left."""
        # sudo: whoever inspects need not be allowed to move goods
        order = self.sudo()
        pickings = order.env["stock.picking"]
        lines = order._get_sample_lines()
        gone = order._get_gone()
        left = order.sample_quantity - sum(order._get_scrapped().values())
        for (place, dest), some in lines.grouped(
            lambda line: (line.location_dest_id, line._qms_get_way_back())
        ).items():
            goods = order._get_goods_to_bring(some, dest, gone, left)
            if place != dest and goods:
                pickings |= order._make_transfer_back(goods, place, dest)
                left -= sum(quantity for _line, _quant, quantity in goods)
        return pickings

    def _get_sample_lines(self):
        """Return the lines that brought the sample to its place, its own first: samples
        that were taken of the same arrival can be the same goods."""
        orders = self | self._get_siblings()
        there = orders.sample_picking_ids.filtered(lambda one: not one.qms_sample_back)
        return there.move_line_ids.filtered(lambda line: line.state == "done")

    def _get_quants_to_destroy(self, lot):
        # what was tested is the sample
        quants = super()._get_quants_to_destroy(lot)
        sample = quants.browse()
        for line in self._get_sample_lines().filtered(lambda one: one.lot_id == lot):
            sample |= line._qms_get_quants()
        return sample | quants

    def _get_gone(self):
        """Return how much of each lot of what was moved isn't there any more: used up
        by tests, or brought back."""
        orders = self._get_siblings()
        gone = defaultdict(float, orders._get_scrapped())
        back = orders._get_transfers().filtered("qms_sample_back")
        for line in back.move_line_ids:
            gone[line.lot_id] += line.quantity_product_uom
        return gone

    def _get_scrapped(self):
        """Return how much of each lot the tests of these orders used up."""
        groups = self.env["stock.scrap"]._read_group(
            [
                ("origin", "in", self.mapped("name")),
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "done"),
            ],
            ["lot_id"],
            ["scrap_qty:sum"],
        )
        return dict(groups)

    def _get_goods_to_bring(self, lines, dest, gone, most):
        """Return ``[(line, quant, quantity)]`` of what is left of a sample and free.

        :param dict gone: what isn't there any more by lot; what is counted is taken off
        :param float most: what this order may bring back
        """
        goods, taken = [], defaultdict(float)
        unit, needed = self.product_id.uom_id, self._get_needed_quants()
        for line in lines:
            missing = min(line.quantity_product_uom, gone[line.lot_id])
            gone[line.lot_id] -= missing
            left = line.quantity_product_uom - missing
            free_quants = line._qms_get_quants() - needed
            for quant in free_quants._qms_filter_movable(dest):
                free = quant.quantity - quant.reserved_quantity - taken[quant]
                quantity = min(left, free, most)
                if unit.compare(quantity, 0) > 0:
                    goods.append((line, quant, quantity))
                    taken[quant] += quantity
                    left -= quantity
                    most -= quantity
        return goods

    def _get_needed_quants(self):
        """Return the goods of these lots that samples of other orders are held in: they
        may move inside, but would take their holds along."""
        # sudo: an inspector need not be allowed to read the ledger
        holds = self.env["qms.hold"].sudo()
        return holds._search_on_parts(self.product_id, self.lot_ids)._get_quants()

    def _make_transfer_back(self, goods, place, dest):
        picking = trusted(self.env["stock.picking"]).create(
            {
                "picking_type_id": dest.warehouse_id.int_type_id.id,
                "location_id": place.id,
                "location_dest_id": dest.id,
                "company_id": self.company_id.id,
                "origin": self.name,
                "qms_sample_order_id": self.id,
                "qms_sample_back": True,
            }
        )
        picking = untrusted(picking)
        total = sum(quantity for _line, _quant, quantity in goods)
        move = picking.move_ids.create(self._prepare_sample_move(picking, total))
        move.move_line_ids.create(
            [
                {
                    **self._prepare_sample_line(move, quant, quantity, no_package),
                    "location_dest_id": dest.id,
                    "result_package_id": line._qms_get_package_back(dest).id,
                }
                for line, quant, quantity in goods
                for no_package in [quant.package_id.browse()]
            ]
        )
        picking.action_confirm()
        return picking
