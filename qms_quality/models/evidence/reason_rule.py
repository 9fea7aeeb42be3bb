from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..sentinel import is_trusted
from .audit_buffer import get_reason
from .reason_required import ReasonRequired

MIN_LENGTH = 5


class QmsReasonRule(models.Model):
    """For which changes a person has to say why, kept by the compliance officer.

    The reason comes in the context, as ``qms_reason``. Without it the change is
    refused, by whatever way it comes; what the system's own actions write has theirs.
    """

    _name = "qms.reason.rule"
    _description = "Mandatory Reason for Change"
    _inherit = ["qms.cached.mixin", "qms.audit.mixin"]
    _order = "model_id, kind, id"
    _rec_name = "model_id"

    active = fields.Boolean(default=True)
    model_id = fields.Many2one(
        "ir.model",
        string="Record",
        required=True,
        ondelete="cascade",
        domain=lambda self: [("model", "in", self._get_audited_models())],
    )
    kind = fields.Selection(
        [
            ("change", "Changing"),
            ("create", "Creating"),
            ("delete", "Deleting"),
            ("action", "Action"),
        ],
        string="When",
        required=True,
        default="change",
    )
    field_ids = fields.Many2many(
        "ir.model.fields",
        string="Fields",
        domain="[('model_id', '=', model_id), ('store', '=', True),"
        " ('ttype', '!=', 'one2many')]",
        help="Changing any of these needs a reason. Empty: changing any field.",
    )
    event = fields.Selection(selection="_get_actions", string="Action")
    company_id = fields.Many2one(
        "res.company", help="Empty: for the records of all companies."
    )

    @api.model
    def _get_audited_models(self):
        return [
            name
            for name, model in self.pool.items()
            if not model._abstract and hasattr(model, "_qms_audit_names")
        ]

    @api.model
    def _get_actions(self):
        labels = self.env["qms.audit.entry"]._get_event_labels()
        kinds = {"create", "write", "delete"}
        return [(event, label) for event, label in labels.items() if event not in kinds]

    @api.depends("model_id", "kind", "event")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        actions = dict(self._fields["event"]._description_selection(self.env))
        for rule in self:
            what = actions.get(rule.event) or kinds.get(rule.kind, "")
            rule.display_name = f"{rule.model_id.name or ''}: {what}"

    @api.constrains("model_id", "kind", "field_ids", "event")
    def _check_rule(self):
        for rule in self:
            model = self.env.get(rule.model_id.model)
            if not hasattr(model, "_qms_audit_names"):
                problem = self.env._("changes of this kind of record aren't followed")
            elif rule.kind == "action" and not rule.event:
                problem = self.env._("choose the action")
            elif lost := rule._get_unknown_fields():
                problem = self.env._("these fields aren't followed: %s", lost)
            else:
                continue
            raise ValidationError(
                self.env._(
                    "%(rule)s: %(problem)s.", rule=rule.display_name, problem=problem
                )
            )

    def _get_unknown_fields(self):
        """Return the names of the fields that the trail leaves out, as text."""
        names = self.env[self.model_id.model]._qms_audit_names()
        lost = self.field_ids.filtered(lambda field: field.name not in names)
        return ", ".join(lost.mapped("field_description"))

    # -- Which rules apply -------------------------------------------------------------

    @api.model
    @tools.ormcache()
    def _get_by_model(self):
        """Return ``{model: [(kind, field names, event, company id), …]}``."""
        by_model = {}
        # sudo: the rules hold for those who may not read them
        for rule in self.sudo().search([]):
            names = frozenset(rule.field_ids.mapped("name"))
            found = rule.kind, names, rule.event, rule.company_id.id
            by_model.setdefault(rule.model_id.model, []).append(found)
        return by_model

    @api.model
    def _get_rules(self, model, kind):
        return [rule for rule in self._get_by_model().get(model, ()) if rule[0] == kind]

    @api.model
    def _get_asked_names(self, records, names):
        """Return those of the fields whose change needs a reason that wasn't given."""
        rules = self._get_rules(records._name, "change")
        if not rules or self._is_exempt():
            return set()
        return {
            name for name in names for rule in rules if not rule[1] or name in rule[1]
        }

    def _is_exempt(self):
        # while modules are loaded, and in what the system's own actions write
        return not self.pool.ready or is_trusted(self.env) or self._is_given()

    def _is_given(self):
        return len(get_reason(self.env) or "") >= MIN_LENGTH

    # -- Refusing ----------------------------------------------------------------------

    @api.model
    def _check_changes(self, records, before):
        """Refuse changes of fields without the reason that a rule asks for.

        :param dict before: ``{record id: {field name: value}}``
        :raise ReasonRequired: names the records and fields
        """
        rules, missing = self._get_rules(records._name, "change"), []
        # sudo: the values are compared, not shown
        for record in records.sudo().with_context(active_test=False):
            labels = [
                record._fields[name]._description_string(self.env)
                for name, old in sorted(before[record.id].items())
                if record._qms_get_value(record._fields[name]) != old
                and self._concerns(rules, record, name)
            ]
            if labels:
                missing.append(f"{record.display_name} ({', '.join(labels)})")
        self._refuse(missing)

    def _concerns(self, rules, record, name=None):
        company = "company_id" in record._fields and record.company_id
        company = (company or self.env.company).id
        return any(
            (not rule_company or rule_company == company)
            and (not name or not names or name in names)
            for _kind, names, _event, rule_company in rules
        )

    @api.model
    def _check_event(self, records, event, reason=None):
        """Refuse an action without the reason that a rule asks for.

        :raise ReasonRequired: names the records
        """
        kind = event if event in ("create", "delete") else "action"
        rules = [
            rule
            for rule in self._get_rules(records._name, kind)
            if kind != "action" or rule[2] == event
        ]
        if not rules or reason or self._is_given() or not self.pool.ready:
            return
        if kind != "action" and is_trusted(self.env):
            return
        # sudo: the message names what the user acts on
        found = records.sudo().filtered(lambda record: self._concerns(rules, record))
        self._refuse(found.mapped("display_name"))

    def _refuse(self, missing):
        if missing:
            raise ReasonRequired(
                self.env._(
                    "Say why, in at least %(length)s characters: a reason for change is"
                    " mandatory for %(records)s.\n"
                    "Nothing was changed. The web client asks for the reason; other"
                    " programs give it in the context, as qms_reason.",
                    length=MIN_LENGTH,
                    records="; ".join(missing),
                )
            )
