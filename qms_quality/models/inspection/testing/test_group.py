from odoo import fields, models


class QmsTestGroup(models.Model):
    """What a test group decides, and what it shows the inspector."""

    _inherit = "qms.test.group"

    passed_status_id = fields.Many2one(
        "qms.inspection.status",
        string="Status when Passed",
        tracking=True,
        ondelete="restrict",
        help="Empty: goods that passed are released. A status that restricts something"
        " keeps holding them, such as Conditional release.",
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "qms_test_group_attachment_rel",
        "group_id",
        "attachment_id",
        string="Drawings and Documents",
        copy=False,
        help="Pictures and PDF files that are shown to the inspector.",
    )
