from odoo import api, fields, models


class QmsAuditMixin(models.AbstractModel):
    """The reason for change as a column: what is imported has no dialog that asks."""

    _inherit = "qms.audit.mixin"

    qms_reason = fields.Char(
        string="Reason for Change",
        compute="_compute_qms_reason",
        readonly=False,
        exportable=False,
        help="Why the record is changed, for the audit trail. A column for imports.",
    )

    def _compute_qms_reason(self):
        # it is written into the trail, not kept here
        self.qms_reason = False

    @api.model_create_multi
    def create(self, vals_list):
        reasons = [vals.get("qms_reason") for vals in vals_list]
        if not any(reasons):
            return super().create(vals_list)
        created = self.browse()
        for reason, vals in zip(reasons, vals_list, strict=True):
            told = self.with_context(qms_reason=reason) if reason else self
            created += super(QmsAuditMixin, told).create([_without_reason(vals)])
        return created.with_env(self.env)

    def write(self, vals):
        if "qms_reason" not in vals:
            return super().write(vals)
        told = self.with_context(qms_reason=vals["qms_reason"] or None)
        return super(QmsAuditMixin, told).write(_without_reason(vals))


def _without_reason(vals):
    return {name: value for name, value in vals.items() if name != "qms_reason"}
