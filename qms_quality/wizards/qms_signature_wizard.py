from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.sentinel import is_trusted, trusted

OWN_FIELDS = {"meaning_id", "comment", "method"}


class QmsSignatureWizard(models.TransientModel):
    """Shows what is signed, and asks the signer to prove himself.

    The credential is an argument of :meth:`action_sign`: it is in no column, not even
    of this dialog. The fields for it are only what the form shows.
    """

    _name = "qms.signature.wizard"
    _description = "Sign"

    res_model = fields.Char(readonly=True)
    action = fields.Char(readonly=True)
    arguments = fields.Json(readonly=True)
    shown = fields.Json(
        readonly=True, help="Each record with its name, content and hash, as shown."
    )
    title = fields.Char(compute="_compute_shown")
    content_html = fields.Html(compute="_compute_shown", sanitize=False)
    signer = fields.Char(compute="_compute_signer")
    meaning_id = fields.Many2one(
        "qms.signature.meaning",
        string="It means",
        domain="[('id', 'in', allowed_meaning_ids)]",
    )
    allowed_meaning_ids = fields.Many2many(
        "qms.signature.meaning", compute="_compute_asked"
    )
    comment_required = fields.Boolean(compute="_compute_asked")
    comment = fields.Text()
    method = fields.Selection(
        [
            ("password", "Password"),
            ("pin", "Signing PIN"),
            ("passkey", "Passkey"),
        ],
        string="Sign with",
    )
    methods = fields.Json(compute="_compute_signer")
    has_choice = fields.Boolean(compute="_compute_signer")
    needs_login = fields.Boolean(compute="_compute_signer")
    needs_code = fields.Boolean(compute="_compute_signer")
    needs_mailed_code = fields.Boolean(compute="_compute_signer")
    # never stored: typed here, sent as an argument
    login = fields.Char(store=False)
    secret = fields.Char(string="Password", store=False)
    pin = fields.Char(string="Signing PIN", store=False)
    code = fields.Char(store=False)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_trusted()
        return super().create(vals_list)

    def write(self, vals):
        if set(vals) - OWN_FIELDS - {"login", "secret", "pin", "code"}:
            self._check_trusted()
        # what proves the signer goes no further
        return super().write({name: vals[name] for name in OWN_FIELDS & set(vals)})

    def _check_trusted(self):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._("What is to be signed is shown by the system only.")
            )

    # -- Opening -----------------------------------------------------------------------

    @api.model
    def _open(self, records, action, arguments):
        """Return the dialog that asks the user to sign, or says who else must.

        :param records: guarded records that miss a signature
        :param str action: one of their guarded actions
        :param dict arguments: what the action is called with
        """
        signable = records.filtered(
            lambda record: self._get_slots(record, action, arguments)
        )
        others = records - signable
        if others:
            self.env["qms.signature.request"]._ask(others, action, arguments)
        if not signable:
            return self._prepare_waiting(others, action)
        return self._make(signable, action, arguments)._get_action()

    def _make(self, records, action, arguments):
        # sudo and trusted: what is shown can't be written by who signs it
        wizard = trusted(self.sudo()).create(
            {
                "res_model": records._name,
                "action": action,
                "arguments": arguments,
                "shown": [self._show(record, action, arguments) for record in records],
                "method": self.env.user._qms_get_signing_methods()[0],
            }
        )
        wizard = self.browse(wizard.id)
        trusted(wizard.sudo()).meaning_id = wizard._get_default_meaning()
        return wizard

    def _show(self, record, action, arguments):
        return {
            "id": record.id,
            "name": record.display_name,
            "hash": record._qms_content_hash(action, arguments),
            "lines": [
                [line.label, line.text]
                for line in record._qms_content(action, arguments)
            ],
        }

    def _get_default_meaning(self):
        meanings = (slot.meanings for slots in self._get_all_slots() for slot in slots)
        return next(filter(None, meanings), self.env["qms.signature.meaning"])[:1]

    def _prepare_waiting(self, records, action):
        """Return the message that says whose signatures are missing."""
        requests = self.env["qms.signature.request"]._find(records, action)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "title": self.env._("Signatures are missing"),
                "message": "\n".join(
                    f"{one.record_name}: {one.text}" for one in requests
                ),
                "sticky": True,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    # -- What it shows -----------------------------------------------------------------

    @api.depends("shown")
    def _compute_shown(self):
        render = self.env["qms.signature"]._render_content
        head = Markup("<h4 class='mt-3'>%s</h4>")
        for wizard in self:
            shown = wizard.shown or []
            wizard.title = ", ".join(one["name"] for one in shown)
            wizard.content_html = Markup().join(
                head % one["name"] + render(one["lines"]) for one in shown
            )

    @api.depends_context("uid")
    @api.depends("shown")
    def _compute_signer(self):
        user = self.env.user
        methods = user._qms_get_signing_methods()
        for wizard in self:
            wizard.signer = user.name
            wizard.methods = methods
            wizard.has_choice = len(methods) > 1
            wizard.needs_login = user._qms_needs_login()
            wizard.needs_code = bool(user._mfa_type())
            wizard.needs_mailed_code = user._qms_needs_mailed_code()

    @api.depends_context("uid")
    @api.depends("shown")
    def _compute_asked(self):
        every = self.env["qms.signature.meaning"].search([])
        for wizard in self:
            asked = wizard._get_all_slots()
            wizard.allowed_meaning_ids = every.filtered(
                lambda meaning, asked=asked: all(
                    any(slot.takes_meaning(meaning) for slot in slots)
                    for slots in asked
                )
            )
            wizard.comment_required = any(
                all(slot.comment_required for slot in slots) for slots in asked if slots
            )

    def _get_records(self):
        self.ensure_one()
        ids = [one["id"] for one in self.shown or []]
        return self.env[self.res_model].browse(ids).exists()

    @api.model
    def _get_slots(self, record, action, arguments):
        """Return the slots that a signature of the current user would count for."""
        return self.env["qms.signature"]._get_open_slots(
            record, action, arguments, self.env.user
        )

    def _get_all_slots(self):
        """Return the slots that he would sign for, a list for each record."""
        if not self.shown:
            return []
        return [
            self._get_slots(record, self.action, self.arguments or {})
            for record in self._get_records()
        ]

    # -- Signing -----------------------------------------------------------------------

    def action_mail_code(self):
        """Mail the signer the code that is his second factor, and show the dialog.

        :return: action
        :raise UserError: if his second factor is another, or he has no address
        """
        self.ensure_one()
        user = self.env.user
        if not user._qms_needs_mailed_code():
            raise UserError(self.env._("You sign without a code from a mail."))
        user._send_totp_mail_code()
        return self._get_action()

    def _get_action(self):
        labels = self.env[self.res_model]._qms_guarded_actions()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Sign: %s", labels[self.action]),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_sign(self, credential=None):
        """Sign, and run what was asked for where nothing else is missing.

        :param dict credential: ``method`` (``password``, ``pin`` or ``passkey``) and
            the texts ``login``, ``secret`` and ``code``
        :return: a client action
        :raise AccessError: if the dialog is another's, or the user may not sign
        :raise UserError: if the content has changed, or the credential is wrong
        """
        self.ensure_one()
        records = self._get_records()
        self._check_sign(records)
        method = self.env.user._qms_verify_signer(credential)
        self._sign(records, method)
        return self._go_on(records) or {"type": "ir.actions.act_window_close"}

    def _check_sign(self, records):
        if self.sudo().create_uid != self.env.user or not self.shown:
            raise AccessError(
                self.env._("This was shown to somebody else: press the button again.")
            )
        records.check_access("read")
        if len(records) != len(self.shown) or self._get_changed(records):
            raise UserError(
                self.env._(
                    "What you were shown has changed meanwhile: %s. Close this, look"
                    " at it again, and sign what is there now.",
                    ", ".join(self._get_changed(records).mapped("display_name"))
                    or self.title,
                )
            )
        for record in records:
            self._check_counts(record)

    def _get_changed(self, records):
        hashes = {one["id"]: one["hash"] for one in self.shown}
        return records.filtered(
            lambda record: (
                record._qms_content_hash(self.action, self.arguments or {})
                != hashes[record.id]
            )
        )

    def _check_counts(self, record):
        """Refuse a signature that no rule asks for, or that wouldn't count."""
        slots = self._get_slots(record, self.action, self.arguments or {})
        if not slots:
            raise AccessError(
                self.env._("Your signature isn't asked for on %s.", record.display_name)
            )
        if not self.meaning_id:
            raise UserError(self.env._("Choose what your signature means."))
        fitting = [slot for slot in slots if slot.takes_meaning(self.meaning_id)]
        if not fitting:
            raise UserError(
                self.env._(
                    "A signature on %(record)s can't mean “%(meaning)s”.",
                    record=record.display_name,
                    meaning=self.meaning_id.name,
                )
            )
        if not self.comment and all(slot.comment_required for slot in fitting):
            raise UserError(self.env._("Enter a comment: the rule asks for one."))

    def _sign(self, records, method):
        """Write the signatures down, one for each record."""
        shown = {one["id"]: one for one in self.shown}
        # sudo and trusted: signatures come from here only
        signatures = trusted(self.env["qms.signature"].sudo()).create(
            [self._prepare_signature(r, shown[r.id], method) for r in records]
        )
        for record, signature in zip(records, signatures, strict=True):
            line = (
                signature.action_label,
                False,
                f"{signature.meaning}: {signature.user_name}, "
                f"SHA-256 {signature.content_hash}",
            )
            self.env["qms.audit.entry"]._log(
                record, "sign", {record.id: [line]}, signature.comment
            )

    def _prepare_signature(self, record, shown, method):
        user = self.env.user
        company = record.sudo().company_id if "company_id" in record._fields else False
        return {
            "user_id": user.id,
            "user_name": user.name,
            "user_title": user.partner_id.function,
            "meaning_id": self.meaning_id.id,
            "meaning": self.meaning_id.name,
            "comment": self.comment,
            "res_model": record._name,
            "res_id": record.id,
            "record_name": shown["name"],
            "action": self.action,
            "action_label": record._qms_guarded_actions()[self.action],
            "arguments": self.arguments or {},
            "content_hash": shown["hash"],
            "content": shown["lines"],
            "method": method,
            "company_id": company and company.id,
        }

    def _go_on(self, records):
        """Run the action where all signatures are there; ask for the rest elsewhere."""
        action, arguments = self.action, self.arguments or {}
        missing = self.env["qms.signature"]._get_unsigned(records, action, arguments)
        todo = None
        if missing:
            self.env["qms.signature.request"]._ask(missing, action, arguments)
            todo = self._prepare_waiting(missing, action)
        done = records - missing
        return self._run(done) or todo if done else todo

    def _run(self, records):
        """Run the action with the signer's own rights.

        Who may sign need not be one who may act. Then who asked presses his button
        again, and finds everything signed.
        """
        try:
            with self.env.cr.savepoint():
                return records._qms_guarded(self.action, **(self.arguments or {}))
        except AccessError:
            requests = self.env["qms.signature.request"]
            requests._ask(records, self.action, self.arguments or {})
            requests._tell_signed(records, self.action)
            return self._prepare_waiting(records, self.action)
