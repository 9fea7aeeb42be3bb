from odoo import fields, models


class QmsNonconformance(models.Model):
    """A case can show that goods which left must be called back."""

    _inherit = "qms.nonconformance"

    qms_recall_ids = fields.One2many("qms.recall", "nonconformance_id", copy=False)
    # only a number: whoever reads cases may know that there is a recall
    qms_recall_count = fields.Integer(
        string="Recalls", compute="_compute_qms_recall_count", compute_sudo=True
    )

    def _compute_qms_recall_count(self):
        for case in self:
            case.qms_recall_count = len(case.qms_recall_ids)

    def action_recall(self):
        """Open the recall of this case; make it, with what the case knows, if none is.

        :return: action that opens the recall
        :raise AccessError: if the user is no recall coordinator
        """
        self.ensure_one()
        self.check_access("read")
        recall = self.qms_recall_ids[:1] or self._make_recall()
        return recall._get_records_action()

    def _make_recall(self):
        # create refuses who is no coordinator
        return self.env["qms.recall"].create(self._prepare_recall())

    def _prepare_recall(self):
        return {
            "subject": self.subject,
            "nonconformance_id": self.id,
            "company_id": self.company_id.id,
            "recall_class": "1" if self.severity == "3_critical" else "2",
            "scope": "lots" if self.lot_ids or not self.product_id else "product",
            "lot_ids": [(6, 0, self.lot_ids.ids)],
            "product_ids": [(6, 0, self.product_id.ids)],
        }

    def action_open_recalls(self):
        """Open the recalls of this case."""
        return self.qms_recall_ids._get_records_action(name=self.env._("Recalls"))
