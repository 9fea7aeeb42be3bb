from odoo import models


class QmsAuditMixin(models.AbstractModel):
    """Gives a model its audit trail."""

    _name = "qms.audit.mixin"
    _description = "Audited Record"

    def _audit(self, event, changes=None, reason=None):
        """Write one audit entry per record and change.

        :param str event: what happened, in a word
        :param dict changes: ``{field name: (old, new)}``, readable values, the same
            for every record; or nothing
        :param str reason: why
        """
        rows = [
            (self._fields[name]._description_string(self.env), old, new)
            for name, (old, new) in (changes or {}).items()
        ]
        self.env["qms.audit.entry"]._log(
            self, event, dict.fromkeys(self.ids, rows), reason
        )

    def action_open_audit(self):
        """Open the audit trail of these records."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Audit Trail"),
            "res_model": "qms.audit.entry",
            "view_mode": "list,form",
            "domain": [("res_model", "=", self._name), ("res_id", "in", self.ids)],
        }
