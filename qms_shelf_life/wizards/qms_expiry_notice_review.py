from odoo import api, fields, models


class QmsExpiryNoticeReview(models.TransientModel):
    """The mails that notices make, to be read before they are sent."""

    _name = "qms.expiry.notice.review"
    _description = "Review of Notices to Customers"

    line_ids = fields.One2many("qms.expiry.notice.review.line", "review_id")

    @api.model
    def _make(self, notices):
        """Return the dialog for the mails of some notices."""
        mains = notices._get_mains()
        return self.create(
            {"line_ids": [(0, 0, {"notice_id": main.id}) for main in mains]}
        )

    def action_send(self):
        """Send what was reviewed.

        :raise AccessError: if the user is no manager of shelf life or sales
        :raise UserError: names what is sent already, and customers without address
        """
        self.ensure_one()
        self.line_ids.notice_id.action_send()
        return {"type": "ir.actions.act_window_close"}
