from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import is_trusted, trusted

EDITABLE = {"instructions", "criterion_ids"}
ADMINISTRATOR = "qms_quality.group_qrs_administrator"


class QmsQrsDocumentLine(models.Model):
    """What an order asks for is changed by a QRS administrator, until goods move."""

    _name = "qms.qrs.document.line"
    _inherit = ["qms.protected.mixin", "qms.qrs.document.line"]

    lock_reason = fields.Char(
        compute="_compute_lock_reason",
        help="Why these requirements can't be changed any more.",
    )

    @api.depends("res_model", "res_id")
    def _compute_lock_reason(self):
        moved = self._get_moved_keys()
        for copy in self:
            is_moved = (copy.res_model, copy.res_id) in moved
            copy.lock_reason = is_moved and copy._get_lock_text()

    def _get_moved_keys(self):
        """Return ``{(model, id)}`` of the order lines of which goods have moved."""
        moved = set()
        for model, copies in self.grouped("res_model").items():
            if model in self.env:
                # sudo: the order may be one that the reader of the copy can't open
                lines = self.env[model].sudo().browse(copies.mapped("res_id")).exists()
                moved.update((model, id_) for id_ in lines._qms_get_moved().ids)
        return moved

    def _get_lock_text(self):
        return {
            "purchase": self.env._("Locked: goods of this line were received."),
            "sales": self.env._("Locked: goods of this line were shipped."),
            "production": self.env._("Locked: goods of this line were made or used."),
        }[self.type]

    # -- Guard -------------------------------------------------------------------------

    @api.model
    def _get_protection_text(self):
        return self.env._(
            "Quality requirements come onto orders from the cards of the partner. Ask a"
            " QRS administrator to change them, or to add some, on the order line."
        )

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | EDITABLE

    def write(self, vals):
        if is_trusted(self.env) or not EDITABLE & vals.keys():
            return super().write(vals)
        self._check_edit()
        # criteria are guarded one by one: a command can name those of other orders
        res = super().write(vals)
        self._mark_updated()
        return res

    def _check_edit(self):
        """Refuse whoever is not an administrator, and changes after goods moved.

        :raise AccessError: to whoever is not a QRS administrator
        :raise UserError: names the order line, and says why it is locked
        """
        self._check_administrator()
        for copy in self:
            if copy.lock_reason:
                raise UserError(
                    self.env._(
                        "%(order)s, %(product)s: the requirements can't be changed any"
                        " more. %(reason)s",
                        order=copy.document_name,
                        product=copy.product_id.display_name,
                        reason=copy.lock_reason,
                    )
                )

    @api.model
    def _check_administrator(self):
        if not self.env.user.has_group(ADMINISTRATOR):
            raise AccessError(self._get_protection_text())

    def _mark_updated(self):
        """Note that a person changed these requirements."""
        marked = self.filtered(lambda copy: not copy.manually_updated or copy.notice)
        # trusted: the mark is nobody's to write
        trusted(marked).write({"manually_updated": True, "notice": False})
