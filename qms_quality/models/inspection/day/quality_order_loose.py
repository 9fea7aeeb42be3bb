from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...sentinel import trusted
from ..quality_order import DONE_STATES


class QmsQualityOrder(models.Model):
    """Orders about something that is no product, or not known to be one yet.

    A customer's complaint comes with a sample; which lot it is turns out later. Then
    the goods are named, once, and held as if the order had been about them at once.
    """

    _inherit = "qms.quality.order"

    is_loose = fields.Boolean(
        string="Goods not Known",
        compute="_compute_is_loose",
        help="The goods can still be named.",
    )

    about = fields.Char(
        compute="_compute_about", help="The product, or what was asked where none is."
    )

    @api.depends("product_id", "subject")
    def _compute_about(self):
        for order in self:
            order.about = order.product_id.display_name or order.subject

    @api.depends("product_id", "state")
    def _compute_is_loose(self):
        for order in self:
            saved = order._origin
            order.is_loose = (
                bool(saved) and not saved.product_id and saved.state not in DONE_STATES
            )

    @api.model
    def _get_naming_fields(self):
        """Return the fields that name the goods of an order which had none."""
        return {
            "product_id",
            "lot_ids",
            "quantity",
            "uom_id",
            "location_id",
            "hold_goods",
            "picking_id",
            "production_id",
        }

    def _check_goods_unchanged(self, vals):
        loose = self.filtered("is_loose")
        fixed = {
            name: value
            for name, value in vals.items()
            if name not in self._get_naming_fields()
        }
        super(QmsQualityOrder, loose)._check_goods_unchanged(fixed)
        return super(QmsQualityOrder, self - loose)._check_goods_unchanged(vals)

    def write(self, vals):
        if not vals.get("product_id"):
            return super().write(vals)
        loose = self.filtered("is_loose")
        res = super().write(vals)
        loose.filtered("product_id")._name_goods()
        return res

    def _name_goods(self):
        """Take over the goods that were just named: read them, and hold them."""
        for order in self:
            order._name_lots()
            if order.hold_goods and not order._get_goods():
                self._refuse_unheld(order.product_id)
        self._place_holds()
        self._hold_at_once()

    @api.model
    def _refuse_unheld(self, product):
        """
        :raise UserError: names the product, and what to do so that it can be held
        """
        raise UserError(
            self.env._(
                "%(product)s can't be held: give its lot (its place, if it isn't"
                " tracked), or don't hold it.",
                product=product.display_name,
            )
        )

    def _name_lots(self):
        """Let the readings be about the lot; make one for each of several numbers."""
        self.ensure_one()
        if len(self.lot_ids) <= 1:
            # sudo: the copies on an order are protected; the right was that to write it
            trusted(self.sudo().result_ids).lot_id = self.lot_ids
            return
        if any(self.result_ids.mapped("is_recorded")):
            raise UserError(
                self.env._(
                    "%(order)s has readings already, so it can be about one serial"
                    " number only. Make another order for the others.",
                    order=self.name,
                )
            )
        tests = trusted(self.sudo()).test_ids
        tests.result_ids.unlink()
        tests._make_results()

    @api.constrains("product_id", "sampling_plan_id")
    def _check_sampled_product(self):
        for order in self:
            if order.sampling_plan_id and not order.product_id:
                raise ValidationError(
                    self.env._("A sampling plan needs a product to take samples of.")
                )
