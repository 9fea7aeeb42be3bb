from odoo import fields, models

from .timetable import Timetable


class QmsQualityPlanCopy(models.Model):
    """The timetables as they were when orders were made by the plan."""

    _inherit = "qms.quality.plan.copy"

    timetables = fields.Json(readonly=True)

    def _has_values(self, values):
        same = (self.timetables or []) == values["timetables"]
        return same and super()._has_values(values)

    def _get_timetable(self, product, warehouse):
        """Return the narrowest :class:`Timetable` for a product in a warehouse, or
        ``None``: one that names the product counts more than one that names the
        warehouse."""
        found = max(
            (
                values
                for values in self.timetables or ()
                if values["product_id"] in (product.id, False)
                and values["warehouse_id"] in (warehouse.id, False)
            ),
            key=lambda values: (
                bool(values["product_id"]),
                bool(values["warehouse_id"]),
            ),
            default=None,
        )
        return found and Timetable.load(found)
