from odoo import models


class QmsQualityOrder(models.Model):
    """Orders about the goods of one location."""

    _inherit = "qms.quality.order"

    def _is_by_location(self):
        return self.plan_copy_id.order_level == "location"

    def _get_arrival_goods(self, arrival):
        goods = super()._get_arrival_goods(arrival)
        if not self._is_by_location() or self.sampling_plan_id:
            return goods
        # another order is about the same lot elsewhere
        place = arrival.movements[0].location_dest
        return [dict(one, location_id=place.id) for one in goods]

    def _get_goods(self):
        goods = super()._get_goods()
        # opened again, the order holds the lot wherever its goods have gone
        if self.state != "draft" or not self.location_id or not self._is_by_location():
            return goods
        return [dict(one, location_id=self.location_id.id) for one in goods]
