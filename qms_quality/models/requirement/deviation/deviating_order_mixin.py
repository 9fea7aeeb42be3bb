from odoo import fields, models


class QmsDeviatingOrderMixin(models.AbstractModel):
    """An order from whose requirements goods can depart."""

    _name = "qms.deviating.order.mixin"
    _description = "Order with Deviations"

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
        lines = self.order_line._origin
        return [
            ("document_line_id.res_model", "=", lines._name),
            ("document_line_id.res_id", "in", lines.ids),
        ]

    def action_open_deviations(self):
        """List the deviations from what these orders ask for."""
        deviations = self.env["qms.deviation"]
        return deviations._get_list_action(self._qms_get_deviation_domain())
