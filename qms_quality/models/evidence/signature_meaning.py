from odoo import fields, models


class QmsSignatureMeaning(models.Model):
    """What a signature can mean, as 21 CFR 11.50(a)(3) has it printed."""

    _name = "qms.signature.meaning"
    _description = "Meaning of a Signature"
    _inherit = ["qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _name_uniq = models.Constraint("unique(name)", "This meaning is in the list.")
