from odoo import models


class PurchaseOrderLine(models.Model):
    """Merged requests for quotation: what was adjusted on one of them isn't lost."""

    _inherit = "purchase.order.line"

    def _merge_po_line(self, rfq_line):
        res = super()._merge_po_line(rfq_line)
        self.env["qms.qrs.document.line"]._merge_lines(self, rfq_line)
        return res
