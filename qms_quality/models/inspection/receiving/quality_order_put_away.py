from odoo import models
from odoo.exceptions import UserError

MAX_STEPS = 5


class QmsQualityOrder(models.Model):
    """The verdict moves goods out of the place where they waited, by their plan.

    Without a plan the transfers out of quality zones are made, for people to do.
    """

    _inherit = "qms.quality.order"

    def _validate(self):
        # before: releasing closes the holds that tell which goods were inspected
        goods = {
            order: order._get_held_quants()
            for order in self
            if order.sudo().plan_copy_id.lot_auto
        }
        res = super()._validate()
        for order, quants in goods.items():
            order._put_away(quants, order.verdict == "passed")
        return res

    def _get_zone_quants(self):
        # by a plan, people move the goods, or they are moved at once
        return super(
            QmsQualityOrder, self.filtered(lambda order: not order.plan_copy_id)
        )._get_zone_quants()

    def _after_part(self, child):
        res = super()._after_part(child)
        if self.sudo().plan_copy_id.lot_auto:
            quants = self.env["stock.quant"].sudo().search([("lot_id", "=", child.id)])
            self._put_away(quants.filtered(lambda quant: quant.quantity > 0), True)
        return res

    def _put_away(self, quants, passed):
        """Move goods out of the place where they waited for their inspection.

        What can't be moved stays, and the order says why: a verdict does not fail for
        it.
        """
        self.ensure_one()
        try:
            with self.env.cr.savepoint():
                self._move_on(quants.exists(), passed)
        except UserError as error:
            self._message_log(
                body=self.env._("The goods were not put away: %s", str(error))
            )

    def _move_on(self, quants, passed):
        zoned = quants.filtered("location_id.qms_zone_id")
        pickings = self.env["stock.quant"]._qms_after_decision(zoned, passed).sudo()
        waiting = pickings.filtered(lambda picking: picking.state != "done")
        waiting.move_ids.picked = True
        waiting._action_done()
        if passed:
            self._complete_steps(quants - zoned)

    def _complete_steps(self, quants):
        """Do the transfers that were waiting for these goods, step by step."""
        for _step in range(MAX_STEPS):
            lines = quants._qms_get_next_lines(self.sudo().move_id)
            if not lines:
                return
            quants = lines._qms_do_next()
