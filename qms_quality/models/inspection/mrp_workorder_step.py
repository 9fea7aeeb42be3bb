from odoo import api, models
from odoo.fields import Domain

WORKING = ("progress", "done")


class MrpWorkorder(models.Model):
    """Work orders raise an event when they end, and wait for the ones before."""

    _inherit = "mrp.workorder"

    @api.model_create_multi
    def create(self, vals_list):
        workorders = super().create(vals_list)
        workorders.filtered(lambda work: work.state in WORKING)._qms_check_previous()
        return workorders

    def write(self, vals):
        state = vals.get("state")
        changed = self.filtered(lambda work: work.state != state)
        if state in WORKING:
            changed._qms_check_previous()
        res = super().write(vals)
        if state == "done":
            changed._qms_make_step_orders()
        return res

    def button_start(self, raise_on_invalid_state=False):
        self._qms_check_previous()
        return super().button_start(raise_on_invalid_state)

    def button_finish(self):
        open_work = self.filtered(lambda work: work.state not in ("done", "cancel"))
        open_work._qms_check_previous()
        return super().button_finish()

    def _qms_make_step_orders(self):
        """Make the quality orders of finished work; return new ones."""
        orders = self.env["qms.quality.order"]
        event = "workorder_done"
        if event not in self.env["qms.quality.association"]._get_used_events():
            return orders
        return orders._create_for_steps([work._qms_prepare_step() for work in self])

    def _qms_prepare_step(self):
        self.ensure_one()
        step = self.production_id._qms_prepare_step("workorder_done")
        return step._replace(
            operation=self.operation_id,
            key=("workorder_id", self.id),
            values={**step.values, "workorder_id": self.id},
        )

    def _qms_check_previous(self):
        """Refuse to work on while what was done before waits for its inspection.

        :raise UserError: names the quality orders
        """
        blocking = self._qms_get_previous_orders()
        names = blocking and ", ".join(sorted(self.mapped("display_name")))
        blocking._refuse_step(names)

    def _qms_get_previous_orders(self):
        """Return the quality orders that working on these has to wait for, in sudo."""
        if not self.env["qms.quality.association"]._has_blocking():
            return self.env["qms.quality.order"].sudo()
        open_work = self.filtered(lambda work: work.state not in ("done", "cancel"))
        found = self.env["qms.quality.order"]._find_blocking(
            Domain("block_workorder", "=", True)
            & Domain("production_id", "in", open_work.production_id.ids)
        )
        return found.filtered(
            lambda order: any(work._qms_comes_after(order) for work in open_work)
        )

    def _qms_comes_after(self, order):
        """Tell whether this work order follows the one that ``order`` is about."""
        self.ensure_one()
        work = order.workorder_id
        if not work or work.production_id != self.production_id or work == self:
            return False
        if self.production_id.allow_workorder_dependencies:
            return work in self._qms_get_all_before()
        return (work.sequence, work.id) < (self.sequence, self.id)

    def _qms_get_all_before(self):
        before, found = self.browse(), self.blocked_by_workorder_ids
        while found - before:
            before |= found
            found = found.blocked_by_workorder_ids
        return before
