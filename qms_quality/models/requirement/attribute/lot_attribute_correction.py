from odoo import models
from odoo.exceptions import AccessError, UserError

from ...sentinel import trusted
from .attribute import VALUE_FIELDS

DECIDING = ("qms_quality.group_quality_manager", "qms_quality.group_qrs_administrator")


class QmsLotAttribute(models.Model):
    """What a test said is changed by who may decide, and with a reason."""

    _inherit = "qms.lot.attribute"

    def action_open_correction(self):
        """Ask for the right value and the reason.

        :return: the action that opens the dialog
        :raise AccessError: unless the user is a quality manager or QRS administrator
        """
        self.ensure_one()
        self._check_may_correct()
        vals = {
            name: self._fields[name].convert_to_write(self[name], self)
            for name in VALUE_FIELDS.values()
        }
        wizard = self.env["qms.lot.attribute.correction"].create(
            {"row_id": self.id, "attribute_id": self.attribute_id.id, **vals}
        )
        return wizard._get_records_action(
            name=self.env._("Correct %s", self.attribute_id.name),
            target="new",
            views=[(False, "form")],
        )

    def _correct(self, value, reason):
        """Replace a value, or take it away. The caller has checked the rights.

        :param value: see ``qms.attribute._qms_check_value``; ``None`` for no value
        :param str reason: for the trail
        :raise UserError: without a reason
        :raise ValidationError: if the attribute doesn't take the value
        """
        self.ensure_one()
        if not (reason or "").strip():
            raise UserError(
                self.env._(
                    "%s comes from a test. Say why it is changed.", self.display_name
                )
            )
        # sudo: a quality manager changes what he may not write by hand
        row = trusted(self.sudo())
        self._audit("correct", reason=reason)
        if value is None:
            row.unlink()
        else:
            vals = self._qms_prepare_value(self.attribute_id, value)
            row.write({**vals, "source": "correction"})

    def _check_may_correct(self):
        user = self.env.user
        if not any(user.has_group(group) for group in DECIDING):
            raise AccessError(
                self.env._(
                    "%s comes from a test. Only a quality manager or a QRS"
                    " administrator can change it.",
                    self.display_name,
                )
            )
        self.check_access("read")
