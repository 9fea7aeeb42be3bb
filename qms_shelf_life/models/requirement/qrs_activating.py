from odoo import models
from odoo.fields import Domain


class QmsQrs(models.Model):
    """Who activates a card that asks for dates of what has none is told so."""

    _inherit = "qms.qrs"

    def action_activate(self):
        """Put cards in force; see there. Warn of what asks for nothing.

        :return: action that shows the warning, or what the card returns
        """
        res = super().action_activate()
        return self._qms_get_undated_warning() or res

    def _qms_do_activate(self):
        res = super()._qms_do_activate()
        for card in self:
            for text in card._qms_get_undated_texts():
                card._message_log(body=text)
        return res

    def _qms_get_undated_warning(self):
        texts = [text for card in self for text in card._qms_get_undated_texts()]
        if not texts:
            return None
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("Dates that nobody records"),
                "message": "\n".join(texts),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _qms_get_undated_texts(self):
        """Return of which lines no product uses expiration dates, as texts."""
        self.ensure_one()
        return [
            self.env._(
                "%(line)s: none of these products uses expiration dates, so that"
                " %(criteria)s isn't checked. Tick Expiration Date on the products.",
                line=line.display_name,
                criteria=", ".join(f"“{one.expected}”" for one in criteria),
            )
            for line in self.line_ids
            if (criteria := line.criterion_ids._filter_dated())
            and not line._qms_is_dated()
        ]


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    def _qms_is_dated(self):
        """Tell whether this line is about any product that uses expiration dates."""
        dated = Domain("use_expiration_date", "=", True)
        domain = self._get_product_domain() & dated
        return bool(self.env["product.product"].search_count(domain, limit=1))
