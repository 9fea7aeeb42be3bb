from odoo import api, fields, models
from odoo.exceptions import UserError

from ...evidence.content import ContentLine, field_line
from ...sentinel import is_trusted, trusted
from .capa import INSPECTOR, MANAGER

KINDS = [
    ("inspect", "Test goods as well"),
    ("add_test", "Add a test to a test group"),
    ("sampling", "Tighten sampling"),
    ("duty", "Require proof regularly"),
    ("block", "Block a supplier"),
]


class QmsCapaChange(models.Model):
    """A change of the rules that a CAPA proposes, and the proof that it was made.

    Each kind has ``_get_<kind>_gaps``, which returns what keeps it from being applied,
    and ``_apply_<kind>``, which does it and returns the record that it made or changed.
    """

    _name = "qms.capa.change"
    _description = "Rule Change of a CAPA"
    _inherit = ["qms.staged.mixin", "qms.guarded.mixin"]
    _order = "capa_id, sequence, id"
    _check_company_auto = True

    capa_id = fields.Many2one(
        "qms.capa",
        string="CAPA",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(KINDS, string="Change", required=True, default="inspect")
    state = fields.Selection(
        [("proposed", "Proposed"), ("applied", "Applied"), ("refused", "Refused")],
        required=True,
        readonly=True,
        copy=False,
        default="proposed",
        index=True,
    )
    reason = fields.Text(help="Why the rules are to be changed so.")
    partner_id = fields.Many2one(
        "res.partner",
        string="Supplier",
        compute="_compute_from_capa",
        store=True,
        readonly=False,
        precompute=True,
        ondelete="restrict",
        check_company=True,
    )
    product_ids = fields.Many2many(
        "product.product",
        "qms_capa_change_product_rel",
        "change_id",
        "product_id",
        string="Products",
        ondelete="restrict",
        check_company=True,
    )
    categ_ids = fields.Many2many(
        "product.category",
        "qms_capa_change_categ_rel",
        "change_id",
        "categ_id",
        string="Product Categories",
        ondelete="restrict",
        help="With the categories inside them.",
    )
    date_from = fields.Date(
        string="In Effect from",
        help="Empty: immediately, with the day it is applied.",
    )
    date_to = fields.Date(string="In Effect until", help="Empty: for ever.")
    capa_state = fields.Selection(related="capa_id.state", string="Stage of the CAPA")

    # -- What came of it ---------------------------------------------------------------

    res_model = fields.Char(string="Changed Model", readonly=True, copy=False)
    res_id = fields.Many2oneReference(
        string="Changed Record", model_field="res_model", readonly=True, copy=False
    )
    proof = fields.Char(string="What Was Changed", readonly=True, copy=False)
    date_applied = fields.Datetime(string="Applied on", readonly=True, copy=False)
    applied_by_id = fields.Many2one(
        "res.users", string="Applied by", readonly=True, copy=False
    )
    end_reason = fields.Char(string="Refused because", readonly=True, copy=False)
    company_id = fields.Many2one(
        related="capa_id.company_id", store=True, index=True, precompute=True
    )

    _dates_check = models.Constraint(
        "CHECK(date_to >= date_from)", "A change can't end before it begins."
    )

    @api.depends("capa_id")
    def _compute_from_capa(self):
        for change in self:
            change.partner_id = change.partner_id or change.capa_id.partner_id

    @api.depends("kind", "partner_id", "product_ids", "categ_ids")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for change in self:
            change.display_name = change._get_text()

    def _get_text(self):
        """Return what is proposed, for people. Each kind adds its own."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        parts = [kinds.get(self.kind, ""), *self._get_subjects()]
        return " · ".join(filter(None, parts))

    def _get_subjects(self):
        """Return whom and what the change is about, as a list of texts."""
        goods = self.product_ids.mapped("display_name")
        goods += self.categ_ids.mapped("display_name")
        return [self.partner_id.display_name, ", ".join(goods)]

    # -- What can't be written by hand -------------------------------------------------

    @api.model
    def _get_action_fields(self):
        return super()._get_action_fields() | {
            "res_model",
            "res_id",
            "proof",
            "date_applied",
            "applied_by_id",
            "end_reason",
        }

    @api.model_create_multi
    def create(self, vals_list):
        changes = super().create(vals_list)
        changes.capa_id._check_open()
        return changes

    def _check_change(self, vals):
        if vals.keys() - {"sequence"}:
            self._check_proposed(self.env._("Changing"))
        self.env["qms.capa"].browse(vals.get("capa_id"))._check_open()
        return super()._check_change(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_proposed_only(self):
        if not is_trusted(self.env):
            self._check_proposed(self.env._("Deleting"))

    def _check_proposed(self, action):
        self._check_stage(["proposed"], action)
        self.capa_id._check_open()

    # -- Actions -----------------------------------------------------------------------

    def action_apply(self):
        """Change the rules as it is proposed.

        :raise AccessError: if the user may not: a quality manager; an inspector, where
            a rule asks others for approval
        :raise UserError: lists what keeps it from being applied
        """
        return self._qms_guarded("apply")

    def _qms_check_apply(self):
        ruled = self.env["qms.approval.rule"]._get_rules(self, "apply")
        approved = all(change in ruled for change in self)
        self.env.user._qms_check_group(INSPECTOR if approved else MANAGER)
        self.check_access("write")
        self._check_proposed(self.env._("Applying"))
        gaps = [
            f"\n- {change.display_name}: {gap}"
            for change in self
            for gap in getattr(change, f"_get_{change.kind}_gaps")()
        ]
        if gaps:
            raise UserError(self.env._("It can't be applied:") + "".join(gaps))

    def _qms_do_apply(self):
        for change in self:
            # sudo: the right to change the rules was checked, or given by approval
            record, proof = getattr(change.sudo(), f"_apply_{change.kind}")()
            trusted(change).write(
                {
                    "state": "applied",
                    "date_applied": fields.Datetime.now(),
                    "applied_by_id": self.env.uid,
                    "res_model": record._name,
                    "res_id": record[:1].id,
                    "proof": proof,
                }
            )
            change._audit("apply", reason=proof)
            change.capa_id._message_log(body=proof)

    def action_refuse(self, reason=None):
        """Refuse changes; without a reason, ask for it.

        :param str reason: why
        :raise AccessError: if the user is no quality manager
        :raise UserError: if one is applied or refused already
        """
        self.env.user._qms_check_group(MANAGER)
        self.check_access("write")
        self._check_proposed(self.env._("Refusing"))
        wizard = self.env["qms.capa.reason"]
        if not wizard._is_reason(reason):
            return wizard._open(self, "refuse")
        trusted(self).write({"state": "refused", "end_reason": reason.strip()})
        self._audit("refuse", reason=reason)
        self._qms_void_approvals(self.env._("it was refused."))
        return None

    def action_open_changed(self):
        """Open what was made or changed.

        :raise UserError: if it isn't there any more
        """
        self.ensure_one()
        record = self._get_changed()
        if not record:
            raise UserError(
                self.env._("There is nothing to open: %s", self.proof or "")
            )
        return record._get_records_action(views=[(False, "form")])

    def _get_changed(self):
        """Return what was made or changed, if it is still there."""
        self.ensure_one()
        if not self.res_model or self.res_model not in self.env:
            return None
        return self.env[self.res_model].browse(self.res_id).exists()

    def _get_pending(self):
        """Return what of an applied change isn't in effect yet, as a list of texts."""
        return []

    # -- What is approved --------------------------------------------------------------

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "apply": self.env._("Apply a rule change of a CAPA"),
        }

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "capa_id",
            "kind",
            "partner_id",
            "product_ids",
            "categ_ids",
            "date_from",
            "date_to",
            "reason",
        ]

    def _qms_get_involved_users(self, action):
        # sudo: who proposed it is looked at whoever approves
        return super()._qms_get_involved_users(action) | self.sudo().create_uid

    def _qms_content_changed(self):
        res = super()._qms_content_changed()
        self.capa_id._qms_content_changed()
        return res

    def _prepare_signed_line(self):
        """Return the line of this change in what is signed with its CAPA."""
        self.ensure_one()
        value = [self.kind, self.state, self.proof or None]
        text = self.proof or self.display_name
        return ContentLine(f"change {self.id}", self.env._("Rule change"), value, text)
