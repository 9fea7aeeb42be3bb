from ast import literal_eval

from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

# What reading a domain that somebody typed can end in.
DOMAIN_ERRORS = (ValueError, TypeError, SyntaxError, KeyError, AttributeError)


class QmsApprovalRule(models.Model):
    """Who must agree before an action runs, in which order."""

    _name = "qms.approval.rule"
    _description = "Approval Rule"
    _inherit = ["qms.cached.mixin", "qms.audit.mixin"]
    _order = "sequence, id"

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    guarded = fields.Selection(
        selection="_selection_guarded",
        string="Action",
        required=True,
        help="Doesn't run before everybody who is asked has agreed.",
    )
    res_model = fields.Char(
        string="Model", compute="_compute_action", store=True, precompute=True
    )
    action = fields.Char(
        string="Technical Action",
        compute="_compute_action",
        store=True,
        precompute=True,
    )
    filter_domain = fields.Char(
        string="Only for", help="Records the rule is about. Empty: all of them."
    )
    filter_lang = fields.Char(
        string="Language of the Filter",
        readonly=True,
        copy=False,
        help="Names in the filter are compared in the language they were written in.",
    )
    allow_repeat = fields.Boolean(
        string="One Person, Several Steps",
        help="Who agreed in one step may agree in a later one, too.",
    )
    step_ids = fields.One2many(
        "qms.approval.rule.step", "rule_id", string="Steps", copy=True
    )

    @api.model
    def _selection_guarded(self):
        """Return every action of every model that rules can guard."""
        guarded = []
        for name, model in self.env.registry.items():
            # an approval that needs an approval would never end
            if not hasattr(model, "_qms_guarded_actions") or name == "qms.approval":
                continue
            actions = self.env[name]._qms_guarded_actions()
            guarded += [(f"{name}:{action}", text) for action, text in actions.items()]
        return sorted(guarded, key=lambda pair: pair[1])

    @api.depends("guarded")
    def _compute_action(self):
        for rule in self:
            model, _colon, action = (rule.guarded or "").partition(":")
            rule.res_model, rule.action = model, action

    # -- What a rule must be like ------------------------------------------------------

    @api.constrains("filter_domain", "guarded")
    def _check_filter(self):
        for rule in self:
            model = self.env[rule.res_model]
            try:
                rule._get_domain().validate(model.sudo())
            except DOMAIN_ERRORS as error:
                raise ValidationError(
                    self.env._(
                        "Rule %(rule)s: its filter %(filter)s can't be read. Choose"
                        " fields that the records have.",
                        rule=rule.name,
                        filter=rule.filter_domain,
                    )
                ) from error

    @api.constrains("step_ids", "active")
    def _check_steps(self):
        for rule in self:
            if not rule.step_ids:
                raise ValidationError(
                    self.env._("Rule %s has no step: say who must agree.", rule.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._prepare_language(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._prepare_language(vals))

    def _prepare_language(self, vals):
        if "filter_domain" not in vals:
            return vals
        return {**vals, "filter_lang": self.env.lang}

    @api.model
    @tools.ormcache()
    def _get_guarded_models(self):
        """Return the models that have or had a rule: requests may still be open."""
        rules = self.sudo().with_context(active_test=False).search([])
        return frozenset(set(rules.mapped("res_model")) & set(self.env))

    @api.model
    @tools.ormcache("model", "action")
    def _get_rule_ids(self, model, action):
        domain = [("res_model", "=", model), ("action", "=", action)]
        return tuple(self.sudo().with_context(active_test=True).search(domain).ids)

    @api.model
    def _browse_rules(self, model, action):
        # sudo: a rule holds for people who may not read it
        return self.sudo().browse(self._get_rule_ids(model, action))

    @api.model
    def _get_rules(self, records, action):
        """Return the rules that apply to each record, as a dict.

        :param records: of a model with guarded actions
        :param str action: the action
        """
        found = {}
        for rule in self._browse_rules(records._name, action):
            for record in rule._filter_matching(records):
                found[record] = found.get(record, rule.browse()) | rule
        return found

    def _filter_matching(self, records):
        """Return those of ``records`` that the rule is about.

        Whoever acts, and whatever he sends along, the answer is the same.
        """
        self.ensure_one()
        env = self.env(user=SUPERUSER_ID, context={"lang": self.filter_lang or None})
        clean = records.with_env(env).filtered(self._is_of_company)
        try:
            return records.browse(clean.filtered_domain(self._get_domain()).ids)
        except DOMAIN_ERRORS as error:
            raise UserError(
                self.env._(
                    "The filter of the approval rule %s can't be read any more, so"
                    " nothing it guards can be done. Ask the compliance officer to"
                    " mend it.",
                    self.name,
                )
            ) from error

    def _is_of_company(self, record):
        company = "company_id" in record._fields and record.company_id
        return not self.company_id or not company or self.company_id == company

    def _get_domain(self):
        text = (self.filter_domain or "").strip()
        return Domain(literal_eval(text)) if text else Domain.TRUE
