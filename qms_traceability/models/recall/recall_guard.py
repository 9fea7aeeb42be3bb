from odoo import api, models
from odoo.exceptions import AccessError, UserError

from odoo.addons.qms_quality.models.evidence.content import ContentLine, field_line
from odoo.addons.qms_quality.models.sentinel import is_trusted

from .recall import COORDINATOR, DONE_STATES, STATES

# What says which goods are recalled: fixed when they were looked for.
SCOPE = {
    "kind",
    "scope",
    "lot_ids",
    "supplier_lot",
    "supplier_id",
    "product_ids",
    "workcenter_id",
    "date_from",
    "date_to",
    "shift_from",
    "shift_to",
    "company_id",
}
TOLD = {"subject", "reason", "instructions", "recall_class"}
MANAGED = {"nonconformance_id", "user_id", "conclusion"}
FREE = {
    "activity_ids",
    "message_follower_ids",
    "message_main_attachment_id",
}


class QmsRecall(models.Model):
    """What of a recall people write, and until when; what is signed of it."""

    _inherit = "qms.recall"

    @api.model_create_multi
    def create(self, vals_list):
        """Open recalls as drafts."""
        if not is_trusted(self.env):
            self.env.user._qms_check_group(COORDINATOR)
            vals_list = [self._prepare_manual_values(vals) for vals in vals_list]
        numbers = self.env["ir.sequence"]._qms_draw(self._name, len(vals_list))
        return super().create(
            [
                {**vals, "name": number}
                for vals, number in zip(vals_list, numbers, strict=True)
            ]
        )

    def _prepare_manual_values(self, vals):
        """Refuse what only actions write, whether it comes in values or defaults."""
        start = {"name": "New", "state": "draft"}
        names = self._get_action_fields()
        self._refuse_protected(
            name for name in names if vals.get(name) and vals[name] != start.get(name)
        )
        vals = {name: value for name, value in vals.items() if name not in names}
        # a default from the context would come in after this check
        kept = names - {"date_opened"}
        return {**vals, **{name: start.get(name, False) for name in kept}}

    @api.model
    def _get_action_fields(self):
        """Return the stored fields that only actions write. Extension point."""
        return {
            "name",
            "state",
            "warning_text",
            "is_update_due",
            "date_opened",
            "date_analysed",
            "date_contained",
            "date_told",
            "date_closed",
            "closed_by_id",
        }

    def write(self, vals):
        if is_trusted(self.env) or vals.keys() <= FREE:
            return super().write(vals)
        self.env.user._qms_check_group(COORDINATOR)
        self._refuse_protected(self._get_action_fields() & vals.keys())
        self._check_phase(SCOPE & vals.keys(), "draft")
        told = [state for state, _label in STATES if state not in DONE_STATES]
        self._check_phase(TOLD & vals.keys(), *(set(told) - {"recovery"}))
        self._check_phase(MANAGED & vals.keys(), *told)
        return super().write(vals)

    def _refuse_protected(self, names):
        """
        :raise AccessError: names the fields, if there are any
        """
        names = sorted(names)
        if names:
            labels = [self._fields[one]._description_string(self.env) for one in names]
            raise AccessError(
                self.env._(
                    "These fields of a recall are set by its buttons only: %s.",
                    ", ".join(labels),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        kept = self.filtered(lambda recall: recall.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Recalls that were analysed stay: %s. Cancel them and say why.",
                    ", ".join(kept._get_name_and_state()),
                )
            )

    # -- What is signed or approved ----------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "close": self.env._("Close a recall"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            *(row._get_signed_line() for row in self.line_ids),
            *(row._get_signed_line() for row in self.product_row_ids),
            *self._get_snapshot_lines(),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "subject",
            "kind",
            "recall_class",
            "reason",
            "instructions",
            "nonconformance_id",
            "conclusion",
        ]

    def _get_snapshot_lines(self):
        label = self.env._("Frozen trace")
        return [
            ContentLine("snapshot", label, one.content_hash, one.content_hash)
            for one in self.snapshot_ids
        ]

    def _qms_get_involved_users(self, action):
        return super()._qms_get_involved_users(action) | self.sudo().user_id
