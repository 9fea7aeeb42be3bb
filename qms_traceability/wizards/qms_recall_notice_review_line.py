from odoo import api, fields, models

from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsRecallNoticeReviewLine(models.TransientModel):
    """One of the notices."""

    _name = "qms.recall.notice.review.line"
    _description = "Recall Notice to Review"

    review_id = fields.Many2one(
        "qms.recall.notice.review", required=True, index=True, ondelete="cascade"
    )
    customer_id = fields.Many2one(
        "qms.recall.customer", required=True, index=True, ondelete="cascade"
    )
    partner_name = fields.Char(related="customer_id.partner_name", related_sudo=False)
    contact_id = fields.Many2one(related="customer_id.contact_id", related_sudo=False)
    email = fields.Char(related="customer_id.email", related_sudo=False)
    lang = fields.Selection(related="customer_id.lang", related_sudo=False)
    goods = fields.Char(compute="_compute_mail")
    subject = fields.Char(compute="_compute_mail")
    body = fields.Html(compute="_compute_mail", sanitize=False)

    @api.depends("customer_id")
    def _compute_mail(self):
        template = self.env.ref("qms_traceability.mail_template_recall_notice")
        customers = self.customer_id
        subjects = template._render_field("subject", customers.ids, compute_lang=True)
        for line in self:
            customer = line.customer_id
            line.body = customer.preview
            line.subject = subjects[customer.id]
            line.goods = ", ".join(
                f"{one._get_label()}: {format_quantity(self.env, one.delivered)}"
                f" {one.uom_name}"
                for one in customer._get_told_lines()
            )
