from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.qms_quality.models.gate.transaction import INSIDE, Goods


class StockMoveLine(models.Model):
    """Reserved goods whose date forbids them by now are let go."""

    _inherit = "stock.move.line"

    @api.model
    def _qms_find_near(self):
        """Return the ids of reserved lines whose lots may be too old for them."""
        days = [p.days for p in self.env["qms.hold"]._qms_get_all_policies()]
        self.env["stock.move"].flush_model(["date", "move_dest_ids"])
        self.env["stock.move.line"].flush_model()
        self.env["stock.lot"].flush_model(["expiration_date"])
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id
                     FROM stock_move_line line
                     JOIN stock_move move ON move.id = line.move_id
                     JOIN stock_lot lot ON lot.id = line.lot_id
                     JOIN stock_location place ON place.id = line.location_id
                    WHERE line.state IN ('assigned', 'partially_available')
                      AND line.quantity_product_uom > 0
                      AND place.usage IN %(inside)s
                      AND (lot.expiration_date
                               < GREATEST(move.date, %(now)s)
                                 + %(days)s * INTERVAL '1 day'
                           OR EXISTS (SELECT 1 FROM stock_move_move_rel chain
                                       WHERE chain.move_orig_id = move.id))
                 ORDER BY line.id""",
                inside=INSIDE,
                now=fields.Datetime.now(),
                # a day more on either side, for the zones
                days=max(days, default=0) + 2,
            )
        )
        return [line_id for (line_id,) in rows]

    def _qms_free_refused_by_date(self):
        """Unreserve what dates refuse, look for other goods, tell who waits."""
        # sudo: whoever corrects a date need not be allowed to touch a delivery
        lines = self.sudo().exists()._qms_filter_refused_by_date()
        if not lines:
            return
        moves = lines.move_id
        moves._qms_tell_lost_by_date(lines.lot_id)
        lines.unlink()
        moves._action_assign()

    def _qms_filter_refused_by_date(self):
        """Return those whose lots are too old on the day on which they are used."""
        refused = self.browse()
        for (types, _partner), lines in self.grouped(
            lambda line: (
                line.move_id._qms_get_reservation_types(),
                line.move_id._qms_get_partner(),
            )
        ).items():
            answers = self.env["qms.hold"]._qms_get_date_reasons(
                [
                    Goods(one.product_id, one.lot_id, one.location_id, one.package_id)
                    for one in lines
                ],
                types,
                [line.move_id for line in lines],
                lines[:1].move_id._qms_get_partner(),
                fields.Datetime.now(),
            )
            refused |= lines.browse(
                line.id
                for line, reasons in zip(lines, answers, strict=True)
                if any(reason.policy == "block" for reason in reasons)
            )
        return refused
