from odoo import api, fields, models
from odoo.tools import SQL

CACHE_KEY = "qms_used_arrival_rules"


class QmsArrivalRule(models.AbstractModel):
    """What rules about arriving goods share: most companies use few of them, or none.

    Whether there are any is remembered for one transaction only. A cache of the
    server could be filled by somebody whose transaction is older than the first rule,
    and goods that the rule holds would arrive free.
    """

    _name = "qms.arrival.rule"
    _description = "Rule about Arriving Goods"

    active = fields.Boolean(default=True)

    @api.model_create_multi
    def create(self, vals_list):
        rules = super().create(vals_list)
        self._forget_used()
        return rules

    def write(self, vals):
        res = super().write(vals)
        self._forget_used()
        return res

    def unlink(self):
        res = super().unlink()
        self._forget_used()
        return res

    @api.model
    def _is_used(self):
        """Tell whether this model has any active rule.

        One query in a transaction, for all models of such rules.
        """
        return bool(self._get_used().get(self._name))

    @api.model
    def _get_used(self):
        """Return what is in use, by name. Remembered for the transaction."""
        cache = self.env.cr.cache
        if CACHE_KEY not in cache:
            cache[CACHE_KEY] = self._fetch_used()
        return cache[CACHE_KEY]

    def _forget_used(self):
        self.env.cr.cache.pop(CACHE_KEY, None)

    def _fetch_used(self):
        queries = self._get_used_queries()
        (found,) = self.env.execute_query(
            SQL("SELECT %s", SQL(", ").join(queries.values()))
        )
        return dict(zip(queries, found, strict=True))

    def _get_used_queries(self):
        """Return what is asked for in one query, by name. Extension point."""
        queries = {}
        for name in sorted(self.pool["qms.arrival.rule"]._inherit_children):
            # sudo: rules count for those who may not read them
            rules = self.env[name].sudo()._search([("active", "=", True)], limit=1)
            queries[name] = SQL("EXISTS (%s)", rules.select(SQL("1")))
        return queries
