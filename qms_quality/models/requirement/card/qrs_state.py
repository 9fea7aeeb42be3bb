from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command

from ...sentinel import is_trusted, trusted, untrusted

ADMINISTRATOR = "qms_quality.group_qrs_administrator"
STATE_FIELDS = {"state", "version", "former_id"}
FREE_FIELDS = {"message_follower_ids", "message_main_attachment_id", "activity_ids"}


class QmsQrs(models.Model):
    """A card is written as a draft, then active, then inactive: by its buttons only.

    A draft can be changed and deleted. A card that was active stays as it was: to
    change it there is a new version, which takes its place when it is activated.
    """

    _inherit = "qms.qrs"

    version_count = fields.Integer(compute="_compute_version_count")

    @api.depends("code", "company_id")
    def _compute_version_count(self):
        domain = [("code", "in", self.mapped("code"))]
        counts = {
            (code, company): count
            for code, company, count in self._read_group(
                domain, ["code", "company_id"], ["__count"]
            )
        }
        for card in self:
            card.version_count = counts.get((card.code, card.company_id), 0)

    def action_open_versions(self):
        """Open all versions of this card."""
        return self._get_versions()._get_records_action(name=self.env._("Versions"))

    # -- What can't be written by hand -------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            defaults = self.default_get(list(STATE_FIELDS))
            for vals in vals_list:
                self._check_state_unwritten({**defaults, **vals})
        return super().create([self._with_companies(vals) for vals in vals_list])

    @api.model
    def _check_state_unwritten(self, vals):
        initial = {"state": "draft", "version": 1, "former_id": False}
        if any(vals.get(name, value) != value for name, value in initial.items()):
            self._refuse_state()

    @api.model
    def _refuse_state(self):
        raise AccessError(
            self.env._(
                "State and version of a card are set by its buttons only: Activate,"
                " Deactivate, New Version."
            )
        )

    def write(self, vals):
        if not is_trusted(self.env):
            if STATE_FIELDS & set(vals):
                self._refuse_state()
            if set(vals) - FREE_FIELDS:
                self.check_access("write")
                self._check_draft()
        return super().write(self._with_companies(vals))

    def _check_draft(self):
        """Refuse to change cards that are, or were, active.

        :raise UserError: names them, and says what to do
        """
        fixed = self.filtered(lambda card: card.state != "draft")
        if fixed and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "These cards are in force or were, and stay as they are: %(cards)s."
                    " Make a new version, change that, and activate it. Partners are"
                    " added and removed with the button Partners.",
                    cards=", ".join(fixed.mapped("display_name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda card: card.state != "draft")
        if used:
            raise UserError(
                self.env._(
                    "These cards are in force or were, and are kept: %(cards)s."
                    " Deactivate what shall not be used any more.",
                    cards=", ".join(used.mapped("display_name")),
                )
            )

    # -- Actions -----------------------------------------------------------------------

    def _check_administrator(self):
        """Refuse unless the user keeps the requirements.

        :raise AccessError: names the group
        """
        self.env.user._qms_check_group(ADMINISTRATOR)
        self.check_access("write")

    def action_activate(self):
        """Put cards in force, in the place of what they are versions of.

        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if one is active, asks for nothing, or clashes with another
        :return: action where it must be signed or approved first, else ``None``
        """
        return self._qms_guarded("activate")

    def _qms_check_activate(self):
        self._check_administrator()
        self._check_activate()

    def _check_activate(self):
        active = self.filtered(lambda card: card.state == "active")
        if active:
            raise UserError(
                self.env._(
                    "These cards are active already: %s.",
                    ", ".join(active.mapped("display_name")),
                )
            )
        problems = [problem for card in self for problem in card._get_problems()]
        if problems:
            raise UserError("\n".join(problems))

    def _get_problems(self):
        """Return what keeps a card from being activated, as texts."""
        self.ensure_one()
        if not self.line_ids:
            return [
                self.env._(
                    "%s asks for nothing: add a line with criteria.", self.display_name
                )
            ]
        return [
            self.env._(
                "%(card)s, %(line)s asks for nothing: add a criterion or instructions.",
                card=self.display_name,
                line=line.display_name,
            )
            for line in self.line_ids
            if not line.criterion_ids and not line.instructions
        ]

    def _qms_do_activate(self):
        # sudo: checked before; who applies the change of a CAPA has the right to that
        cards = trusted(self.sudo())
        former = cards._get_former()
        former.state = "inactive"
        former._audit("replace")
        cards.state = "active"
        cards._audit("activate")
        self._check_clashes()
        # again, for whoever asked before the first card could be seen
        self.env.cr.postcommit.add(self.env.registry.clear_cache)

    def _get_former(self):
        """Return the active cards that these are versions of."""
        active = self.search(
            [("state", "=", "active"), ("code", "in", self.mapped("code"))]
        )
        keys = {(card.code, card.company_id) for card in self}
        return active.filtered(lambda card: (card.code, card.company_id) in keys)

    def _get_versions(self):
        """Return all versions of this card, itself among them."""
        self.ensure_one()
        return self.search(
            [("code", "=", self.code), ("company_id", "=", self.company_id.id)]
        )

    def action_deactivate(self):
        """Take cards out of force. Orders keep what they have copied of them.

        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if one isn't active
        """
        self._check_administrator()
        other = self.filtered(lambda card: card.state != "active")
        if other:
            raise UserError(
                self.env._(
                    "Only active cards can be deactivated, not: %s.",
                    ", ".join(other.mapped("display_name")),
                )
            )
        trusted(self).state = "inactive"
        self._audit("deactivate")

    def action_new_version(self):
        """Make a draft that may take the place of this card, or find it.

        :return: the action that opens it
        :raise AccessError: if the user is no QRS administrator
        :raise UserError: if the card is a draft itself
        """
        self.ensure_one()
        self._check_administrator()
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "%s is a draft: change it as it is.",
                    self.display_name,
                )
            )
        return self._get_draft()._get_records_action()

    def _get_draft(self):
        versions = self._get_versions()
        draft = versions.filtered(lambda card: card.state == "draft")[:1]
        if draft:
            return draft
        return untrusted(
            trusted(self).copy(
                {
                    "code": self.code,
                    "version": max(versions.mapped("version")) + 1,
                    "former_id": self.id,
                    "partner_ids": [Command.set(self.partner_ids.ids)],
                }
            )
        )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        if "code" in (default or {}):
            return vals_list
        return [
            dict(vals, code=self.env._("%s (copy)", card.code))
            for card, vals in zip(self, vals_list, strict=True)
        ]


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.qrs_id._check_draft()
        return lines

    def write(self, vals):
        self.check_access("write")
        self.qrs_id._check_draft()
        res = super().write(vals)
        # a line can be moved onto another card
        self.qrs_id._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.qrs_id._check_draft()


class QmsQrsCriterion(models.Model):
    _inherit = "qms.qrs.criterion"

    @api.model_create_multi
    def create(self, vals_list):
        criteria = super().create(vals_list)
        criteria.line_id.qrs_id._check_draft()
        return criteria

    def write(self, vals):
        self.check_access("write")
        self.line_id.qrs_id._check_draft()
        res = super().write(vals)
        self.line_id.qrs_id._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self.line_id.qrs_id._check_draft()
