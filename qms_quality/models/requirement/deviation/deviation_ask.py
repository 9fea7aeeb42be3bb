from odoo import api, models
from odoo.exceptions import UserError


class QmsDeviation(models.Model):
    """Asking before goods leave: departures that need approval."""

    _inherit = "qms.deviation"

    @api.model
    def _ask_for(self, moves):
        """Record the departures of what moves reserve that need approval.

        :param moves: open ``stock.move``; the caller has checked the rights
        :return: the deviations
        :raise UserError: if nothing needs approval
        """
        vals_list = [
            moves._qms_prepare_deviation(*one) for one in moves._qms_get_unapproved()
        ]
        # one answer for a lot, on however many lines it is
        vals_list = list({self._get_key(vals): vals for vals in vals_list}.values())
        if not vals_list:
            raise UserError(
                self.env._("Nothing of what is reserved needs an approval.")
            )
        deviations = self._qms_record(vals_list)
        deviations._tell_managers()
        return deviations

    def _tell_managers(self):
        """Nobody is named in advance: the list shows what is open."""
        for deviation in self:
            deviation.sudo()._message_log(
                body=self.env._("Approval was asked for before posting.")
            )
