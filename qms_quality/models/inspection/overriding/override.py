from odoo import fields, models

from ..planning.plan_matrix import SPEC_STATUSES

KINDS = [
    ("spec", "Status of a specification"),
    ("test", "Result of a test"),
    ("part", "Part of a lot"),
]


class QmsQualityOverride(models.Model):
    """What somebody decided against the readings: by whom, why, and what it was before.

    Rows are added only; taking an override back is another row.
    """

    _name = "qms.quality.override"
    _description = "Override"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id desc"

    order_id = fields.Many2one(
        "qms.quality.order", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="order_id.company_id", store=True, precompute=True
    )
    kind = fields.Selection(KINDS, required=True)
    subject = fields.Char(string="What", required=True)
    spec_id = fields.Many2one(
        "qms.quality.order.spec", index="btree_not_null", ondelete="cascade"
    )
    test_line_id = fields.Many2one(
        "qms.quality.order.test", index="btree_not_null", ondelete="cascade"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        string="New Lot",
        index="btree_not_null",
        ondelete="restrict",
        help="The part that was accepted.",
    )
    old_verdict = fields.Selection(SPEC_STATUSES, string="Earlier")
    new_verdict = fields.Selection(SPEC_STATUSES, string="Decided", required=True)
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now)

    def _get_protection_text(self):
        return self.env._(
            "Overrides are written by deciding on a quality order, and stay as they"
            " are."
        )
