from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsApprovalRuleStep(models.Model):
    """Whom a rule asks, and how many of them must agree."""

    _name = "qms.approval.rule.step"
    _description = "Step of an Approval Rule"
    _inherit = ["qms.audit.mixin"]
    _order = "rule_id, sequence, id"
    _qms_audit_whole = "rule_id"

    rule_id = fields.Many2one(
        "qms.approval.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Step", required=True)
    approver = fields.Selection(
        [
            ("group", "Members of a group"),
            ("user", "A person"),
            ("field", "Whom a field names"),
        ],
        string="Asks",
        required=True,
        default="group",
    )
    group_id = fields.Many2one("res.groups", ondelete="restrict")
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    field_path = fields.Char(
        string="Field", help="A field that leads from the record to a user."
    )
    res_model = fields.Char(related="rule_id.res_model")
    required_count = fields.Integer(
        string="Must Agree", required=True, default=1, help="How many of them."
    )
    needs_signature = fields.Boolean(
        string="Signature", help="Who agrees signs with his own credentials."
    )
    escalation_days = fields.Integer(
        string="Escalate after (days)", help="0: never. Then others may decide, too."
    )
    escalation_user_id = fields.Many2one(
        "res.users",
        string="Escalate to",
        domain=[("share", "=", False)],
        ondelete="restrict",
    )
    escalation_group_id = fields.Many2one(
        "res.groups", string="Escalate to Group", ondelete="restrict"
    )

    _count_check = models.Constraint(
        "CHECK(required_count > 0)", "At least one person must agree in each step."
    )
    _days_check = models.Constraint(
        "CHECK(escalation_days >= 0)", "Days until escalation can't be negative."
    )

    @api.constrains("approver", "group_id", "user_id", "field_path", "required_count")
    def _check_approver(self):
        for step in self:
            problem = step._get_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "Step %(step)s of rule %(rule)s: %(problem)s",
                        step=step.name,
                        rule=step.rule_id.name,
                        problem=problem,
                    )
                )

    def _get_problem(self):
        """Return why nobody could be asked in this step, or nothing."""
        if self.approver == "group":
            return self._get_group_problem()
        if self.approver == "field" and not self._is_path_to_users():
            return self.env._(
                "%s doesn't lead from the record to a user.", self.field_path or "—"
            )
        if self.approver == "user" and not self.user_id:
            return self.env._("name the person who is asked.")
        if self.approver == "user" and self.required_count > 1:
            return self.env._("one person can't agree several times.")
        return None

    def _get_group_problem(self):
        if not self.group_id:
            return self.env._("name the group that is asked.")
        # sudo: who is in a group is for administrators to read
        count = len(self.group_id.sudo().all_user_ids)
        if count < self.required_count:
            return self.env._(
                "%(required)s must agree, but %(group)s has only %(count)s members.",
                required=self.required_count,
                group=self.group_id.full_name,
                count=count,
            )
        return None

    def _is_path_to_users(self):
        """Tell whether the path leads through relations to users."""
        model = self.env[self.rule_id.res_model]
        for name in (self.field_path or "").split("."):
            field = model._fields.get(name) if model is not None else None
            if not field or not field.relational:
                return False
            model = self.env[field.comodel_name]
        return model._name == "res.users"

    @api.constrains("escalation_days", "escalation_user_id", "escalation_group_id")
    def _check_escalation(self):
        for step in self:
            if (
                step.escalation_user_id or step.escalation_group_id
            ) and not step.escalation_days:
                raise ValidationError(
                    self.env._(
                        "Step %s: say after how many days it is escalated.", step.name
                    )
                )

    def _prepare_steps(self, record):
        """Return the values of the steps of a request on ``record``: a copy.

        :param record: one record, as superuser
        """
        return [
            {**step._prepare_step(record), "sequence": number}
            for number, step in enumerate(self, 1)
        ]

    def _prepare_step(self, record):
        users = self._get_users(record)
        return {
            "rule_id": self.rule_id.id,
            "name": self.name,
            "group_id": self.approver == "group" and self.group_id.id,
            "user_ids": [fields.Command.set(users.ids)],
            "required_count": self.required_count,
            "allow_repeat": self.rule_id.allow_repeat,
            "needs_signature": self.needs_signature,
            "escalation_days": self.escalation_days,
            "escalation_user_id": self.escalation_user_id.id,
            "escalation_group_id": self.escalation_group_id.id,
        }

    def _get_users(self, record):
        """Return the persons who are asked by name."""
        if self.approver == "field":
            return record.mapped(self.field_path)
        return self.user_id if self.approver == "user" else self.user_id.browse()
