from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.qms_quality.models.sentinel import is_trusted, trusted

NAME = "qms_scrapped_expiration_date"


class StockMoveLine(models.Model):
    """When a lot was to expire as its goods were scrapped.

    Waste is told by that: a date that is corrected later rewrites no past month.
    """

    _inherit = "stock.move.line"

    qms_scrapped_expiration_date = fields.Datetime(
        string="Expiration when Scrapped", readonly=True, copy=False
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(NAME in vals for vals in vals_list):
            self._qms_check_scrapped_date()
        if f"default_{NAME}" in self.env.context:
            self = self.with_context(**{f"default_{NAME}": False})
        return super().create(vals_list)

    def write(self, vals):
        if NAME in vals:
            self._qms_check_scrapped_date()
        return super().write(vals)

    def _qms_check_scrapped_date(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "When goods were to expire as they were scrapped is kept by"
                    " scrapping them: it is not entered."
                )
            )

    @api.model
    def _qms_after_posting(self, movements):
        res = super()._qms_after_posting(movements)
        for movement in movements:
            if "scrap" in movement.types and movement.lot.expiration_date:
                # trusted: what scrapping finds. sudo: whoever scraps
                line = trusted(movement.line.sudo())
                line[NAME] = movement.lot.expiration_date
        return res
