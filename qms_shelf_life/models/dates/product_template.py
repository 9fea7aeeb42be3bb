from odoo import fields, models


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["qms.shelf.life.mixin", "product.template"]

    qms_event_rule_ids = fields.One2many(
        "qms.lot.event.rule", "product_tmpl_id", string="After an Event", copy=True
    )

    def _qms_get_shelf_life(self, name):
        """Return what counts of a field: the product's, else the nearest category's.

        :param str name: of a field of products and categories
        """
        self.ensure_one()
        # sudo: whoever moves goods is bound by what their product's category says
        template = self.sudo()
        return template[name] or template.categ_id._qms_get_nearest(name)
