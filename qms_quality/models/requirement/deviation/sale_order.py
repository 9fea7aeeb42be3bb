from odoo import fields, models


class SaleOrder(models.Model):
    """Orders show what departed from their requirements."""

    _inherit = "sale.order"

    qms_deviation_count = fields.Integer(
        "Deviations", compute="_compute_qms_deviation_count"
    )

    def _compute_qms_deviation_count(self):
        # sudo: only a number; who may not read deviations isn't shown it
        deviations = self.env["qms.deviation"].sudo()
        found = deviations._read_group(
            self._qms_get_deviation_domain(), ["document_line_id"], ["__count"]
        )
        counts = {copy.res_id: count for copy, count in found}
        for order in self:
            lines = order.order_line._origin.ids
            order.qms_deviation_count = sum(counts.get(line, 0) for line in lines)

    def _qms_get_deviation_domain(self):
        return [
            ("document_line_id.res_model", "=", "sale.order.line"),
            ("document_line_id.res_id", "in", self.order_line._origin.ids),
        ]

    def action_open_deviations(self):
        """List the deviations from what these orders ask for."""
        deviations = self.env["qms.deviation"]
        return deviations._get_list_action(self._qms_get_deviation_domain())
