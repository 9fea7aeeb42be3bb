from odoo import fields, models


class QmsRecallDelivery(models.Model):
    """One delivery of affected goods to a customer; a return is less than nothing."""

    _name = "qms.recall.delivery"
    _description = "Delivery of Recalled Goods"
    _inherit = ["qms.recall.goods.mixin", "qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "customer_id"
    _order = "date, id"
    _rec_name = "document"

    customer_id = fields.Many2one(
        "qms.recall.customer",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    recall_id = fields.Many2one(
        related="customer_id.recall_id", store=True, index=True, precompute=True
    )
    company_id = fields.Many2one(
        related="customer_id.company_id", store=True, index=True, precompute=True
    )
    picking_id = fields.Many2one(
        "stock.picking",
        string="Transfer",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    document = fields.Char(readonly=True)
    date = fields.Datetime(readonly=True)
    quantity = fields.Float(readonly=True, digits="Product Unit", aggregator=None)
