from odoo import api, fields, models


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

    @api.model_create_multi
    def create(self, vals_list):
        groups = super().create(vals_list)
        groups._own_attachments()
        return groups

    def write(self, vals):
        res = super().write(vals)
        if "attachment_ids" in vals:
            self._own_attachments()
        return res

    def _own_attachments(self):
        """Take over files that were uploaded before the group was saved.

        A file of no record is read by nobody but who uploaded it.
        """
        for group in self:
            # sudo: others' files are only looked at
            files = group.sudo().attachment_ids.filtered(
                lambda one: not one.res_id and one.create_uid == self.env.user
            )
            files.with_env(self.env).write(
                {"res_model": group._name, "res_id": group.id}
            )
