from odoo import api, models


class ReportBatchRecord(models.AbstractModel):
    """One document for each lot, on screen and on paper."""

    _name = "report.qms_traceability.report_batch_record"
    _description = "Batch Record"

    @api.model
    def _get_report_values(self, docids, data=None):
        trace = self.env["qms.trace"]
        lots = trace._get_lots(docids)
        return {
            "doc_ids": lots.ids,
            "doc_model": "stock.lot",
            "docs": lots,
            "records": [trace.get_batch_record(lot.id) for lot in lots],
            "tell_quantity": trace._tell_quantity,
        }
