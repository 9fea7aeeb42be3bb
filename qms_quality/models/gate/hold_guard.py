from odoo import api, models
from odoo.exceptions import UserError

from ..evidence.content import ContentLine, field_line


class QmsHold(models.Model):
    """What rules of signature and approval can ask for before a hold is released."""

    _inherit = "qms.hold"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "release": self.env._("Release a hold"),
        }

    def _qms_check_release(self, reason=None, comment=None):
        """Refuse unless the user may release every hold, and each is still open.

        :raise AccessError, UserError: names the holds
        """
        self._check_release()
        released = self.filtered(lambda hold: hold.state != "open")
        if released:
            raise UserError(
                self.env._(
                    "These holds are released already: %(holds)s.",
                    holds=", ".join(released.mapped("name")),
                )
            )

    def _qms_signed_content(self, action, arguments):
        return [
            *super()._qms_signed_content(action, arguments),
            *(field_line(self, name) for name in self._get_signed_fields()),
            self._get_document_line(),
            *self._get_argument_lines(arguments),
        ]

    @api.model
    def _get_signed_fields(self):
        return [
            "name",
            "product_id",
            "lot_id",
            "location_id",
            "package_id",
            "status_id",
            "reason",
            "comment",
            "date_placed",
            "placed_by_id",
        ]

    def _get_document_line(self):
        label = self._fields["document_name"]._description_string(self.env)
        key = [self.res_model or None, self.res_id or None]
        return ContentLine("document", label, key, self.document_name or "")

    def _get_argument_lines(self, arguments):
        """Return why the hold is to be released, in the words of who asked."""
        labels = {
            "reason": self.env._("Reason of release"),
            "comment": self.env._("Comment on release"),
        }
        return [
            ContentLine(name, label, arguments[name], arguments[name])
            for name, label in labels.items()
            if arguments.get(name)
        ]
