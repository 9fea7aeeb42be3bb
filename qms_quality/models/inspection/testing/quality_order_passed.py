from odoo import models


class QmsQualityOrder(models.Model):
    """What becomes of goods that passed."""

    _inherit = "qms.quality.order"

    def _hold_passed(self, reason):
        """Release the goods of orders that passed, or hold them as their groups say.

        :param str reason: why the present holds end
        """
        decisions = {
            order: (statuses, reason)
            for order in self
            if (statuses := order._get_passed_statuses())
        }
        restricted = self.browse([order.id for order in decisions])
        if restricted:
            restricted._replace_holds(decisions, reason)
        free = self - restricted
        self.env["qms.hold"]._search_open(self._name, free.ids)._release(reason)

    def _get_passed_statuses(self):
        """Return the statuses that goods get by passing; none where they are free."""
        return self.spec_ids.sudo().passed_status_id.filtered(
            lambda status: status._restricts()
        )

    def _validate(self):
        res = super()._validate()
        self.test_ids._write_lot_attribute()
        return res
