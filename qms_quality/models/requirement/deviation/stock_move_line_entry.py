from odoo import api, fields, models


class StockMoveLine(models.Model):
    """What is said when a lot is entered."""

    _inherit = "stock.move.line"

    qms_departure_text = fields.Char(
        "Departs",
        compute="_compute_qms_departure_text",
        help="What of these goods doesn't meet what is required.",
    )

    @api.depends("lot_id", "lot_name", "quantity", "result_package_id", "state")
    def _compute_qms_departure_text(self):
        self.qms_departure_text = False
        lines = self.filtered(
            lambda line: (
                line._origin
                and line.lot_id
                and line.state not in ("done", "cancel")
                and line.picking_type_id._qms_get_moment() == "both"
            )
        )
        texts = {}
        for movement, _copy, judgement in lines._origin._qms_get_line_departures():
            rows = texts.setdefault(movement.line.id, [])
            rows.append(f"{judgement.expected} ({judgement.found})")
        for line in lines:
            line.qms_departure_text = "; ".join(texts.get(line._origin.id, ()))

    def _qms_get_line_departures(self):
        movements = self._qms_get_movements()
        return self.move_id._qms_get_departures(movements)

    def _qms_get_unpermitted(self, movement, reasons):
        """Let lots be entered that posting will refuse: for whom an approval is asked,
        and any where it is checked at posting only.
        """
        reasons = super()._qms_get_unpermitted(movement, reasons)
        strict = movement.line.picking_type_id._qms_get_moment() == "both"
        return [
            reason
            for reason in reasons
            if not reason.judgement
            or (strict and reason.judgement.criterion.departure == "blocked")
        ]
