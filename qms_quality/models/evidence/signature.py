from odoo import api, fields, models


class QmsSignature(models.Model):
    """Who signed what, and what it meant."""

    _name = "qms.signature"
    _description = "Electronic Signature"
    _order = "id desc"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True, readonly=True
    )

    @api.model
    def _get_unsigned(self, records, action, arguments):
        """Return those of ``records`` that miss a signature for ``action``."""
        return records.browse()

    @api.model
    def _spend(self, records, action, arguments):
        """Use up the signatures that allow ``action``."""
