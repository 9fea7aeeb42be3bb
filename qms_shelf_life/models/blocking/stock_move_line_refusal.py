from odoo import models

from .expiry_policy import DateReason


class StockMoveLine(models.Model):
    """What people read when dates refuse goods."""

    _inherit = "stock.move.line"

    def _qms_get_refusal(self, refused):
        """Say what the dates of goods refuse, and what may be done with them."""
        reasons = [reason for _movement, some in refused for reason in some]
        dated = [reason for reason in reasons if isinstance(reason, DateReason)]
        if not dated:
            return super()._qms_get_refusal(refused)
        words = {
            "types": self._qms_get_type_names(refused),
            "rows": self._qms_get_refusal_rows(refused),
            "advice": self._qms_get_date_advice({reason.kind for reason in dated}),
        }
        if len(dated) == len(reasons):
            return self.env._(
                "These goods can't be used for this because of their date"
                " (%(types)s):\n%(rows)s\n%(advice)s",
                **words,
            )
        return self.env._(
            "These goods can't be used for this because of their date, or for what"
            " else is said of them (%(types)s):\n%(rows)s\n%(advice)s",
            **words,
        )

    def _qms_get_date_advice(self, kinds):
        advice = [self.env._("Take other goods.")]
        if "expired" in kinds:
            advice.append(
                self.env._(
                    "What has expired can be scrapped, returned to the vendor or moved"
                    " inside."
                )
            )
        if "near" in kinds:
            advice.append(
                self.env._(
                    "A shelf-life manager can release a lot near its date for a"
                    " special sale or a donation."
                )
            )
        if "missing" in kinds:
            advice.append(self.env._("Enter the expiration date on the lot."))
        return " ".join(advice)
