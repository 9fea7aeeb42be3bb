from odoo import models
from odoo.tools import SQL

QUANTITIES = {"quantity:sum", "done_quantity:sum"}


class QmsDisposition(models.Model):
    """Quantities in figures: what has several units has no sum."""

    _inherit = "qms.disposition"

    def _read_group_select(self, aggregate_spec, query):
        total = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec not in QUANTITIES:
            return total
        unit = self._field_to_sql(self._table, "uom_id", query)
        return SQL("CASE WHEN COUNT(DISTINCT %s) <= 1 THEN %s END", unit, total)
