from odoo import fields, models


class QmsQualityOrder(models.Model):
    """Goods are tested again after they were reworked."""

    _inherit = "qms.quality.order"

    event = fields.Selection(
        selection_add=[("retest", "Test after rework")],
        ondelete={"retest": "set default"},
    )
