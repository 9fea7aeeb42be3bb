from odoo import api, models

KEY = "switch_sales_minimum"


class QmsStartingPoint(models.AbstractModel):
    """*Food*: what is too short for the product's sales minimum isn't delivered."""

    _inherit = "qms.starting.point"

    @api.model
    def _get_keys(self, name):
        keys = super()._get_keys(name)
        return (*keys, KEY) if name == "food" else keys

    @api.model
    def _get_switches(self):
        return {**super()._get_switches(), KEY: ("qms_sales_minimum", "blocked")}
