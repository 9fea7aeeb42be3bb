from collections import defaultdict

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import format_datetime

from ..sentinel import is_trusted

SPENDING = {"is_spent", "date_spent"}
METHODS = [
    ("password", "Password"),
    ("password_totp", "Password and authenticator"),
    ("password_mail", "Password and mailed code"),
    ("passkey", "Passkey"),
    ("pin", "Signing PIN"),
]


class QmsSignature(models.Model):
    """Who signed what, and what it meant. Never changed; it allows its action once.

    21 CFR 11.50 asks for the signer's printed name, the date and time, and the meaning;
    11.70 that a signature can't be cut off its record and put on another: it holds for
    the content that was shown, by its hash.
    """

    _name = "qms.signature"
    _description = "Electronic Signature"
    _order = "id desc"
    _rec_name = "record_name"
    _log_access = False

    user_id = fields.Many2one(
        "res.users", string="Signer", required=True, readonly=True, ondelete="restrict"
    )
    user_name = fields.Char(
        string="Signed by",
        required=True,
        readonly=True,
        help="The printed name at that time.",
    )
    user_title = fields.Char(
        string="Title", readonly=True, help="The signer's job position at that time."
    )
    meaning_id = fields.Many2one(
        "qms.signature.meaning",
        string="Meaning in the List",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    meaning = fields.Char(required=True, readonly=True)
    comment = fields.Text(readonly=True)
    date = fields.Datetime(
        string="Signed on", required=True, readonly=True, default=fields.Datetime.now
    )
    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )
    record_name = fields.Char(string="Record", required=True, readonly=True)
    action = fields.Char(string="Technical Action", required=True, readonly=True)
    action_label = fields.Char(string="Action", required=True, readonly=True)
    arguments = fields.Json(readonly=True)
    content_hash = fields.Char(required=True, readonly=True)
    content = fields.Json(readonly=True, help="What was shown to the signer.")
    content_html = fields.Html(
        string="What was signed", compute="_compute_content_html", sanitize=False
    )
    method = fields.Selection(METHODS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, ondelete="restrict")
    is_spent = fields.Boolean(
        string="Used", readonly=True, help="A signature allows its action once."
    )
    date_spent = fields.Datetime(string="Used on", readonly=True)
    state = fields.Selection(
        [("valid", "Valid"), ("broken", "Broken")],
        compute="_compute_state",
        help="Broken: what was signed has changed since.",
    )

    _record_idx = models.Index("(res_model, res_id, action)")

    def init(self):
        result = super().init()
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION qms_signature_refuse() RETURNS trigger AS $$
            BEGIN
                IF TG_OP = 'UPDATE' THEN
                    IF NEW.is_spent AND NOT COALESCE(OLD.is_spent, FALSE)
                       AND to_jsonb(NEW) - 'is_spent' - 'date_spent'
                         = to_jsonb(OLD) - 'is_spent' - 'date_spent'
                    THEN
                        RETURN NEW;
                    END IF;
                END IF;
                RAISE EXCEPTION 'qms_signature is append-only: % refused', TG_OP
                    USING ERRCODE = 'insufficient_privilege';
            END
            $$ LANGUAGE plpgsql;
            CREATE OR REPLACE TRIGGER qms_signature_append_only
                BEFORE UPDATE OR DELETE ON qms_signature
                FOR EACH ROW EXECUTE FUNCTION qms_signature_refuse();
            CREATE OR REPLACE TRIGGER qms_signature_no_truncate
                BEFORE TRUNCATE ON qms_signature
                FOR EACH STATEMENT EXECUTE FUNCTION qms_signature_refuse();
            """
        )
        return result

    # -- Written by the signing dialog only --------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not is_trusted(self.env):
            raise AccessError(
                self.env._(
                    "A signature is given in the signing dialog only, with the signer's"
                    " own credential."
                )
            )
        return super().create(vals_list)

    def write(self, vals):
        if not (is_trusted(self.env) and set(vals) <= SPENDING):
            raise AccessError(self.env._("A signature can't be changed, by anyone."))
        return super().write(vals)

    # pylint: disable=method-required-super
    def unlink(self):
        raise AccessError(self.env._("A signature can't be deleted, by anyone."))

    # -- What it shows -----------------------------------------------------------------

    @api.depends("content_hash")
    def _compute_state(self):
        for model, signatures in self.grouped("res_model").items():
            known = model in self.env
            # sudo: whether the content changed doesn't depend on who looks
            records = known and self.env[model].sudo().browse(
                signatures.mapped("res_id")
            )
            ids = set(records.exists().ids) if known else set()
            for one in signatures:
                intact = one.res_id in ids and one._is_intact()
                one.state = "valid" if intact else "broken"

    def _is_intact(self):
        """Tell whether the record's content is what was signed."""
        self.ensure_one()
        # sudo: whether the content changed doesn't depend on who looks
        record = self.env[self.res_model].sudo().browse(self.res_id)
        if self.action not in record._qms_guarded_actions():
            return False
        found = record._qms_content_hash(self.action, self.arguments or {})
        return found == self.content_hash

    @api.depends("content")
    def _compute_content_html(self):
        for signature in self:
            signature.content_html = self._render_content(signature.content or [])

    @api.model
    def _render_content(self, lines):
        """Return what is signed as a table.

        :param list lines: ``[label, text]`` of each line
        """
        row = Markup("<tr><td class='text-muted'>%s</td><td>%s</td></tr>")
        return Markup("<table class='table table-sm mb-0'>%s</table>") % Markup().join(
            row % (label, text or "") for label, text in lines
        )

    @api.model
    def _get_of(self, keys):
        """Return ``{(res_model, res_id): signatures}``, also of deleted records.

        :param keys: ``(res_model, res_id)`` of each record
        """
        ids = defaultdict(list)
        for model, res_id in keys:
            ids[model].append(res_id)
        found = self.search(
            Domain.OR(
                Domain("res_model", "=", model) & Domain("res_id", "in", some)
                for model, some in ids.items()
            )
        )
        return found.grouped(lambda one: (one.res_model, one.res_id))

    def _get_date_text(self):
        """Return when it was signed, with the time zone: for prints."""
        self.ensure_one()
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        # the month in letters: this is read in any country
        moment = format_datetime(self.env, self.date, zone, "dd MMM yyyy HH:mm:ss")
        return f"{moment} ({zone})"

    def action_open_record(self):
        """Open what was signed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "view_mode": "form",
        }
