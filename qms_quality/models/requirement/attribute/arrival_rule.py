from odoo import models
from odoo.tools import SQL


class QmsArrivalRule(models.AbstractModel):
    """Whether lots inherit anything is asked together with the rules: no query more."""

    _inherit = "qms.arrival.rule"

    def _get_used_queries(self):
        # sudo: values count for those who may not read them
        rows = self.env["qms.lot.attribute"].sudo()
        rows = rows._search([("attribute_id.inheritance", "!=", "none")], limit=1)
        return {
            **super()._get_used_queries(),
            "qms.lot.attribute": SQL("EXISTS (%s)", rows.select(SQL("1"))),
        }
