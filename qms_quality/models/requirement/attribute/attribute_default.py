from odoo import api, fields, models


class QmsAttributeDefault(models.Model):
    """What new lots have of an attribute: of a product, a category, from a vendor.

    A vendor's default wins over one without a vendor, a product's over a category's, a
    nearer category's over one above it.
    """

    _name = "qms.attribute.default"
    _description = "Default of a Lot Attribute"
    _inherit = ["qms.arrival.rule", "qms.attribute.value.mixin", "qms.audit.mixin"]
    _order = "attribute_id, partner_id, product_tmpl_id, categ_id, id"

    attribute_id = fields.Many2one(ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner",
        "Vendor",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Lots that arrive from this company. Empty: from anywhere.",
    )
    product_tmpl_id = fields.Many2one(
        "product.template",
        "Product",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("tracking", "!=", "none")],
    )
    categ_id = fields.Many2one(
        "product.category",
        "Product Category",
        index="btree_not_null",
        ondelete="cascade",
        help="With the categories inside it.",
    )
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: for all companies."
    )
    value = fields.Char(qms_audit=False)

    _reach_check = models.Constraint(
        """CHECK (partner_id IS NOT NULL OR product_tmpl_id IS NOT NULL
                  OR categ_id IS NOT NULL)""",
        "A default is for a vendor, a product or a category: choose one.",
    )
    _product_check = models.Constraint(
        "CHECK (product_tmpl_id IS NULL OR categ_id IS NULL)",
        "A default is for a product or for a category, not for both.",
    )
    _default_uniq = models.UniqueIndex(
        """(attribute_id, COALESCE(partner_id, 0), COALESCE(product_tmpl_id, 0),
            COALESCE(categ_id, 0), COALESCE(company_id, 0))""",
        "This attribute has such a default already.",
    )

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_tmpl_id:
            self.categ_id = False

    @api.onchange("categ_id")
    def _onchange_categ_id(self):
        if self.categ_id:
            self.product_tmpl_id = False

    # -- Applying ----------------------------------------------------------------------

    @api.model
    def _qms_apply(self, partners):
        """Record the defaults of new lots. No query where there are no defaults.

        :param dict partners: for each ``stock.lot`` the ``res.partner`` whom it comes
            from, empty where nobody is known
        """
        if not partners or not self._is_used():
            return
        # sudo: defaults count for those who may not read them
        defaults = self.sudo().search(self._get_apply_domain(partners))
        self.env["qms.lot.attribute"]._qms_record(
            [
                default._prepare_recorded(lot)
                for lot, partner in partners.items()
                for default in defaults._select(lot, partner.commercial_partner_id)
            ]
        )

    def _get_apply_domain(self, partners):
        lots = self.env["stock.lot"].union(*partners).sudo()
        vendors = self.env["res.partner"].union(*partners.values()).sudo()
        templates = lots.product_id.product_tmpl_id
        return [
            ("attribute_id.active", "=", True),
            ("partner_id", "in", [False, *vendors.commercial_partner_id.ids]),
            ("product_tmpl_id", "in", [False, *templates.ids]),
            "|",
            ("categ_id", "=", False),
            ("categ_id", "parent_of", templates.categ_id.ids),
        ]

    def _select(self, lot, partner):
        """Return the default of each attribute that is nearest to a lot."""
        nearest = {}
        for default in self:
            present = nearest.get(default.attribute_id)
            if default._matches(lot, partner) and (
                not present or present._get_rank() < default._get_rank()
            ):
                nearest[default.attribute_id] = default
        return nearest.values()

    def _matches(self, lot, partner):
        product = lot.sudo().product_id
        inside = product.categ_id.parent_path or ""
        return (
            self.company_id in (self.company_id.browse(), lot.company_id)
            and self.partner_id in (self.partner_id.browse(), partner)
            and (
                not self.product_tmpl_id
                or self.product_tmpl_id == product.product_tmpl_id
            )
            and (not self.categ_id or inside.startswith(self.categ_id.parent_path))
        )

    def _get_rank(self):
        depth = len((self.categ_id.parent_path or "").split("/"))
        return (
            bool(self.partner_id),
            bool(self.product_tmpl_id),
            depth,
            bool(self.company_id),
            self.id,
        )

    def _prepare_recorded(self, lot):
        return {
            "lot_id": lot.id,
            "attribute_id": self.attribute_id.id,
            "value": self._qms_get_typed(),
            "source": "default",
        }
