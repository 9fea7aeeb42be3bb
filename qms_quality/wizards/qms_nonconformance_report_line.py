from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.gate.transaction import Goods


class QmsNonconformanceReportLine(models.TransientModel):
    """Goods that something is wrong with: a lot, wherever it is or in one place, or
    a product in a place."""

    _name = "qms.nonconformance.report.line"
    _description = "Goods of a Reported Nonconformance"
    _check_company_auto = True

    report_id = fields.Many2one(
        "qms.nonconformance.report", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="report_id.company_id")
    product_id = fields.Many2one("product.product", required=True, check_company=True)
    product_tracking = fields.Selection(related="product_id.tracking")
    lot_id = fields.Many2one(
        "stock.lot",
        string="Lot/Serial Number",
        check_company=True,
        domain="[('product_id', '=', product_id)]",
    )
    quantity = fields.Float(digits="Product Unit", default=1.0)
    uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    location_id = fields.Many2one(
        "stock.location",
        string="Place",
        check_company=True,
        domain=[("usage", "in", ("internal", "transit"))],
        help="Empty: the lot wherever it is.",
    )
    package_id = fields.Many2one("stock.package", check_company=True)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        if self.lot_id.product_id != self.product_id:
            self.lot_id = False

    @api.onchange("lot_id")
    def _onchange_lot_id(self):
        if self.product_tracking == "serial" and self.lot_id:
            self.quantity = 1.0

    def _get_records(self):
        """Return the records that these lines name, by model."""
        return [
            self.product_id,
            self.lot_id,
            self.location_id,
            self.package_id,
        ]

    def _get_goods(self):
        """Return what is held of this line. Goods in a package are held there."""
        self.ensure_one()
        place = self.location_id if not self.package_id else self.location_id.browse()
        return Goods(self.product_id, self.lot_id, place, self.package_id)

    def _check_lots(self):
        """
        :raise UserError: names lots of other products
        """
        wrong = self.filtered(
            lambda line: line.lot_id and line.lot_id.product_id != line.product_id
        )
        if wrong:
            raise UserError(
                self.env._(
                    "%(lots)s: not of the product %(product)s.",
                    lots=", ".join(wrong.lot_id.mapped("name")),
                    product=wrong[0].product_id.display_name,
                )
            )

    def _check_holdable(self):
        """Refuse goods that can't be held: it isn't known which, or where.

        :raise UserError: names the product, and what to do
        """
        for line in self:
            placed = line.product_tracking == "none" and line.location_id
            if not (line.lot_id or line.package_id or placed):
                self.env["qms.quality.order"]._refuse_unheld(line.product_id)

    def _prepare_goods_values(self):
        """Return the values of the case that say what it is about."""
        return {
            "product_id": self.product_id.id,
            "lot_ids": [Command.set(self.lot_id.ids)],
            "quantity": sum(self.mapped("quantity")),
            "uom_id": self.product_id.uom_id.id,
        }
