from odoo import api, fields, models


class QmsDisposition(models.Model):
    """What a supplier was paid for goods that went back is claimed from him."""

    _inherit = "qms.disposition"

    refund_ids = fields.Many2many(
        "account.move",
        "qms_disposition_refund_rel",
        "disposition_id",
        "move_id",
        string="Credit Notes",
        readonly=True,
        copy=False,
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"refund_ids"}

    @api.model_create_multi
    def create(self, vals_list):
        # a default would come in after the check of the values
        context = dict(self.env.context)
        context.pop("default_refund_ids", None)
        rows = self.with_env(self.env(context=context))
        return super(QmsDisposition, rows).create(vals_list)

    def _prepare_proposal(self, vals):
        vals = super()._prepare_proposal(vals)
        # left out: even clearing them asks for the right to read bills
        vals.pop("refund_ids", None)
        return vals

    def _after_shipped(self):
        """Follow what went back, such as its costs. Extension point."""

    def _get_documents(self):
        return [*super()._get_documents(), self.refund_ids]
