from odoo import api, models
from odoo.fields import Domain

from .step import Step

CONFIRMED = ("confirmed", "progress", "to_close")


class MrpProduction(models.Model):
    """Manufacturing orders raise events, and wait for quality orders."""

    _inherit = "mrp.production"

    # -- Events -----------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        productions = super().create(vals_list)
        productions._qms_raise_confirmed()
        return productions

    def write(self, vals):
        if vals.get("state") == "done":
            self.filtered(lambda mo: mo.state != "done")._qms_check_closing()
        res = super().write(vals)
        if vals.get("state") == "confirmed":
            self._qms_raise_confirmed()
        if vals.get("qty_producing"):
            self._qms_make_step_orders("production_close")
        if "lot_producing_ids" in vals:
            self._qms_find_prepared()._follow_lots()
        if "product_qty" in vals:
            self._qms_find_prepared()._follow_quantity(
                lambda order: order.production_id.product_uom_qty
            )
        return res

    def _split_productions(
        self, amounts=False, cancel_remaining_qty=False, set_consumed_qty=False
    ):
        productions = super()._split_productions(
            amounts, cancel_remaining_qty, set_consumed_qty
        )
        # each part is inspected for itself
        productions._qms_raise_confirmed()
        return productions

    def _action_cancel(self):
        res = super()._action_cancel()
        cancelled = self.filtered(lambda mo: mo.state == "cancel")
        cancelled._qms_find_prepared()._end_with_document()
        return res

    def _qms_find_prepared(self):
        return self.env["qms.quality.order"]._find_prepared(
            Domain("production_id", "in", self.ids)
        )

    def _qms_raise_confirmed(self):
        confirmed = self.filtered(lambda mo: mo.state in CONFIRMED)
        confirmed._qms_make_step_orders("production_confirmed")

    def _qms_make_step_orders(self, event):
        """Make the quality orders that rules ask for at ``event``; return new ones."""
        orders = self.env["qms.quality.order"]
        if event not in self.env["qms.quality.association"]._get_used_events():
            return orders
        return orders._create_for_steps(
            [production._qms_prepare_step(event) for production in self]
        )

    def _qms_prepare_step(self, event):
        self.ensure_one()
        lots = self.lot_producing_ids
        return Step(
            event=event,
            product=self.product_id,
            quantity=self.product_uom_qty,
            partner=self.env["res.partner"],
            places=self.location_dest_id,
            company=self.company_id,
            picking_type=self.picking_type_id,
            operation=self.env["mrp.routing.workcenter"],
            lots=lots,
            key=("production_id", self.id),
            values={"production_id": self.id},
        )

    # -- Start and work ---------------------------------------------------------------

    def _qms_check_components(self):
        res = super()._qms_check_components()
        orders = self.env["qms.quality.order"]
        orders._find_blocking(
            Domain("block_start", "=", True) & Domain("production_id", "in", self.ids)
        )._refuse_step(", ".join(self.mapped("name")))
        self._qms_get_component_orders()._refuse_step(", ".join(self.mapped("name")))
        return res

    def _qms_get_component_orders(self):
        """Return the orders on component lots that must have passed first, in sudo."""
        strict = self.filtered(lambda mo: mo.company_id.qms_start_needs_components)
        lots = strict.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        ).move_line_ids.lot_id
        orders = self.env["qms.quality.order"].sudo()
        if not lots:
            return orders
        return orders.search(
            orders._get_unpassed_domain() & Domain("lot_ids", "in", lots.ids)
        )

    # -- Close ------------------------------------------------------------------------

    def pre_button_mark_done(self):
        made = self._qms_make_step_orders("production_close")
        made |= self.workorder_ids.filtered(
            lambda work: work.state not in ("done", "cancel")
        )._qms_make_step_orders()
        blocking = self._qms_get_closing_orders()
        blocking |= self.workorder_ids._qms_get_previous_orders()
        if blocking and blocking <= made.sudo():
            # not an error, which would take back the orders that were made
            return blocking.with_env(self.env)._get_made_action(self)
        blocking._refuse_step(", ".join(self.mapped("name")))
        return super().pre_button_mark_done()

    def _qms_check_closing(self):
        names = ", ".join(self.mapped("name"))
        self._qms_get_closing_orders()._refuse_step(names)

    def _qms_get_closing_orders(self):
        """Return the quality orders that closing these has to wait for, in sudo."""
        orders = self.env["qms.quality.order"]
        if not self.env["qms.quality.association"]._has_blocking():
            return orders.sudo()
        found = orders._find_blocking(*self._qms_get_close_domains())
        return self._qms_filter_closing(found)

    def _qms_get_close_domains(self):
        if not self:
            return []
        # what was produced before, of the same order
        parts = self.production_group_id.production_ids
        return [
            Domain("block_close", "=", True)
            & Domain("production_id", "in", (self | parts).ids)
        ]

    def _qms_filter_closing(self, orders):
        """Return those of ``orders`` that closing these has to wait for.

        An output's order is made when its part is closed: what waits are the others.
        """
        return orders.filtered(
            lambda order: (
                order.block_close
                and (
                    order.production_id in self.production_group_id.production_ids
                    if order.event == "output"
                    else order.production_id in self
                )
            )
        )

    # -- Trying ------------------------------------------------------------------------

    def _qms_get_arrivals(self):
        """Return what these manufacturing orders raise: arrivals and steps."""
        lines = self.move_finished_ids.move_line_ids
        arriving = lines._qms_get_inspectable(lines._qms_get_movements())
        events = ("production_confirmed", "production_close")
        return [
            *(mo._qms_prepare_step(event) for mo in self for event in events),
            *(work._qms_prepare_step() for work in self.workorder_ids),
            *lines._qms_get_arrivals(arriving),
        ]
