from odoo import models


class StockMoveLine(models.Model):
    """What people read when the gate refuses."""

    _inherit = "stock.move.line"

    def _qms_get_refusal(self, refused):
        """Return the whole message: what is refused, why, and what to do."""
        return self.env._(
            "These goods are held and can't be used for this (%(types)s):\n%(rows)s\n"
            "Take other goods, or ask for the release.",
            types=self._qms_get_type_names(refused),
            rows=self._qms_get_refusal_rows(refused),
        )

    def _qms_get_refusal_rows(self, refused):
        """Return the lines of what is refused, each followed by why."""
        rows = []
        for movement, reasons in refused:
            goods = [
                movement.product.display_name,
                movement.lot.name,
                movement.package.name,
                movement.location.display_name,
            ]
            rows.append(" · ".join(part for part in goods if part))
            rows += [f"    {self._qms_get_reason_text(reason)}" for reason in reasons]
        return "\n".join(rows)

    def _qms_get_reason_text(self, reason):
        return reason.text or reason.hold._get_reason_text()

    def _qms_get_type_names(self, refused):
        labels = {
            name: self.env["qms.inspection.status"]
            ._fields[f"policy_{name}"]
            ._description_string(self.env)
            .lower()
            for movement, _reasons in refused
            for name in movement.types
        }
        return ", ".join(sorted(labels.values()))
