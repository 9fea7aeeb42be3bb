from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.qms_quality.models.sentinel import is_trusted

from .expiry_decision import OPEN

# What mail and activities keep on the record.
_MAIL = ("message_", "activity_", "website_message_", "rating_", "has_message")


class QmsExpiryDecision(models.Model):
    """What is proposed can be changed while it waits; the rest is for the buttons."""

    _name = "qms.expiry.decision"
    _inherit = ["qms.expiry.decision", "qms.checked.input.mixin"]

    @api.model
    def _get_proposed_fields(self):
        """Return the fields that people fill in before they decide."""
        return {
            "kind",
            "quantity",
            "reason",
            "partner_id",
            "price",
            "test_group_ids",
            "date_extended",
        }

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "Goods near their date are listed by the scheduled action, by the"
                    " window of their product."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if not is_trusted(self.env):
            self._check_input([vals])
            self._check_written(vals)
        return super().write(vals)

    def _check_written(self, vals):
        names = {name for name in vals if not name.startswith(_MAIL)}
        wrong = names - self._get_proposed_fields() - {"user_id"}
        if wrong:
            labels = [self._fields[one]._description_string(self.env) for one in wrong]
            raise AccessError(
                self.env._(
                    "These fields of a decision are set by its buttons only: %s.",
                    ", ".join(sorted(labels)),
                )
            )
        if names:
            states = OPEN if names == {"user_id"} else ("waiting",)
            self._check_state(states, self.env._("Change"))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "A decision is never deleted: it tells what became of goods."
                )
            )

    def copy_data(self, default=None):
        raise UserError(self.env._("A decision can't be copied."))

    def _check_state(self, states, action):
        """Refuse unless all rows are in one of ``states``.

        :raise UserError: names those that are not
        """
        labels = dict(self._fields["state"]._description_selection(self.env))
        wrong = [
            f"{row.display_name} ({labels[row.state]})"
            for row in self
            if row.state not in states
        ]
        if wrong:
            raise UserError(
                self.env._(
                    "%(action)s isn't possible for: %(rows)s.",
                    action=action,
                    rows=", ".join(wrong),
                )
            )
