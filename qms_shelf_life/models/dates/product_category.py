from odoo import fields, models


class ProductCategory(models.Model):
    """What a category says of shelf life holds for the categories below it too."""

    _name = "product.category"
    _inherit = ["qms.shelf.life.mixin", "qms.audit.mixin", "product.category"]

    qms_event_rule_ids = fields.One2many(
        "qms.lot.event.rule", "category_id", string="After an Event"
    )

    def _qms_get_nearest(self, name):
        """Return the value of a field here, or where it is set nearest above.

        :param str name: of a field
        :return: the value, empty where none of them has one
        """
        return next((one[name] for one in self._qms_get_upwards() if one[name]), False)

    def _qms_get_upwards(self):
        """Return this category and those above it, the nearest first."""
        path = self.parent_path or ""
        return self.browse(int(one) for one in reversed(path.split("/")[:-1]))

    def write(self, vals):
        if not {"qms_sales_min_shelf_life", "parent_id"} & set(vals):
            return super().write(vals)
        # sudo: the products of other companies follow too
        products = self.env["product.template"].sudo()
        products = products.search(
            [
                ("categ_id", "child_of", self.ids),
                ("use_expiration_date", "=", True),
                ("qms_sales_min_shelf_life", "=", False),
            ]
        )
        before = {
            one: one._qms_get_shelf_life("qms_sales_min_shelf_life") for one in products
        }
        res = super().write(vals)
        products._qms_follow_sell_by(before)
        return res
