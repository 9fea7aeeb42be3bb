from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sentinel import is_trusted


class QmsDutyProof(models.Model):
    """The proof that a duty was done: by whom, when, and what shows it."""

    _name = "qms.duty.proof"
    _description = "Proof of a Duty"
    _inherit = ["qms.proof.files.mixin", "qms.audit.mixin"]
    _order = "date_proved desc, id desc"

    duty_id = fields.Many2one(
        "qms.duty", required=True, index=True, ondelete="restrict"
    )
    date_due = fields.Date(string="Was Due", readonly=True)
    date_proved = fields.Datetime(string="Proved on", readonly=True)
    user_id = fields.Many2one("res.users", string="By", readonly=True)
    text = fields.Text(string="What Shows It")
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "qms_duty_proof_attachment_rel",
        "proof_id",
        "attachment_id",
        string="Files",
    )
    is_late = fields.Boolean(string="Late", readonly=True)
    company_id = fields.Many2one(
        related="duty_id.company_id", store=True, index=True, precompute=True
    )

    @api.depends("duty_id", "date_proved")
    def _compute_display_name(self):
        for proof in self:
            proof.display_name = proof.duty_id.name

    @api.model_create_multi
    def create(self, vals_list):
        """Keep proofs, and set the next day of their duties.

        :raise AccessError: if somebody else is responsible
        :raise UserError: if there is neither a text nor a file
        """
        proofs = super().create([self._prepare_own_values(vals) for vals in vals_list])
        proofs.duty_id._check_owner()
        proofs._check_shown()
        for proof in proofs:
            proof.duty_id._take(proof)
        return proofs

    def _prepare_own_values(self, vals):
        """Return what the user says, and who says it when."""
        duty = self.env["qms.duty"].browse(vals.get("duty_id"))
        today = fields.Date.context_today(self)
        return {
            **vals,
            "date_due": duty.date_next,
            "date_proved": fields.Datetime.now(),
            "user_id": self.env.uid,
            "is_late": bool(duty.date_next and duty.date_next < today),
        }

    def _check_shown(self):
        for proof in self:
            if not (proof.text or "").strip() and not proof.attachment_ids:
                raise UserError(
                    self.env._(
                        "%s: say what shows it, or attach a file.", proof.duty_id.name
                    )
                )

    def write(self, vals):
        if not is_trusted(self.env):
            self._refuse()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not is_trusted(self.env):
            self._refuse()

    def _refuse(self):
        raise UserError(
            self.env._(
                "A proof stays as it was given: %s. Give another one.",
                ", ".join(self.mapped("display_name")),
            )
        )
