from odoo import api, fields, models


class QmsRecallNoticeReview(models.TransientModel):
    """The notices to customers, to be read before they are sent."""

    _name = "qms.recall.notice.review"
    _description = "Review of Recall Notices"

    line_ids = fields.One2many(
        "qms.recall.notice.review.line", "review_id", string="Notice"
    )

    @api.model
    def _open(self, customers):
        """Return the dialog for the notices to some customers.

        :param customers: ``qms.recall.customer``
        """
        review = self.create(
            {"line_ids": [(0, 0, {"customer_id": one.id}) for one in customers]}
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Review and Send"),
            "res_model": self._name,
            "res_id": review.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_send(self):
        """Send what was reviewed.

        :raise AccessError: if the user is no recall coordinator
        :raise UserError: names who is told already, and who has no address
        """
        self.ensure_one()
        self.line_ids.customer_id.action_tell()
        return {"type": "ir.actions.act_window_close"}
