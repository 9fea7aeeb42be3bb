from odoo import fields, models


class QmsQrsDocumentLine(models.Model):
    """What the goods of one order line must meet: a copy of the card's line.

    The card may change afterwards; the order keeps what was agreed.
    """

    _name = "qms.qrs.document.line"
    _description = "Quality Requirements of an Order Line"
    _inherit = ["qms.audit.mixin"]
    _order = "id"

    # purchase.order.line, sale.order.line, mrp.production (what it makes), stock.move
    # (a component of it, or what was added to a transfer), purchase.requisition.line
    res_model = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        required=True, readonly=True, model_field="res_model"
    )
    document_name = fields.Char("Order", readonly=True)
    type = fields.Selection(
        [
            ("purchase", "Purchase"),
            ("sales", "Sales"),
            ("production", "Production"),
        ],
        required=True,
        readonly=True,
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    location_id = fields.Many2one("stock.location", "Place", readonly=True)
    date = fields.Date(readonly=True, help="The day by which the card was chosen.")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    qrs_id = fields.Many2one(
        "qms.qrs", "Card", readonly=True, index=True, ondelete="restrict"
    )
    qrs_line_id = fields.Many2one(
        "qms.qrs.line", readonly=True, index="btree_not_null", ondelete="set null"
    )
    blanket_line_id = fields.Many2one(
        "qms.qrs.document.line", "Blanket Order", readonly=True, index="btree_not_null"
    )
    criterion_ids = fields.One2many("qms.qrs.document.criterion", "line_id", copy=True)
    instructions = fields.Html()
    manually_updated = fields.Boolean(readonly=True, copy=False)
    # Ignore QRS: for this line, by this person, because
    is_ignored = fields.Boolean("Ignored", readonly=True, copy=False)
    ignore_reason = fields.Char(readonly=True, copy=False)
    ignored_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    ignored_date = fields.Datetime(readonly=True, copy=False)

    def _qms_get_flow(self):
        """Return the transaction type in which goods must meet these requirements."""
        flows = {"purchase": "receipt", "sales": "delivery"}
        made = "output" if self.res_model == "mrp.production" else "consumption"
        return flows.get(self.type, made)

    _document_uniq = models.UniqueIndex(
        "(res_model, res_id)", "An order line has its requirements once."
    )
