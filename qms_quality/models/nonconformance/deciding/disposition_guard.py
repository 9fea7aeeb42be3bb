from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted
from ..case.nonconformance import DONE_STATES

# What mail and activities keep on the record.
_MAIL = ("message_", "activity_", "website_message_", "rating_", "has_message")


class QmsDisposition(models.Model):
    """A proposal can be changed; what was decided and done can't."""

    _inherit = "qms.disposition"

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {
            "state",
            "approved_by_id",
            "date_approved",
            "executed_by_id",
            "date_executed",
            "date_done",
            "done_quantity",
            "child_lot_id",
            "ending_hold_ids",
        }

    @api.model
    def _get_answer_fields(self):
        """Return the fields that are filled while a disposition is carried out."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            vals_list = [self._prepare_proposal(vals) for vals in vals_list]
        rows = super().create(vals_list)
        if not is_trusted(self.env):
            rows._check_case_open()
        return rows

    def _prepare_proposal(self, vals):
        """Refuse what only actions write, whether it comes in values or defaults."""
        protected = self._get_protected_fields()
        start = {"state": "draft"}
        wrong = [
            name
            for name in sorted(protected & vals.keys())
            if vals[name] and vals[name] != start.get(name)
        ]
        if wrong:
            self._refuse_protected(wrong)
        # a default from the context would come in after this check
        return {**vals, **{name: start.get(name, False) for name in protected}}

    def write(self, vals):
        if not is_trusted(self.env):
            self._check_written(vals)
        return super().write(vals)

    def _check_written(self, vals):
        names = {name for name in vals if not name.startswith(_MAIL)} - {"sequence"}
        wrong = self._get_protected_fields() & names
        if wrong:
            self._refuse_protected(sorted(wrong))
        answers = self._get_answer_fields()
        rows = self
        if names and names <= answers:
            rows = self.filtered(lambda row: row.state != "in_progress")
        if names:
            rows._check_draft()
            rows._check_case_open()
        if "nonconformance_id" in names:
            self._check_case_kept(vals["nonconformance_id"])

    def _refuse_protected(self, names):
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise AccessError(
            self.env._(
                "These fields of a disposition are set by its buttons only: %s.",
                ", ".join(labels),
            )
        )

    def _check_draft(self):
        decided = self.filtered(lambda row: row.state != "draft")
        if decided:
            raise UserError(
                self.env._(
                    "These dispositions are decided and can't be changed: %(rows)s."
                    " Cancel one that isn't carried out yet, and propose another.",
                    rows=", ".join(decided._get_name_and_state()),
                )
            )

    def _check_case_open(self):
        # sudo: who may write a row need not see all of its case
        cases = self.sudo().nonconformance_id
        closed = cases.filtered(lambda case: case.state in DONE_STATES)
        if closed:
            raise UserError(
                self.env._(
                    "Nothing more is decided in cases that are closed or cancelled:"
                    " %(cases)s. Reopen them first.",
                    cases=", ".join(closed.mapped("name")),
                )
            )

    def _check_case_kept(self, case_id):
        if any(row.nonconformance_id.id != case_id for row in self):
            raise UserError(
                self.env._("A disposition stays with its case: make a new one there.")
            )

    def _get_name_and_state(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        return [f"{row.display_name} ({states[row.state]})" for row in self]

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        if not is_trusted(self.env):
            self._check_draft()
