from odoo import api, models
from odoo.tools import SQL

ASKED_KEY = "qms.quality.order.asked"


class QmsArrivalRule(models.AbstractModel):
    """Whether a check of any production was asked for, in the one query."""

    _inherit = "qms.arrival.rule"

    def _get_used_queries(self):
        queries = super()._get_used_queries()
        queries[ASKED_KEY] = SQL(
            "EXISTS (SELECT 1 FROM qms_quality_order"
            " WHERE event = 'manual' AND production_id IS NOT NULL)"
        )
        return queries

    @api.model
    def _has_asked(self):
        """Tell whether a check of what is made was ever asked for."""
        return bool(self._get_used().get(ASKED_KEY))
