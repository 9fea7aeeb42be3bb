from odoo import models
from odoo.fields import Domain


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "qms.traced.mixin"]

    def _qms_get_traced_lines_domain(self):
        """What came from them or went to them."""
        partners = self.commercial_partner_id
        return Domain("picking_id.partner_id", "child_of", partners.ids) & Domain(
            "picking_id.picking_type_code", "!=", "internal"
        )
