from odoo import models


class QmsHold(models.Model):
    _inherit = "qms.hold"

    def _prepare_child_lot(self, child):
        """Return the values of the same hold on a lot that was split off."""
        self.ensure_one()
        root = self.root_id or self
        return {
            "product_id": self.product_id.id,
            "lot_id": child.id,
            "location_id": self.location_id.id,
            "package_id": self.package_id.id,
            "status_id": self.status_id.id,
            "reason": root.reason,
            "comment": root.comment,
            "res_model": root.res_model,
            "res_id": root.res_id,
            "date_placed": self.date_placed,
            "date_term": self.date_term,
            "next_status_id": self.next_status_id.id,
            "company_id": self.company_id.id,
        }
