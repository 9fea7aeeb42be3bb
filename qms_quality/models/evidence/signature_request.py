from collections import Counter

from odoo import api, fields, models

from ..sentinel import trusted

ACTIVITY = "qms_quality.mail_activity_type_sign"


class QmsSignatureRequest(models.Model):
    """An action that somebody asked for, and that waits for signatures of others."""

    _name = "qms.signature.request"
    _description = "Awaited Signature"
    _inherit = ["qms.protected.mixin", "qms.audit.mixin"]
    _order = "id desc"
    _rec_name = "record_name"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", required=True, readonly=True)
    action = fields.Char(string="Technical Action", required=True, readonly=True)
    arguments = fields.Json(readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Asked by", required=True, readonly=True
    )
    date = fields.Datetime(
        string="Since", required=True, readonly=True, default=fields.Datetime.now
    )
    group_ids = fields.Many2many("res.groups", string="Missing of", readonly=True)
    signed_by_ids = fields.Many2many("res.users", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    text = fields.Char(string="State", compute="_compute_text")
    can_sign = fields.Boolean(compute="_compute_can_sign", search="_search_can_sign")

    _record_uniq = models.Constraint(
        "unique(res_model, res_id, action)", "This is waiting for signatures already."
    )

    @api.model
    def _get_protection_text(self):
        return self.env._("What waits for signatures is kept by the system only.")

    # -- What it shows -----------------------------------------------------------------

    def _get_record(self):
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)

    @api.depends("arguments")
    def _compute_text(self):
        for request in self:
            request.text = request._get_text()

    def _get_text(self):
        """Return who signed, and what is missing, for people."""
        # sudo: names of signers and groups only
        record = self._get_record().sudo()
        if not record.exists():
            return False
        signatures = self.env["qms.signature"].sudo()
        pending = signatures._find_pending(record, self.action, self.arguments)
        slots = signatures._get_missing(record, self.action, self.arguments)
        label = record._qms_guarded_actions()[self.action]
        if not slots:
            return self.env._("%s: all have signed, press its button again", label)
        names = ", ".join(pending.mapped("user_name"))
        if not names:
            return self.env._(
                "%(action)s: to be signed by %(missing)s",
                action=label,
                missing=self._get_missing_text(slots),
            )
        return self.env._(
            "%(action)s: signed by %(names)s, waiting for %(missing)s",
            action=label,
            names=names,
            missing=self._get_missing_text(slots, more=True),
        )

    def _get_missing_text(self, slots, more=False):
        # sudo: the names of groups are no secret
        names = [(one.group.sudo() or one.user.sudo()).name for one in slots]
        return ", ".join(
            self.env._("%(number)s more of %(group)s", number=number, group=name)
            if more
            else self.env._("%(number)s of %(group)s", number=number, group=name)
            for name, number in Counter(names).items()
        )

    @api.depends_context("uid")
    @api.depends("group_ids", "signed_by_ids")
    def _compute_can_sign(self):
        user = self.env.user
        for request in self:
            # sudo: the groups and signers of a request are no secret
            asked = request.sudo()
            request.can_sign = bool(
                asked.group_ids & user.all_group_ids and user not in asked.signed_by_ids
            )

    def _search_can_sign(self, operator, value):
        if operator != "in":
            return NotImplemented
        user = self.env.user
        return [
            ("group_ids", "in", user.all_group_ids.ids),
            ("signed_by_ids", "not in", user.ids),
        ]

    # -- Asking ------------------------------------------------------------------------

    @api.model
    def _ask(self, records, action, arguments):
        """Write down that ``records`` wait for signatures, and tell who can sign.

        What was asked for before with other arguments is replaced: only what is asked
        for now can be signed.
        """
        # sudo and trusted: nobody writes this but the guard
        requests = trusted(self.sudo())
        known = {r.res_id: r for r in self._find(records, action)}
        for record in records:
            vals = self._prepare_request(record, action, arguments)
            if record.id in known:
                del vals["user_id"], vals["date"]
                trusted(known[record.id].sudo()).write(vals)
            else:
                requests.create(vals)
                self._tell(record, vals)

    @api.model
    def _find(self, records, action):
        # sudo: whoever acts need not read them
        return self.sudo().search(
            [
                ("res_model", "=", records._name),
                ("res_id", "in", records.ids),
                ("action", "=", action),
            ]
        )

    def _prepare_request(self, record, action, arguments):
        signatures = self.env["qms.signature"]
        slots = signatures._get_missing(record, action, arguments)
        signed = signatures._find_pending(record, action, arguments).user_id
        company = record.sudo().company_id if "company_id" in record._fields else False
        return {
            "res_model": record._name,
            "res_id": record.id,
            "record_name": record.display_name,
            "action": action,
            "arguments": arguments,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
            "group_ids": [
                fields.Command.set([slot.group.id for slot in slots if slot.group])
            ],
            "signed_by_ids": [fields.Command.set(signed.ids)],
            "company_id": company and company.id,
        }

    def _tell(self, record, vals):
        """Give an activity to those who can sign, where the model has activities."""
        if "activity_ids" not in record._fields:
            return
        groups = self.env["res.groups"].sudo().browse(vals["group_ids"][0][2])
        users = groups.all_user_ids.filtered(
            lambda user: user.active and user.id not in vals["signed_by_ids"][0][2]
        )
        if vals["company_id"]:
            users = users.filtered(
                lambda user: vals["company_id"] in user.company_ids.ids
            )
        label = record._qms_guarded_actions()[vals["action"]]
        for user in users - self.env.ref("base.user_root") - self.env.user:
            # sudo: the signer is told even by someone who may not plan for him
            record.sudo().activity_schedule(
                ACTIVITY, summary=self.env._("To sign: %s", label), user_id=user.id
            )

    @api.model
    def _tell_signed(self, records, action):
        """Tell who asked that everything is signed, and the action is his to run."""
        if "activity_ids" not in records._fields:
            return
        label = records._qms_guarded_actions()[action]
        for request in self._find(records, action):
            # sudo: the signer need not have the right to plan for who asked
            request._get_record().sudo().activity_schedule(
                ACTIVITY,
                summary=self.env._("All have signed: %s", label),
                user_id=request.user_id.id,
            )

    @api.model
    def _close(self, records, action):
        """The action ran: nothing is awaited any more."""
        trusted(self._find(records, action)).unlink()
        if "activity_ids" in records._fields:
            # sudo: the activities are those of others
            records.sudo().activity_unlink([ACTIVITY])

    def action_sign(self):
        """Open the signing dialog for these.

        :raise AccessError: if the user may not read them
        """
        self.ensure_one()
        return self._get_record()._qms_open_signing(self)
