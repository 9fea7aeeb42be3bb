from odoo import fields, models


class QmsSamplingLadderEntry(models.Model):
    """A verdict, and the level that followed from it."""

    _name = "qms.sampling.ladder.entry"
    _description = "Flexible Sampling History"
    _inherit = ["qms.sampling.record"]
    _qms_audit_whole = "position_id"
    _order = "id desc"

    position_id = fields.Many2one(
        "qms.sampling.ladder.position",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        related="position_id.company_id", store=True, precompute=True
    )
    order_id = fields.Many2one(
        "qms.quality.order", readonly=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        "qms.sampling.ladder.level",
        string="Sampled on Level",
        readonly=True,
        ondelete="restrict",
    )
    new_level_id = fields.Many2one(
        "qms.sampling.ladder.level",
        string="Level after",
        readonly=True,
        ondelete="restrict",
    )
    verdict = fields.Selection(
        [("passed", "Passed"), ("failed", "Failed")], readonly=True
    )
    is_counted = fields.Boolean(
        string="Counted",
        readonly=True,
        help="Not, where the lot was sampled on another level than the present one.",
    )
