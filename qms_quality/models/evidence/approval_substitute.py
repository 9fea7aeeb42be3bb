from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class QmsApprovalSubstitute(models.Model):
    """Who decides in somebody's place while he is away. Everybody names his own."""

    _name = "qms.approval.substitute"
    _description = "Substitute for Approvals"
    _inherit = ["qms.audit.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "substitute_id"

    user_id = fields.Many2one(
        "res.users",
        string="For",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.uid,
    )
    substitute_id = fields.Many2one(
        "res.users",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(string="To", required=True)

    _period_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A substitution ends on or after its first day."
    )
    _self_check = models.Constraint(
        "CHECK(user_id <> substitute_id)", "Nobody can be his own substitute."
    )

    @api.model_create_multi
    def create(self, vals_list):
        substitutes = super().create(vals_list)
        substitutes._check_own()
        return substitutes

    def write(self, vals):
        self._check_own()
        res = super().write(vals)
        self._check_own()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_own_only(self):
        self._check_own()

    def _check_own(self):
        """Refuse unless everybody speaks for himself; not even administrators don't.

        :raise AccessError: names the others
        """
        others = self.user_id - self.env.user
        if others:
            raise AccessError(
                self.env._(
                    "Only %s can say who decides in their place.",
                    ", ".join(others.sudo().mapped("name")),
                )
            )

    @api.constrains("substitute_id")
    def _check_substitute(self):
        for one in self.sudo():
            if one.substitute_id.share or not one.substitute_id.active:
                raise ValidationError(
                    self.env._(
                        "%s can't decide: choose an employee who can log in.",
                        one.substitute_id.name,
                    )
                )

    @api.model
    def _get_principals(self, user):
        """Return the users in whose place ``user`` may decide today.

        :param user: ``res.users``
        """
        # sudo: an absent person's choice is not for the substitute to read
        chosen = self.sudo().search([("substitute_id", "=", user.id)])
        return chosen.filtered(lambda one: one._is_current()).user_id

    @api.model
    def _get_substitutes(self, users):
        """Return who may decide today in the place of ``users``."""
        chosen = self.sudo().search([("user_id", "in", users.ids)])
        return chosen.filtered(lambda one: one._is_current()).substitute_id

    def _is_current(self):
        # a day is a day where the absent person lives
        zone = self.with_context(tz=self.user_id.tz)
        return self.date_from <= fields.Date.context_today(zone) <= self.date_to
