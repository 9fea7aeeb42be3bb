from odoo import api, models

from ..gate.transaction import INSIDE
from .step import Step


class StockLot(models.Model):
    """A new lot raises an event."""

    _inherit = "stock.lot"

    @api.model_create_multi
    def create(self, vals_list):
        lots = super().create(vals_list)
        lots._qms_make_step_orders("lot_created")
        return lots

    def _qms_make_step_orders(self, event):
        """Make the quality orders that rules ask for, and hold these lots.

        :return: the new orders
        """
        if event not in self.env["qms.quality.association"]._get_used_events():
            return self.env["qms.quality.order"]
        orders = self.env["qms.quality.order"]._create_for_steps(
            [lot._qms_prepare_step(event) for lot in self]
        )
        orders.sudo()._place_holds()
        return orders

    def _qms_prepare_step(self, event):
        self.ensure_one()
        place = self.location_id
        return Step(
            event=event,
            product=self.product_id,
            quantity=self.product_qty,
            partner=self.env["res.partner"],
            places=place,
            company=self.company_id or self.env.company,
            picking_type=self.env["stock.picking.type"],
            operation=self.env["mrp.routing.workcenter"],
            lots=self,
            key=("lot_ids", self.id),
            values={"hold_goods": True, "location_id": place.id},
        )

    def _qms_get_empty(self):
        """Return those of these lots that nothing is in stock of."""
        # sudo: whoever names a lot need not see all of its stock
        stocked = (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", self.ids),
                    ("location_id.usage", "in", INSIDE),
                    ("quantity", ">", 0),
                ],
                aggregates=["lot_id:recordset"],
            )
        )
        return self - stocked[0][0]

    def _qms_get_arrivals(self):
        """Return what these lots raise: steps."""
        events = ("lot_created", "lot_term")
        return [lot._qms_prepare_step(event) for lot in self for event in events]
