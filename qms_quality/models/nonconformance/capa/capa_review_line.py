from odoo import fields, models

from .capa import STATES, VERDICTS


class QmsCapaReviewLine(models.Model):
    """How a CAPA stood when it was reviewed."""

    _name = "qms.capa.review.line"
    _description = "CAPA in a Review"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _qms_audit_whole = "review_id"
    _order = "is_late desc, id"
    _rec_name = "capa_id"

    review_id = fields.Many2one(
        "qms.capa.review", required=True, index=True, ondelete="cascade"
    )
    capa_id = fields.Many2one(
        "qms.capa",
        string="CAPA",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    risk = fields.Selection(related="capa_id.risk")
    state = fields.Selection(STATES, string="Stage", readonly=True)
    user_id = fields.Many2one("res.users", string="Owner", readonly=True)
    verdict = fields.Selection(VERDICTS, readonly=True)
    text = fields.Char(string="Counted", readonly=True)
    is_late = fields.Boolean(string="Late", readonly=True)
    late_step_count = fields.Integer(string="Late Steps", readonly=True)
    check_count = fields.Integer(
        string="Checks Ended", readonly=True, help="In this period."
    )
    company_id = fields.Many2one(
        related="review_id.company_id", store=True, index=True, precompute=True
    )

    def _get_text(self):
        """Return stage and verdict, for people."""
        self.ensure_one()
        states = dict(self._fields["state"]._description_selection(self.env))
        verdicts = dict(self._fields["verdict"]._description_selection(self.env))
        parts = [states.get(self.state), verdicts.get(self.verdict), self.text]
        return " · ".join(filter(None, parts))
