from odoo import models


class QmsDisposition(models.Model):
    """Use as is: a concession, with or without limits (ISO 9001, 8.7.1 d)."""

    _inherit = "qms.disposition"

    def _get_use_as_is_problems(self):
        """Return what keeps the goods from being used as they are."""
        return [*self._get_reason_problems(), *self._get_bringing_problems()]

    def _get_reason_problems(self):
        if (self.reason or "").strip():
            return []
        return [self.env._("say why the goods may be used: that is the concession.")]

    def _get_bringing_problems(self):
        """Return what keeps the goods from being taken to their new place."""
        row = self.sudo()
        place = row.location_dest_id
        if not place:
            return []
        if place.usage != "internal" or place == row.location_id:
            return [
                self.env._(
                    "%s is no other place in stock: choose one, or leave it empty.",
                    place.display_name,
                )
            ]
        return self._get_transfer_problems(row.location_id.warehouse_id.int_type_id)

    def _execute_use_as_is(self):
        self._free()
