from odoo import models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    """Taking the last scan back."""

    _inherit = "mrp.production"

    def qms_undo_scan(self, key):
        """Undo the user's last registration for this order.

        :param str key: an identifier of its own, so that it is undone once
        :return: as :meth:`qms_scan`
        :raise AccessError: if the user may not register for this order
        """
        self._qms_check_one()
        self._qms_check_tracker()
        key = self._qms_read_scan({"id": key, "code": "-", "mode": "product"})["id"]
        scans = self.env["qms.tracked.scan"]
        known = scans._find(key)
        if known:
            return self._qms_answer_again(known)
        version = self._qms_lock_tracking()
        last = scans._get_last(self._qms_get_group())
        try:
            answer = self._qms_undo(last)
        except UserError as refusal:
            answer = {"message": str(refusal), "outcome": "refused", "mode": "product"}
        scans._log(
            {
                "key": key,
                "production_id": self.id,
                "company_id": self.company_id.id,
                "mode": "undo",
                "code": last.code,
                "outcome": answer["outcome"],
                "message": answer["message"],
                "tracked_product_id": last.tracked_product_id.id,
                "tracked_component_id": last.tracked_component_id.id,
                "undoes_id": last.id if answer["outcome"] == "undone" else False,
            }
        )
        return {**self._qms_prepare_answer(**answer), "id": key, "version": version}

    def _qms_undo(self, scan):
        """Take back what a scan registered.

        :raise UserError: if that can't be undone any more
        """
        if not scan:
            raise UserError(self.env._("There is no scan of yours to undo."))
        reason = self.env._("Scan undone")
        row, registration = scan.tracked_product_id, scan.tracked_component_id
        if registration:
            registration._remove(reason)
            message = self.env._("%s is taken out again.", registration.lot_id.name)
        elif row.component_ids.filtered(lambda one: one.state == "open"):
            raise UserError(
                self.env._(
                    "%s has components already: remove it in View Associations.",
                    row.lot_id.name,
                )
            )
        else:
            row._remove(reason)
            message = self.env._("%s isn't registered any more.", row.lot_id.name)
        return {
            "row": row,
            "message": message,
            "outcome": "undone",
            "mode": "component" if registration else "product",
        }
