from odoo import api, fields, models


class QmsExpiryNoticeReviewLine(models.TransientModel):
    """One of the mails."""

    _name = "qms.expiry.notice.review.line"
    _description = "Mail to a Customer about Goods near their Date"

    review_id = fields.Many2one(
        "qms.expiry.notice.review", required=True, index=True, ondelete="cascade"
    )
    notice_id = fields.Many2one(
        "qms.expiry.notice", required=True, index=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="notice_id.partner_id", related_sudo=False)
    email = fields.Char(related="notice_id.email", related_sudo=False)
    kind = fields.Selection(related="notice_id.kind", related_sudo=False)
    lot_names = fields.Char(string="Lots", compute="_compute_mail")
    subject = fields.Char(compute="_compute_mail")
    body = fields.Html(compute="_compute_mail", sanitize=False)

    @api.depends("notice_id")
    def _compute_mail(self):
        template = self.env.ref("qms_shelf_life.mail_template_expiry_notice")
        for line in self:
            notice = line.notice_id
            line.body = notice.preview
            line.subject = template._render_field(
                "subject", notice.ids, compute_lang=True
            ).get(notice.id)
            # sudo: who tells customers need not have rights in Inventory
            line.lot_names = ", ".join(notice._get_told().sudo().lot_id.mapped("name"))
