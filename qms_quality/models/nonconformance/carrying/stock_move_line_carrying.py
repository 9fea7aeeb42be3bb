from odoo import models
from odoo.fields import Domain


class StockMoveLine(models.Model):
    """A disposition's permits let its goods pass, in any of its moves."""

    _inherit = "stock.move.line"

    def _qms_get_permit_domain(self, movement, holds):
        domain = super()._qms_get_permit_domain(movement, holds)
        # sudo: whoever posts need not be allowed to read the decision
        disposition = movement.line.move_id.sudo().qms_disposition_id
        if disposition and not disposition._is_about(movement):
            return Domain.FALSE
        return domain

    def _qms_get_permitted_domain(self):
        domain = super()._qms_get_permitted_domain()
        disposition = self.move_id.sudo()._qms_get_permitting()
        if not disposition:
            return domain
        return domain | (
            Domain("res_model", "=", disposition._name)
            & Domain("res_id", "=", disposition.id)
        )
