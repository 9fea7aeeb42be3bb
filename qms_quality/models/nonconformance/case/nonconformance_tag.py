from odoo import fields, models


class QmsNonconformanceTag(models.Model):
    """A word to find cases by."""

    _name = "qms.nonconformance.tag"
    _description = "Nonconformance Tag"
    _inherit = ["qms.audit.mixin"]
    _order = "name"

    name = fields.Char(required=True, translate=True)
    color = fields.Integer()

    _name_uniq = models.Constraint("UNIQUE(name)", "There is a tag of this name.")
