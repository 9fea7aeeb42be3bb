from collections import defaultdict

from markupsafe import Markup

from odoo import models


class QmsQrsDocumentLine(models.Model):
    """Requirements that were changed by hand stay when the order changes."""

    _inherit = "qms.qrs.document.line"

    def _get_kept_text(self, demand):
        """Return why this copy was kept, and what is other than when it was made."""
        changes = self._get_changes(demand) if demand else ["product_id"]
        names = ", ".join(
            self._fields[n]._description_string(self.env) for n in changes
        )
        if self.manually_updated:
            text = self.env._("Changed by hand, so kept when the order changed:")
        else:
            text = self.env._("Kept, for its deviations, when the order changed:")
        return f"{text} {names}"

    def _tell_kept(self):
        """Write into the orders' histories which requirements were kept."""
        kept = defaultdict(lambda: self.browse())
        for copy in self:
            order = copy._get_line()._qms_get_required_order()
            kept[order] |= copy
        for order, copies in kept.items():
            if hasattr(order, "message_post"):
                order.message_post(body=copies._get_kept_message())

    def _get_kept_message(self):
        rows = Markup("").join(
            Markup("<li>%s: %s</li>") % (copy.product_id.display_name, copy.notice)
            for copy in self
        )
        title = self.env._("Quality requirements to look at again")
        return Markup("%s<ul>%s</ul>") % (title, rows)

    def _get_line(self):
        """Return the order line of this copy."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id)
