from odoo import api, fields, models
from odoo.exceptions import UserError


class QmsHold(models.Model):
    """A hold that shows people that a lot has expired.

    It refuses nothing: the gate compares the dates themselves, in the zone of each
    warehouse and also where the scheduled action is late. Only the scheduled action
    places it, and it goes when the lot isn't expired any more.
    """

    _inherit = "qms.hold"

    is_expiry = fields.Boolean(
        string="By its Date",
        readonly=True,
        help="Shows that the lot has expired. Its date is what refuses it.",
    )
    blocked_types = fields.Char(
        related=None, compute="_compute_blocked_types", store=True, qms_audit=False
    )

    _expiry_idx = models.Index("(lot_id) WHERE state = 'open' AND is_expiry")

    @api.depends("status_id.blocked_types", "is_expiry")
    def _compute_blocked_types(self):
        for hold in self:
            hold.blocked_types = not hold.is_expiry and hold.status_id.blocked_types

    @api.model
    def _get_covering_fields(self):
        return [*super()._get_covering_fields(), "is_expiry"]

    def _get_policy(self, types, partner=None):
        if self.is_expiry:
            return "allow"
        return super()._get_policy(types, partner)

    @api.depends("is_expiry")
    def _compute_can_release(self):
        res = super()._compute_can_release()
        self.filtered("is_expiry").can_release = False
        return res

    def _prepare_child_lot(self, child):
        return {**super()._prepare_child_lot(child), "is_expiry": self.is_expiry}

    def _check_release(self):
        """Refuse to release what the date would place again.

        :raise UserError: names the lots and says what to do instead
        """
        dated = self.filtered("is_expiry")
        if dated:
            raise UserError(
                self.env._(
                    "%(lots)s: expired by the date. Correct the expiration date if it"
                    " is wrong: this hold ends by itself then.",
                    lots=", ".join(dated.lot_id.mapped("display_name")),
                )
            )
        return super()._check_release()
