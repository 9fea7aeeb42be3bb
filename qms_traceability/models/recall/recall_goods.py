from odoo import api, fields, models


class QmsRecallGoodsMixin(models.AbstractModel):
    """A row about affected goods: of a lot, or of a product without."""

    _name = "qms.recall.goods.mixin"
    _description = "Affected Goods"
    _inherit = "qms.audit.mixin"

    recall_lot_id = fields.Many2one(
        "qms.recall.lot",
        string="Affected Lot",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_row_id = fields.Many2one(
        "qms.recall.product",
        string="Affected Goods without Lots",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    product_id = fields.Many2one(
        "product.product",
        string="Affected Product",
        compute="_compute_product_id",
        store=True,
        precompute=True,
        qms_audit=False,
    )
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit of the Product")

    _one_kind = models.Constraint(
        "CHECK((recall_lot_id IS NULL) != (product_row_id IS NULL))",
        "A row is about a lot or about goods without lots.",
    )

    @api.depends("recall_lot_id.product_id", "product_row_id.product_id")
    def _compute_product_id(self):
        for row in self:
            row.product_id = row._get_goods().product_id

    def _get_goods(self):
        """Return what this is about: ``qms.recall.lot``, or ``qms.recall.product``."""
        return self.recall_lot_id or self.product_row_id

    @api.model
    def _prepare_goods_row(self, goods):
        """Return the values by which a row is about some goods."""
        is_lot = goods._name == "qms.recall.lot"
        return {"recall_lot_id" if is_lot else "product_row_id": goods.id}
