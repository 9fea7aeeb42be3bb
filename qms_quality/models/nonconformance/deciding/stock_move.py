from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...sentinel import is_trusted


class StockMove(models.Model):
    """Moves that carry out a disposition."""

    _inherit = "stock.move"

    qms_disposition_id = fields.Many2one(
        "qms.disposition",
        string="Disposition",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if any(vals.get("qms_disposition_id") for vals in vals_list):
            self._qms_check_disposition()
        if "default_qms_disposition_id" in self.env.context:
            self = self.with_context(default_qms_disposition_id=False)
        return super().create(vals_list)

    def write(self, vals):
        if "qms_disposition_id" in vals:
            self._qms_check_disposition()
        return super().write(vals)

    def _qms_check_disposition(self):
        """Refuse to say by hand that a move carries out a disposition."""
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "Which moves carry out a disposition is set by its button only."
                )
            )

    def _qms_post(self):
        res = super()._qms_post()
        # sudo: who ships need not be allowed to read dispositions
        self.sudo().qms_disposition_id._settle()
        return res

    def _action_cancel(self):
        res = super()._action_cancel()
        self.sudo().qms_disposition_id._settle()
        return res

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return [*super()._prepare_merge_moves_distinct_fields(), "qms_disposition_id"]

    def _split(self, qty, restrict_partner_id=False):
        """Leave no rest to be shipped later: it is decided on again.

        Documents that others finish in parts keep theirs.
        """
        # sudo: who ships need not be allowed to read dispositions
        row = self.sudo().qms_disposition_id
        if row and row.kind in row._get_shipped_kinds():
            return []
        return super()._split(qty, restrict_partner_id=restrict_partner_id)
