from odoo import api, fields, models


class QmsApproval(models.Model):
    """What was asked of others, and what they said."""

    _name = "qms.approval"
    _description = "Approval"
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )

    @api.model
    def _get_waiting(self, records, action, arguments):
        """Return those of ``records`` that wait for approval; ask for it if new."""
        return records.browse()

    @api.model
    def _spend(self, records, action, arguments):
        """Use up the approvals that allow ``action``."""

    @api.model
    def _prepare_waiting_message(self, records, action):
        """Return the client action that says whom ``records`` wait for, or nothing."""
