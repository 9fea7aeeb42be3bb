from odoo import models


class StockMoveLine(models.Model):
    """What people read when goods don't meet the requirements of their order."""

    _inherit = "stock.move.line"

    def _qms_get_refusal(self, refused):
        """Say held only of what a hold refuses, and what to do about the rest."""
        reasons = [reason for _movement, some in refused for reason in some]
        unmet = [reason.judgement for reason in reasons if reason.judgement]
        if not unmet:
            return super()._qms_get_refusal(refused)
        words = {
            "types": self._qms_get_type_names(refused),
            "rows": self._qms_get_refusal_rows(refused),
            "advice": self._qms_get_unmet_advice(unmet),
        }
        if len(unmet) == len(reasons):
            return self.env._(
                "These goods don't meet what is required of them and can't be used for"
                " this (%(types)s):\n%(rows)s\n%(advice)s",
                **words,
            )
        return self.env._(
            "These goods are held, or don't meet what is required of them, and can't be"
            " used for this (%(types)s):\n%(rows)s\nAsk for the release of what is"
            " held. %(advice)s",
            **words,
        )

    def _qms_get_unmet_advice(self, judgements):
        departures = {judgement.criterion.departure for judgement in judgements}
        if departures == {"approval"}:
            return self.env._(
                "Take other goods, or have the deviation accepted before they leave."
            )
        return self.env._(
            "Take other goods, or have somebody who has the right to it ignore the"
            " requirements of the order line: Ignore QRS."
        )
