from odoo import api, fields, models


class QmsCertificateGoods(models.Model):
    """Goods on a certificate, with the results that are theirs together."""

    _name = "qms.certificate.goods"
    _description = "Goods on a Certificate"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "certificate_id"
    _order = "certificate_id, id"
    _check_company_auto = True

    certificate_id = fields.Many2one(
        "qms.certificate", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="certificate_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        "qms_certificate_goods_lot_rel",
        "goods_id",
        "lot_id",
        string="Lots/Serial Numbers",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    order_ids = fields.Many2many(
        "qms.quality.order",
        "qms_certificate_goods_order_rel",
        "goods_id",
        "order_id",
        string="Quality Orders",
        readonly=True,
        ondelete="restrict",
        check_company=True,
    )
    product_name = fields.Char(string="Product as Printed", readonly=True)
    lot_names = fields.Char(string="Lots as Printed", readonly=True)
    expiration_date = fields.Date(readonly=True)
    quantity = fields.Float(digits="Product Unit", readonly=True)
    uom_id = fields.Many2one("uom.uom", string="Unit", readonly=True)
    line_ids = fields.One2many(
        "qms.certificate.line", "goods_id", string="Results", readonly=True
    )

    def _is_current(self):
        """Tell whether the goods expire when the certificate says."""
        self.ensure_one()
        return self.lot_ids._qms_get_expiration() == self.expiration_date

    def _get_holds(self):
        """Return the open holds that keep these goods from being relied on."""
        holds = self.env["qms.hold"].sudo()
        for goods in self:
            if goods.lot_ids:
                whole_only = bool(goods.certificate_id.picking_id)
                holds |= goods.lot_ids._qms_get_certificate_holds(whole_only)
            else:
                holds |= goods.order_ids._qms_get_certificate_holds()
        return holds

    @api.depends("product_name", "lot_names")
    def _compute_display_name(self):
        for goods in self:
            names = filter(None, (goods.product_name, goods.lot_names))
            goods.display_name = " ".join(names)
