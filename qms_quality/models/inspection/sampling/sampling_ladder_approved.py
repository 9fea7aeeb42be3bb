from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted
from ..quality_order import MANAGER


class QmsSamplingLadder(models.Model):
    """Flexible sampling plans count from their approval, and stay as approved."""

    _inherit = "qms.sampling.ladder"

    is_approved = fields.Boolean(
        string="Approved",
        readonly=True,
        copy=False,
        tracking=True,
        help="Until it is approved, its goods are inspected without sampling.",
    )

    def _init_column(self, column_name):
        if column_name != "is_approved":
            return super()._init_column(column_name)
        # what was used before there was an approval stays in use
        self.env.cr.execute("UPDATE qms_sampling_ladder SET is_approved = TRUE")

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            if any(vals.get("is_approved") for vals in vals_list):
                self._refuse_by_hand()
            # a default from the context would come in after this check
            vals_list = [{**vals, "is_approved": False} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        if "is_approved" in vals and not is_trusted(self.env):
            self._refuse_by_hand()
        return super().write(vals)

    def _refuse_by_hand(self):
        raise AccessError(
            self.env._("A flexible sampling plan is approved by its button only.")
        )

    def _check_unapproved(self):
        """Refuse to change the levels of plans that are approved.

        :raise UserError: names them
        """
        approved = self.filtered("is_approved")
        if approved and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These flexible sampling plans are approved, so their levels stay"
                    " as they are: %s. Withdraw the approval first.",
                    ", ".join(approved.mapped("name")),
                )
            )

    def _check_manager(self):
        """Refuse unless the user is a quality manager.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")

    def action_approve(self):
        """Let the plans sample, and keep their levels as they are.

        :raise AccessError: if the user is no quality manager
        """
        self._check_manager()
        self._set_approved(True)

    def action_withdraw(self):
        """Take back the approval, to change the levels. Where everybody stands is kept.

        :raise AccessError: if the user is no quality manager
        """
        self._check_manager()
        self._set_approved(False)

    def _set_approved(self, value):
        ladders = trusted(self.filtered(lambda ladder: ladder.is_approved != value))
        ladders.is_approved = value
        ladders._audit("approve" if value else "withdraw")
