from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.dates.shelf_life_mixin import MERGE_DATES


class QmsLotMerge(models.TransientModel):
    """Asks for the dates of the merged lot, where nobody has said it before."""

    _inherit = "qms.lot.merge"

    qms_policy = fields.Selection(MERGE_DATES, compute="_compute_qms_policy")
    qms_dates = fields.Selection(
        [one for one in MERGE_DATES if one[0] != "ask"], string="It Keeps the"
    )

    @api.depends("lot_ids")
    def _compute_qms_policy(self):
        for wizard in self:
            wizard.qms_policy = wizard.lot_ids._origin._qms_get_merge_policy()

    def _check_merge(self):
        res = super()._check_merge()
        if self.qms_policy == "ask" and not self.qms_dates:
            raise UserError(
                self.env._(
                    "Choose whether the lot that is left keeps the earliest or the"
                    " latest date."
                )
            )
        return res

    def _get_choice(self):
        return self.qms_dates or super()._get_choice()
