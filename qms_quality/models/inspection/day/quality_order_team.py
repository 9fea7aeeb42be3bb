from odoo import api, fields, models
from odoo.fields import Domain

from ..quality_order import DONE_STATES


class QmsQualityOrder(models.Model):
    """Whose order it is, and whether it was done in time."""

    _inherit = "qms.quality.order"

    team_id = fields.Many2one(
        "qms.quality.team",
        compute="_compute_team_id",
        store=True,
        readonly=False,
        precompute=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        check_company=True,
    )
    subject = fields.Char(help="What it is about, where the goods don't say it.")
    is_on_time = fields.Boolean(
        string="On Time",
        compute="_compute_is_on_time",
        store=True,
        precompute=True,
        qms_audit=False,
        help="Validated on the day it was due, or before.",
    )

    _validated_idx = models.Index(
        "(company_id, date_validated) WHERE state = 'validated'"
    )

    @api.model
    def _get_protected_fields(self):
        return super()._get_protected_fields() | {"is_on_time"}

    @api.model
    def _get_signed_fields(self):
        return [*super()._get_signed_fields(), "subject"]

    @api.depends("association_id", "product_id", "company_id")
    def _compute_team_id(self):
        teams = self.env["qms.quality.team"]
        for order in self:
            order.team_id = (
                order.team_id
                or order.association_id.team_id
                or teams._find(order.company_id, order.product_id)
            )

    @api.depends("date_validated", "date_due")
    def _compute_is_on_time(self):
        for order in self:
            done = order.date_validated
            order.is_on_time = bool(done) and (
                not order.date_due
                or fields.Date.context_today(order, done) <= order.date_due
            )

    @api.model
    def _get_todo_domain(self):
        """Return the domain of orders that are not done."""
        return Domain("state", "not in", DONE_STATES)

    def _tell_team(self):
        """Let the team's responsible follow orders that somebody asked for."""
        for order in self:
            # sudo: whoever asks need not be allowed to read the team
            user = order.sudo().team_id.user_id
            # a team of all companies is asked about what its responsible can't see
            if user.active and order.company_id in user.company_ids:
                order.message_subscribe(user.partner_id.ids)
