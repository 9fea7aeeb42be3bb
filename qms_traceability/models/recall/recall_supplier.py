from odoo import fields, models


class QmsRecallSupplier(models.Model):
    """A supplier whose goods went into what is recalled."""

    _name = "qms.recall.supplier"
    _description = "Supplier of Recalled Goods"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "recall_id"
    _order = "recall_id, level desc, id"
    _rec_name = "partner_id"

    recall_id = fields.Many2one(
        "qms.recall", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="recall_id.company_id", store=True, index=True, precompute=True
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="restrict"
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_recall_supplier_lot_rel",
        "row_id",
        "lot_id",
        string="Lots/Serial Numbers",
        readonly=True,
        ondelete="restrict",
    )
    quantity = fields.Float(
        string="Received", readonly=True, digits="Product Unit", aggregator=None
    )
    documents = fields.Char(string="Receipts", readonly=True)
    date = fields.Datetime(string="First Receipt", readonly=True)
    level = fields.Integer(
        readonly=True,
        aggregator=None,
        help="How many steps of making lie between these goods and what the recall"
        " starts from. 0: the recall starts from them.",
    )
    nonconformance_id = fields.Many2one(
        "qms.nonconformance", readonly=True, ondelete="restrict"
    )
    claim_id = fields.Many2one("qms.supplier.claim", readonly=True, ondelete="restrict")
    claim_state = fields.Selection(related="claim_id.state", string="Claim's State")
