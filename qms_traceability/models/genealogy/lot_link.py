from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.sentinel import trusted, untrusted

KINDS = [
    ("production", "Production"),
    ("byproduct", "By-product"),
    ("subcontracting", "Subcontracting"),
    ("unbuild", "Unbuild"),
    ("repair", "Repair"),
    ("kit", "Kit"),
    ("split", "Split"),
    ("merge", "Merge"),
    ("relabel", "Other number"),
]


class QmsLotLink(models.Model):
    """So much of one lot went into another, by one document.

    Goods without a lot are known by their product alone, and such a link is uncertain.
    A row is never changed: what turns out otherwise is undone by a row of its own, with
    the same goods and the opposite quantity, and written anew.

    What is made together (a product and its by-products, the parts of one unbuilt
    product) is made of all that was consumed: each product's lots share it among them.
    """

    _name = "qms.lot.link"
    _inherit = "qms.append.only.mixin"
    _description = "Genealogy Link"
    _log_access = False
    _order = "date desc, id desc"
    _rec_name = "reference"

    from_lot_id = fields.Many2one("stock.lot", string="Lot used", ondelete="restrict")
    from_product_id = fields.Many2one(
        "product.product", string="Product used", required=True, ondelete="restrict"
    )
    to_lot_id = fields.Many2one("stock.lot", string="Lot made", ondelete="restrict")
    to_product_id = fields.Many2one(
        "product.product", string="Product made", required=True, ondelete="restrict"
    )
    quantity = fields.Float(
        string="Quantity used",
        digits=False,
        help="Of the product used, in its unit; negative where a link is undone.",
    )
    to_quantity = fields.Float(
        string="Quantity made",
        digits=False,
        help="What the document made of this lot in all, in the product's unit.",
    )
    kind = fields.Selection(KINDS, required=True)
    origin = fields.Selection(
        [("registered", "Registered"), ("quantity", "Shared by quantity")],
        string="Known by",
        required=True,
        help="Whether somebody registered which component went into which lot, or the"
        " order's components are shared among its lots by their quantities.",
    )
    uncertain = fields.Boolean(
        help="Goods without a lot took part: which of the product's goods is not known."
    )
    reverses_id = fields.Many2one(
        "qms.lot.link",
        string="Undoes",
        index="btree_not_null",
        ondelete="restrict",
        help="The link that was written by mistake, or whose document was corrected.",
    )
    undone_by_ids = fields.One2many("qms.lot.link", "reverses_id", string="Undone by")
    date = fields.Datetime(required=True)
    user_id = fields.Many2one("res.users", string="By", ondelete="restrict")
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    res_model = fields.Char(string="Document model", required=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True
    )
    reference = fields.Char(string="Document")
    production_id = fields.Many2one(
        "mrp.production",
        string="Manufacturing order",
        index="btree_not_null",
        ondelete="set null",
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter", string="Work center", ondelete="set null"
    )
    from_line_id = fields.Many2one(
        "stock.move.line",
        string="Consumed by",
        index="btree_not_null",
        ondelete="set null",
    )
    to_line_id = fields.Many2one(
        "stock.move.line",
        string="Made by",
        index="btree_not_null",
        ondelete="set null",
    )

    # with all that a trace asks of a link, which then needs no table
    _from_lot_index = models.Index(
        """(from_lot_id) INCLUDE (to_lot_id, id, company_id, date)
        WHERE from_lot_id IS NOT NULL AND reverses_id IS NULL"""
    )
    _to_lot_index = models.Index(
        """(to_lot_id) INCLUDE (from_lot_id, id, company_id, date)
        WHERE to_lot_id IS NOT NULL AND reverses_id IS NULL"""
    )
    _from_product_index = models.Index("(from_product_id) WHERE from_lot_id IS NULL")
    _to_product_index = models.Index("(to_product_id) WHERE to_lot_id IS NULL")
    _document_index = models.Index("(res_id, res_model)")

    @api.model
    def _get_valid_domain(self, date=None):
        """Return the domain of the links that hold: neither undone nor undoing.

        :param datetime date: as of which moment; now if empty
        """
        undone = Domain("reverses_id", "=", False)
        if not date:
            return undone & Domain("undone_by_ids", "=", False)
        undoing = Domain("date", "<=", date)
        return undone & undoing & Domain("undone_by_ids", "not any", undoing)

    @api.model
    def _qms_link(self, values_list):
        """Write links: the only way by which they come to be.

        :param list values_list: values of the links of one posting
        :return: ``qms.lot.link``
        """
        if not values_list:
            return self.browse()
        # sudo and trusted: whoever posts goods has no right to write history
        links = trusted(self.sudo()).create(values_list)
        links = untrusted(links).with_env(self.env)
        self._qms_after_linking(links)
        return links

    @api.model
    def _qms_after_linking(self, links):
        """Tell whoever waits for it that lots have got new parents or children.

        Called in the transaction that posts the goods; add-ons override it.

        :param links: ``qms.lot.link``, just written, undoing ones among them
        """
