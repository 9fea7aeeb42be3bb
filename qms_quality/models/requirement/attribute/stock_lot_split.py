from odoo import models

from .lot_attribute import CERTAIN


class StockLot(models.Model):
    """A part of a lot has the lot's attributes."""

    _inherit = "stock.lot"

    def _qms_create_child(self, name=None):
        child = super()._qms_create_child(name)
        self._qms_copy_attributes(child)
        return child

    def _qms_copy_attributes(self, child):
        """Record of another lot what is recorded of this one.

        What a test said stays what a test said: else splitting would unlock it.
        """
        # sudo: whoever splits need not be allowed to read or write attributes
        rows = self.sudo().qms_attribute_ids
        rows._qms_record(
            [
                {
                    "lot_id": child.id,
                    "attribute_id": row.attribute_id.id,
                    "value": row._qms_get_typed(),
                    "source": row.source if row.source in CERTAIN else "copy",
                }
                for row in rows
            ]
        )
