from odoo import api, models
from odoo.exceptions import AccessError


class StockLocation(models.Model):
    """What is called a zone decides what the gate asks: not everyone may say so."""

    _inherit = "stock.location"

    @api.model_create_multi
    def create(self, vals_list):
        locations = super().create(vals_list)
        marked = locations.filtered("qms_zone")
        if marked:
            marked._qms_check_zone()
        return locations

    def write(self, vals):
        if not {"qms_zone", "location_id"} & set(vals):
            return super().write(vals)
        before = {place: place.qms_zone_id for place in self}
        res = super().write(vals)
        changed = self.filtered(lambda place: place.qms_zone_id != before[place])
        if changed:
            changed._qms_check_zone()
        return res

    def _qms_check_zone(self):
        """Refuse to make places a zone, or to take them out of one.

        :raise AccessError: for those who are no quality managers
        """
        manager = "qms_quality.group_quality_manager"
        if not self.env.su and not self.env.user.has_group(manager):
            raise AccessError(
                self.env._(
                    "Only quality managers may change which places belong to a quality"
                    " zone: %(places)s.",
                    places=", ".join(self.mapped("display_name")),
                )
            )
