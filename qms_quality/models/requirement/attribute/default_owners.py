"""Whose defaults are shown on their own forms."""

from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    qms_attribute_default_ids = fields.One2many(
        "qms.attribute.default", "product_tmpl_id", "Attributes of New Lots"
    )


class ProductCategory(models.Model):
    _inherit = "product.category"

    qms_attribute_default_ids = fields.One2many(
        "qms.attribute.default", "categ_id", "Attributes of New Lots"
    )


class ResPartner(models.Model):
    _inherit = "res.partner"

    qms_attribute_default_ids = fields.One2many(
        "qms.attribute.default", "partner_id", "Attributes of New Lots"
    )
