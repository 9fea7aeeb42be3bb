from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from ...sentinel import trusted

GROUP = "qms_quality.group_qrs_ignore"


class QmsQrsDocumentLine(models.Model):
    """*Ignore QRS*: goods that don't meet an order line's requirements go all the same.

    A right of its own, for one order line, with a reason. It never lifts a hold, and
    what departs is still recorded: as intended.
    """

    _inherit = "qms.qrs.document.line"

    def action_ignore(self, reason=None):
        """Let goods go that don't meet these requirements.

        :param str reason: why; asked in a dialog where there is none
        :return: action, or nothing
        :raise AccessError: for whoever lacks the right to
        :raise UserError: if they are ignored already, or for the wrong type
        """
        self._check_ignore()
        if not self._is_reason(reason):
            return self.env["qms.qrs.ignore"]._open(self)
        return self._ignore(reason.strip())

    def _check_ignore(self):
        self._check_ignore_right()
        if not self:
            raise UserError(self.env._("Choose the order lines to ignore it for."))
        ignored = self.filtered("is_ignored")
        if ignored:
            raise UserError(
                self.env._(
                    "These requirements are ignored already: %(names)s.",
                    names=ignored._get_ignored_names(),
                )
            )

    def _check_ignore_right(self):
        self.check_access("read")
        if not self.env.user.has_group(GROUP):
            raise AccessError(
                self.env._(
                    "Requirements are ignored by members of “%(group)s” only. Ask one"
                    " of them, or take goods that meet them.",
                    group=self.env.ref(GROUP).sudo().display_name,
                )
            )

    def _is_reason(self, reason):
        return isinstance(reason, str) and bool(reason.strip())

    def _get_ignored_names(self):
        return ", ".join(
            " · ".join(
                name
                for name in (copy.document_name, copy.product_id.display_name)
                if name
            )
            for copy in self
        )

    def _ignore(self, reason):
        # sudo: the right is to ignore them, not to write them
        copies = trusted(self.sudo())
        copies.write(
            {
                "is_ignored": True,
                "ignore_reason": reason,
                "ignored_by_id": self.env.uid,
                "ignored_date": fields.Datetime.now(),
            }
        )
        copies._audit("ignore", reason=reason)

    def action_heed(self):
        """Take back that these requirements are ignored.

        What was taken already stays taken; what is posted is checked again.

        :raise AccessError: for whoever lacks the right to ignore them
        """
        self._check_ignore_right()
        self._heed()

    def _heed(self):
        # sudo: see _ignore
        copies = trusted(self.sudo().filtered("is_ignored"))
        copies.write(
            {
                "is_ignored": False,
                "ignore_reason": False,
                "ignored_by_id": False,
                "ignored_date": False,
            }
        )
        copies._audit("heed")

    def _get_ignored_text(self):
        """Return what is ignored: each order line, and what it asks for."""
        rows = []
        for copy in self.sudo():
            rows.append(copy._get_ignored_names())
            rows += [f"- {one._get_expected_text()}" for one in copy.criterion_ids]
        return "\n".join(rows)
