from odoo import models
from odoo.exceptions import RedirectWarning, UserError


class QmsApproval(models.Model):
    """What everybody agreed to is done at once."""

    _inherit = "qms.approval"

    def _run(self):
        """Do what everybody agreed to, for who asked; if it can't be done, tell him."""
        for approval in self:
            try:
                with self.env.cr.savepoint():
                    approval._run_action()
            except (UserError, RedirectWarning) as error:
                approval._tell_not_run(str(error.args[0]))
            else:
                if approval.sudo().state != "used":
                    approval._tell_not_run(self.env._("A signature is missing."))

    def _run_action(self):
        record = self._get_record_of_requester()
        arguments = self.sudo().arguments or {}
        if self.sudo().is_direct:
            record._qms_guarded(self.action, **arguments)
            return
        # the right to it was checked where it was asked for
        ready = record._qms_let_pass(self.action, **arguments)
        getattr(ready, f"_qms_do_{self.action}")(**arguments)

    def _get_record_of_requester(self):
        """Return the record as who asked sees it: with his rights, and no others."""
        approval = self.sudo()
        user = approval.requester_id
        if not user.active and user._is_human():
            raise UserError(self.env._("%s can't log in any more.", user.name))
        company = approval.company_id or user.company_id
        context = {"lang": user.lang, "tz": user.tz}
        context["allowed_company_ids"] = company.ids
        env = self.env(user=user.id, context=context, su=False)
        return env[approval.res_model].browse(approval.res_id)
