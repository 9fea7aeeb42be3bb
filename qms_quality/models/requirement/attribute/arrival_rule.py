from odoo import models
from odoo.tools import SQL


class QmsArrivalRule(models.AbstractModel):
    """Whether lots inherit anything is asked together with the rules: no query more."""

    _inherit = "qms.arrival.rule"

    def _get_used_queries(self):
        # sudo: values count for those who may not read them
        rows = self.env["qms.lot.attribute"].sudo()
        rows = rows._search(self._get_inherited_domain(), limit=1)
        return {
            **super()._get_used_queries(),
            "qms.lot.attribute": SQL("EXISTS (%s)", rows.select(SQL("1"))),
        }

    def _get_inherited_domain(self):
        return [
            ("attribute_id.inheritance", "!=", "none"),
            ("attribute_id.active", "=", True),
        ]
