from odoo import fields, models


class ResCompany(models.Model):
    """How a company practises recalls."""

    _inherit = "res.company"

    qms_mock_recall = fields.Boolean(
        string="Monthly Mock Recall",
        help="Each month a lot is drawn at random and traced. Nothing is held and only"
        " the owner is told.",
    )
    qms_mock_recall_user_id = fields.Many2one(
        "res.users",
        string="Owner of Mock Recalls",
        ondelete="set null",
        domain=[("share", "=", False)],
        help="Gets the result by mail, and an activity.",
    )
    qms_mock_recall_minutes = fields.Integer(
        string="Minutes for a Mock Recall",
        default=240,
        help="A mock recall that takes longer has failed.",
    )

    _qms_mock_recall_minutes_check = models.Constraint(
        "CHECK(qms_mock_recall_minutes > 0)",
        "A mock recall needs some time: enter more than 0 minutes.",
    )
