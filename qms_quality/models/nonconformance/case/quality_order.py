from odoo import fields, models


class QmsQualityOrder(models.Model):
    """Quality orders that open a case, and those that a case asks for."""

    _inherit = "qms.quality.order"

    nonconformance_id = fields.Many2one(
        "qms.nonconformance",
        string="Made for Nonconformance",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    disposition_id = fields.Many2one(
        "qms.disposition",
        string="Made for Disposition",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
