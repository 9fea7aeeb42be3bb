from collections import defaultdict

from odoo import models

from .transaction import goods_of


class StockMoveLine(models.Model):
    """Goods in a status that warns: asked by the buttons, and always written down."""

    _inherit = "stock.move.line"

    def _qms_get_document(self):
        """Return the document whose button moves the goods of this line."""
        self.ensure_one()
        move = self.move_id
        return (
            move.scrap_id
            or move.raw_material_production_id
            or move.production_id
            or move.picking_id
            or move
        )

    def _qms_get_warnings(self):
        """Return what the gate warns of before these lines are posted.

        :return dict: ``{key: text}``; nothing for goods that it refuses anyway
        """
        warnings = {}
        if not self.env["qms.hold"]._qms_may_warn():
            return warnings
        Warning = self.env["qms.warning"]
        for movement, reasons in self._qms_ask(self._qms_get_movements()):
            if any(reason.policy == "block" for reason in reasons):
                continue
            document = movement.line._qms_get_document()
            for reason in reasons:
                key = Warning._get_key(document, goods_of(movement), reason)
                warnings[key] = self._qms_get_warning_text(goods_of(movement), reason)
        return warnings

    def _qms_get_warning_text(self, goods, reason):
        what = self._qms_get_goods_text(goods)
        return f"{what}\n    {self._qms_get_reason_text(reason)}"

    def _qms_get_goods_text(self, goods):
        names = (
            goods.product.display_name,
            goods.lot.name,
            goods.package.name,
            goods.location.display_name,
        )
        return " · ".join(name for name in names if name)

    def _qms_log_warnings(self, warned):
        """Write who moved goods that the gate warns of, and whether he was asked."""
        if not warned:
            return
        label = self.env._("Goods")
        rows = {True: defaultdict(list), False: defaultdict(list)}
        for movement, reasons, asked in self._qms_get_asked(warned):
            text = "; ".join(self._qms_get_reason_text(reason) for reason in reasons)
            goods = self._qms_get_goods_text(goods_of(movement))
            rows[asked][movement.line.move_id].append((label, goods, text))
        for asked, by_move in rows.items():
            how = self.env._("Confirmed"), self.env._("Not confirmed by anyone")
            self.env["qms.audit.entry"]._log(
                self.env["stock.move"].union(*by_move),
                "warned",
                {move.id: changes for move, changes in by_move.items()},
                how[0] if asked else how[1],
            )

    def _qms_get_asked(self, warned):
        """Yield what was warned of with whether this user has confirmed all of it."""
        Warning = self.env["qms.warning"]
        confirmed = Warning._get_confirmed()
        for movement, reasons in warned:
            document = movement.line._qms_get_document()
            keys = {
                Warning._get_key(document, goods_of(movement), reason)
                for reason in reasons
            }
            yield movement, reasons, keys <= confirmed
