from odoo import models

from ...sentinel import trusted, untrusted


class MrpProduction(models.Model):
    """Manufacturing orders that carry out a disposition."""

    _name = "mrp.production"
    _inherit = ["mrp.production", "qms.carrying.mixin"]

    def write(self, vals):
        res = super().write(vals)
        if vals.get("state") == "done":
            # sudo: whoever produces need not be allowed to read the decision
            self.sudo().qms_disposition_id._follow_documents()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        # sudo: see write
        self.sudo().qms_disposition_id._follow_documents()
        return res

    def _qms_get_component_orders(self):
        """Leave out the orders whose failure was decided about."""
        orders = super()._qms_get_component_orders()
        # sudo: see write
        cases = self.sudo().qms_disposition_id.nonconformance_id
        return orders - cases.quality_order_id - cases.failure_ids.quality_order_id

    # -- What is left of an order belongs to the same disposition ----------------------

    def _split_productions(self, *args, **kwargs):
        if not self.qms_disposition_id:
            return super()._split_productions(*args, **kwargs)
        orders = super(MrpProduction, trusted(self))._split_productions(*args, **kwargs)
        orders = untrusted(orders)
        orders._qms_rename_output()
        return orders

    def _qms_rename_output(self):
        """Let what each part makes have that part's own lot: it is tested by itself."""
        by_lot = self.filtered(lambda order: order.product_tracking == "lot")
        for order in by_lot.filtered("lot_producing_ids"):
            made = order.move_finished_ids.filtered(
                lambda move, order=order: move.product_id == order.product_id
            )
            lots = order.lot_producing_ids
            made.move_line_ids.filtered(
                lambda line, lots=lots: line.lot_id and line.lot_id not in lots
            ).lot_id = lots[:1]

    def _get_backorder_mo_vals(self):
        vals = super()._get_backorder_mo_vals()
        # sudo: see write
        row = self.sudo().qms_disposition_id
        if row:
            lot = row._make_output_lot()
            vals["qms_disposition_id"] = row.id
            vals["lot_producing_ids"] = [(6, 0, lot.ids)]
        return vals
