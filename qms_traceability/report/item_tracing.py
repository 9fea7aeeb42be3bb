from odoo import api, models


class ReportItemTracing(models.AbstractModel):
    """All chosen lots in one trace, as of a moment, in one or both directions."""

    _name = "report.qms_traceability.report_item_tracing"
    _description = "Item Tracing Report"

    @api.model
    def _get_report_values(self, docids, data=None):
        data = data or {}
        trace = self.env["qms.trace"]
        lots = trace._get_lots([int(one) for one in docids or data.get("lot_ids", [])])
        date = trace._get_moment(data.get("date"))
        return {
            "doc_ids": lots.ids,
            "doc_model": "stock.lot",
            "docs": lots,
            "date": date,
            "report": trace._get_report(lots, data.get("direction") or "both", date),
            "states": trace._get_transfer_states(),
            "local": trace._get_local_time,
        }
