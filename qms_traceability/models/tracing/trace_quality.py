from odoo import api, models


class QmsTrace(models.AbstractModel):
    """What quality knows of the goods."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_quality(self, lot_ids):
        """Return the quality orders of lots, newest first.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"order_id": int, "order": str, "state": str, "verdict": str
            or False, "event": str or False, "lot_ids": list, "date": str or False,
            "user": str or False}``
        :raise AccessError: also where the user may not read quality orders
        """
        lots = self._get_lots(lot_ids)
        orders = self.env["qms.quality.order"].search(
            [("lot_ids", "in", lots.ids)], order="id desc"
        )
        return [
            {
                "order_id": order.id,
                "order": order.name,
                "state": order.state,
                "verdict": order.verdict or False,
                "event": order.event or False,
                "lot_ids": (order.lot_ids & lots).ids,
                "date": self._get_text(order.date_validated),
                "user": order.sudo().validated_by_id.name or False,
            }
            for order in orders
        ]

    @api.model
    @api.readonly
    def get_holds(self, lot_ids):
        """Return the holds that are or were placed on lots by themselves, newest first.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"hold_id": int, "hold": str, "state": str, "lot_id": int,
            "status": str, "color": int, "reason": str, "document": {"model", "id",
            "name"}, "placed": str, "placed_by": str, "released": str or False}``
        """
        lots = self._get_lots(lot_ids)
        holds = self.env["qms.hold"].search(
            [("lot_id", "in", lots.ids)], order="id desc"
        )
        return [self._prepare_hold(hold) for hold in holds]

    @api.model
    def _prepare_hold(self, hold):
        return {
            "hold_id": hold.id,
            "hold": hold.name,
            "state": hold.state,
            "lot_id": hold.lot_id.id,
            "status": hold.status_id.name,
            "color": hold.status_id.color,
            "reason": hold.reason or "",
            "document": {
                "model": hold.res_model or False,
                "id": hold.res_id or False,
                "name": hold.document_name or "",
            },
            "placed": self._get_text(hold.date_placed),
            "placed_by": hold.sudo().placed_by_id.name or "",
            "released": self._get_text(hold.date_released),
        }

    @api.model
    @api.readonly
    def get_deviations(self, lot_ids):
        """Return the deviations of lots from what was required, newest first.

        :param list lot_ids: see :meth:`get_stock`
        :return: list of ``{"deviation_id": int, "deviation": str, "state": str,
            "lot_id": int, "expected": str, "found": str, "partner": str or
            False, "date": str}``
        :raise AccessError: also where the user may not read deviations
        """
        lots = self._get_lots(lot_ids)
        deviations = self.env["qms.deviation"].search(
            [("lot_id", "in", lots.ids)], order="id desc"
        )
        return [
            {
                "deviation_id": one.id,
                "deviation": one.name,
                "state": one.state,
                "lot_id": one.lot_id.id,
                "expected": one.expected or "",
                "found": one.found or "",
                "partner": one.sudo().partner_id.display_name or False,
                "date": self._get_text(one.date),
            }
            for one in deviations
        ]
