from odoo import api, models
from odoo.tools import SQL

BLOCKING = "qms.quality.order"
EVENTS_KEY = "qms.quality.association.event"


class QmsArrivalRule(models.AbstractModel):
    """What else is asked for in the one query of a transaction."""

    _inherit = "qms.arrival.rule"

    def _get_used_queries(self):
        queries = super()._get_used_queries()
        # sudo: orders count for those who may not read them
        orders = self.env["qms.quality.order"].sudo()
        found = orders._search(orders._get_blocking_domain(), limit=1)
        queries[BLOCKING] = SQL("EXISTS (%s)", found.select(SQL("1")))
        queries[EVENTS_KEY] = SQL(
            "ARRAY(SELECT DISTINCT event FROM qms_quality_association WHERE active)"
        )
        return queries

    @api.model
    def _get_used_events(self):
        """Return the events that some rule is about."""
        return set(self._get_used().get(EVENTS_KEY) or ())

    @api.model
    def _has_blocking(self):
        """Tell whether any step of any document waits for a quality order."""
        return bool(self._get_used().get(BLOCKING))
