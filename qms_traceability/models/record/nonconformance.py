from odoo import models
from odoo.fields import Domain


class QmsNonconformance(models.Model):
    _name = "qms.nonconformance"
    _inherit = ["qms.nonconformance", "qms.traced.mixin"]

    def _qms_get_traced_lots(self, limit):
        domain = Domain("id", "in", self.lot_ids.ids)
        return self._qms_search_traced_lots(domain, limit)
