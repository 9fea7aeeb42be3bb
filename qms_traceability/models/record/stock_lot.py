from odoo import models
from odoo.fields import Domain


class StockLot(models.Model):
    _name = "stock.lot"
    _inherit = ["stock.lot", "qms.traced.mixin"]

    def _qms_get_traced_lots(self, limit):
        return self._qms_search_traced_lots(Domain("id", "in", self.ids), limit)

    def action_qms_batch_record(self):
        """Open the batch records of these lots on screen.

        :raise AccessError: where the user may not read them, or no genealogy
        """
        lots = self.env["qms.trace"]._get_lots(self)
        report = self.env.ref("qms_traceability.action_batch_record_page")
        return report.report_action(lots, config=False)
