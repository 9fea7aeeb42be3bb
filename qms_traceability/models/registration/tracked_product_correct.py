from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.qms_quality.models.evidence.content import ContentLine
from odoo.addons.qms_quality.models.number_text import format_quantity

from .mrp_production_tracked import WORKER


class QmsTrackedProduct(models.Model):
    """What a finished product has consumed is corrected, and signed by rule.

    The former registration stays, and says that it was corrected.
    """

    _inherit = "qms.tracked.product"

    @api.model
    def _qms_guarded_actions(self):
        return {
            **super()._qms_guarded_actions(),
            "correct": self.env._("Correct tracked components after closing"),
        }

    def _qms_signed_content(self, action, arguments):
        content = [
            *super()._qms_signed_content(action, arguments),
            self._prepare_signed_line("lot", self.env._("Finished"), self.lot_id.name),
        ]
        for change in arguments.get("changes") or []:
            one = self.env["qms.tracked.component"].browse(change["registration"])
            lot = self.env["stock.lot"].browse(change["lot"])
            quantity = format_quantity(self.env, change["quantity"])
            text = f"{one.lot_id.name} → {lot.name}: {quantity}"
            content.append(
                self._prepare_signed_line(f"change {one.id}", one.name, text)
            )
        reason = arguments.get("reason") or ""
        label = self.env._("Reason")
        return [*content, self._prepare_signed_line("reason", label, reason)]

    @api.model
    def _prepare_signed_line(self, name, label, text):
        return ContentLine(name, label, text, text)

    def _qms_check_correct(self, changes, reason):
        self.env.user._qms_check_group(WORKER)
        self.production_id.check_access("write")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the consumption is corrected."))
        for row in self:
            if row.state != "done":
                raise UserError(
                    self.env._("%s isn't finished yet.", row.lot_id.display_name)
                )
            row._check_changes(changes)

    def _check_changes(self, changes):
        for change in changes:
            one, lot, quantity = self._read_change(change)
            if one.tracked_product_id != self or one.state != "done":
                raise UserError(
                    self.env._("Somebody else has corrected it. Open it again.")
                )
            if lot.product_id != one.product_id:
                raise UserError(
                    self.env._(
                        "%(lot)s is no lot of %(product)s.",
                        lot=lot.name,
                        product=one.product_id.display_name,
                    )
                )
            one._check_quantity(lot, quantity)
            one._check_goods(lot, quantity)

    def _read_change(self, change):
        return (
            self.env["qms.tracked.component"].browse(change["registration"]).exists(),
            self.env["stock.lot"].browse(change["lot"]).exists(),
            change["quantity"],
        )

    def _qms_do_correct(self, changes, reason):
        for change in changes:
            one, lot, quantity = self._read_change(change)
            one._correct(lot, quantity, reason)
        self.sudo()._audit("correct", reason=reason)
