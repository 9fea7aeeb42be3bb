from odoo import models

from odoo.addons.qms_quality.models.number_text import format_quantity

from .expiry_policy import DateReason


class StockMove(models.Model):
    """Moves that lack goods because the date of what is there blocks it."""

    _inherit = "stock.move"

    def _qms_get_gate_keys(self):
        """Moves of goods with dates are judged by their own day."""
        keys = super()._qms_get_gate_keys()
        return {
            move: (key, move._qms_get_use_date())
            if move.product_id.use_expiration_date
            else key
            for move, key in keys.items()
        }

    def _qms_get_short_reason(self, reasons):
        dated = [reason for reason in reasons if isinstance(reason, DateReason)]
        if not dated:
            return super()._qms_get_short_reason(reasons)
        return self._qms_get_date_words()[dated[0].kind]

    def _qms_get_date_words(self):
        """Return in a word or two what the date of goods is: ``{kind: text}``."""
        return {
            "expired": self.env._("expired"),
            "near": self.env._("too near their date"),
            "missing": self.env._("without expiration date"),
        }

    # -- For people -------------------------------------------------------------------

    def _qms_get_unfit_text(self, shortage):
        """Say how much is expired, after what else is said of the goods."""
        words = set(self._qms_get_date_words().values())
        dated = {why: some for why, some in shortage.others.items() if why in words}
        if not dated:
            return super()._qms_get_unfit_text(shortage)
        others = {
            why: some for why, some in shortage.others.items() if why not in words
        }
        rest = shortage._replace(others=others)
        uom = shortage.move.product_id.uom_id
        first = super()._qms_get_unfit_text(rest) or self._qms_get_available_text(rest)
        return ", ".join(
            [
                first,
                *(
                    self.env._(
                        "%(quantity)s %(uom)s %(why)s",
                        quantity=format_quantity(self.env, quantity),
                        uom=uom.name,
                        why=why,
                    )
                    for why, quantity in dated.items()
                ),
            ]
        )

    def _qms_get_available_text(self, shortage):
        """Return what is available, and what is held if anything is."""
        uom = shortage.move.product_id.uom_id
        words = {
            "available": format_quantity(self.env, shortage.available),
            "held": format_quantity(self.env, shortage.held),
            "uom": uom.name,
        }
        if shortage.held:
            return self.env._(
                "%(available)s %(uom)s available, %(held)s %(uom)s held", **words
            )
        return self.env._("%(available)s %(uom)s available", **words)

    def _qms_get_no_shortage_text(self, answers):
        reasons = [reason for _quant, some in answers for reason in some]
        if reasons and all(isinstance(reason, DateReason) for reason in reasons):
            return self.env._(
                "No goods are missing, though the date of some keeps them back."
            )
        return super()._qms_get_no_shortage_text(answers)
