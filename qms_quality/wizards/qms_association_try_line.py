from odoo import fields, models


class QmsAssociationTryLine(models.TransientModel):
    """What one rule would do with one part of a document."""

    _name = "qms.association.try.line"
    _description = "Try the Associations: Rule"

    try_id = fields.Many2one("qms.association.try", ondelete="cascade")
    association_id = fields.Many2one(
        "qms.quality.association", string="Rule", ondelete="cascade"
    )
    event = fields.Selection(related="association_id.event")
    test_group_id = fields.Many2one(related="association_id.test_group_id")
    blocks = fields.Char(related="association_id.blocks")
    goods = fields.Char()
    makes_order = fields.Boolean(string="Makes an Order")
    reason = fields.Char(string="Why not")
