from odoo import models


class StockPackage(models.Model):
    _name = "stock.package"
    _inherit = ["stock.package", "qms.held.goods.mixin"]

    def _qms_get_held_goods(self):
        """Each product and lot in each package inside, down to the smallest."""
        return {
            package: package.contained_quant_ids.filtered(
                lambda quant: quant.quantity > 0
            )._qms_get_goods()
            for package in self
        }

    def _qms_get_no_goods_message(self):
        return self.env._("An empty package can't be held: a hold needs goods.")
