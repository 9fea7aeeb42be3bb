from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...sentinel import is_trusted


class QmsCarryingMixin(models.AbstractModel):
    """What carries out a disposition, made by carrying it out and in no other way."""

    _name = "qms.carrying.mixin"
    _description = "Carries out a Disposition"

    qms_disposition_id = fields.Many2one(
        "qms.disposition",
        string="Disposition",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The decision about nonconforming goods that this carries out.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        if not is_trusted(self.env) and records.qms_disposition_id:
            self._qms_refuse_carrying()
        return records

    def write(self, vals):
        if "qms_disposition_id" in vals and not is_trusted(self.env):
            self._qms_refuse_carrying()
        return super().write(vals)

    def _qms_refuse_carrying(self):
        raise AccessError(
            self.env._(
                "What carries out a disposition is made by carrying it out, so that no"
                " other goods leave in its name."
            )
        )
