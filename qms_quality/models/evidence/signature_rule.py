from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .signature_slot import Slot


class QmsSignatureRule(models.Model):
    """Which action needs how many signatures, of which group.

    Several rules about one action add up. Without a rule nothing is signed.
    """

    _name = "qms.signature.rule"
    _description = "Signature Rule"
    _inherit = ["qms.cached.mixin", "qms.audit.mixin"]
    _order = "guarded, sequence, id"
    _rec_name = "guarded"

    sequence = fields.Integer(default=10)
    guarded = fields.Selection(
        selection="_selection_guarded", string="Action", required=True
    )
    signature_count = fields.Integer(
        string="Signatures", required=True, default=1, help="By different people."
    )
    group_id = fields.Many2one(
        "res.groups", string="By", required=True, ondelete="restrict"
    )
    meaning_ids = fields.Many2many(
        "qms.signature.meaning",
        string="Meanings",
        help="Which meanings count, the first one to begin with. Empty: any.",
    )
    comment_required = fields.Boolean()
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", default=lambda self: self.env.company, ondelete="restrict"
    )

    _count_check = models.Constraint(
        "CHECK(signature_count BETWEEN 1 AND 9)",
        "A rule asks for one to nine signatures.",
    )

    @api.model
    def _selection_guarded(self):
        """Return the actions that can be guarded, of all models."""
        # sudo: the name of a model is no secret
        names = self.env["ir.model"].sudo()
        return [
            (f"{model}:{action}", f"{names._get(model).name}: {label}")
            for model in sorted(self.env)
            if hasattr(self.env[model], "_qms_guarded_actions")
            for action, label in self.env[model]._qms_guarded_actions().items()
        ]

    @api.constrains("group_id")
    def _check_group(self):
        for rule in self:
            if not rule.group_id.all_user_ids.filtered("active"):
                raise ValidationError(
                    self.env._(
                        "Nobody is in the group %s: nobody could sign.",
                        rule.group_id.full_name,
                    )
                )

    @api.model
    @tools.ormcache("res_model", "action")
    def _get_rule_ids(self, res_model, action):
        """Return the ids of the rules about an action, of all companies."""
        # sudo: rules apply to those, too, who may not read them
        rules = self.sudo().search([("guarded", "=", f"{res_model}:{action}")])
        return tuple(rules.ids)

    @api.model
    def _find_for(self, record, action):
        """Return the rules about an action of a record. Costs no query without any."""
        ids = self._get_rule_ids(record._name, action)
        # sudo: rules apply to those, too, who may not read them
        return self.sudo().browse(ids)._filter_for(record) if ids else self.sudo()

    def _filter_for(self, record):
        """Return the rules of the record's company; all, if it belongs to none."""
        company = record.sudo().company_id if "company_id" in record._fields else False
        if not company:
            return self
        return self.filtered(
            lambda rule: rule.company_id in (company, company.browse())
        )

    def _get_slots(self):
        """Return a :class:`Slot` for each signature that these rules ask for."""
        return [
            Slot(
                ("rule", rule.id, number),
                rule.group_id,
                self.env["res.users"],
                rule.meaning_ids,
                rule.comment_required,
            )
            for rule in self
            for number in range(rule.signature_count)
        ]
