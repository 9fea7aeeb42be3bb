from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import groupby

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
            one, lot, quantity = self._read_change(change)
            amount = format_quantity(self.env, quantity)
            text = (
                f"{one.finished_lot_id.name}: {one.lot_id.name} → {lot.name}: {amount}"
            )
            name = f"change {one.id} {lot.id}"
            content.append(self._prepare_signed_line(name, one.name, text))
        reason = arguments.get("reason") or ""
        label = self.env._("Reason")
        return [*content, self._prepare_signed_line("reason", label, reason)]

    @api.model
    def _prepare_signed_line(self, name, label, text):
        return ContentLine(name, label, text, text)

    # -- Checking ----------------------------------------------------------------------

    def _qms_check_correct(self, changes, reason):
        self.env.user._qms_check_group(WORKER)
        corrections = [self._read_change(change) for change in changes]
        ones = self.env["qms.tracked.component"]._union(corrections)
        (self | ones.tracked_product_id)._check_correctable()
        if not (reason or "").strip():
            raise UserError(self.env._("Say why the consumption is corrected."))
        if not all(one for one, _lot, _quantity in corrections):
            self._refuse_changed()
        self._check_once(corrections)
        for correction in corrections:
            self._check_correction(*correction)
        ones._check_goods(corrections)

    def _check_correctable(self):
        self.production_id.check_access("write")
        for row in self:
            if row.state != "done":
                raise UserError(
                    self.env._("%s isn't finished yet.", row.lot_id.display_name)
                )

    def _check_once(self, corrections):
        """Refuse a lot that is named twice in place of one registration."""
        for (_one, lot), same in groupby(corrections, lambda change: change[:2]):
            if len(same) > 1:
                raise UserError(
                    self.env._(
                        "%s is there twice. Enter all of it in one line.", lot.name
                    )
                )

    def _check_correction(self, one, lot, quantity):
        row = one.tracked_product_id
        # what is guarded about this is guarded about what is corrected with it
        is_alike = (
            row.product_id == self.product_id and row.company_id == self.company_id
        )
        if not is_alike or one.state != "done":
            self._refuse_changed()
        if lot.product_id not in one._get_products():
            raise UserError(
                self.env._(
                    "%(lot)s is no lot of %(product)s, nor of a substitute that"
                    " %(order)s allows.",
                    lot=lot.name,
                    product=one.move_id.product_id.display_name,
                    order=one.production_id.name,
                )
            )
        one._check_quantity(lot, quantity)

    def _refuse_changed(self):
        raise UserError(self.env._("Somebody else has corrected it. Open it again."))

    @api.model
    def _read_change(self, change):
        return (
            self.env["qms.tracked.component"].browse(change["registration"]).exists(),
            self.env["stock.lot"].browse(change["lot"]).exists(),
            change["quantity"],
        )

    # -- Correcting --------------------------------------------------------------------

    def _qms_do_correct(self, changes, reason):
        corrections = [self._read_change(change) for change in changes]
        ones = self.env["qms.tracked.component"]._union(corrections)
        ones._correct(corrections, reason)
        (self | ones.tracked_product_id).sudo()._audit("correct", reason=reason)
