from odoo import models
from odoo.fields import Domain


class QmsQrsDocumentCriterion(models.Model):
    _inherit = "qms.qrs.document.criterion"

    def _qms_get_own_domain(self, date=None):
        """Return the domain of the quants that meet all, each for its own partner.

        :param date date: when they will move; today if empty
        """
        by_partner = self.grouped(lambda one: one.line_id.partner_id)
        return Domain.AND(
            criteria._qms_get_quant_domain(date=date, partner=partner)
            for partner, criteria in by_partner.items()
        )
