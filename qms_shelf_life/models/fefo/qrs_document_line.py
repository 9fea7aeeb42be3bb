from odoo import models

PERSONAL = {"fefo", "fifo"}


class QmsQrsDocumentLine(models.Model):
    """What was never to go back doesn't go back when requirements are ignored."""

    _inherit = "qms.qrs.document.line"

    def _qms_get_strict(self):
        """Keep what blocks by what was delivered before, on ignored lines too."""
        ignored = self.filtered("is_ignored")
        return super()._qms_get_strict() | ignored.criterion_ids.filtered(
            lambda one: one._qms_is_kept()
        )

    def _qms_get_moved_products(self):
        """Return the products of the goods of this order line: a kit has several."""
        line = self.env[self.res_model].browse(self.res_id).exists()
        moves = line.move_ids if "move_ids" in line else self.env["stock.move"]
        return self.product_id | moves.product_id


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    def _qms_get_products(self):
        """Return the products that this line of a card is about."""
        return self.env["product.product"].search(self._get_product_domain())


class QmsCriterionMixin(models.AbstractModel):
    _inherit = "qms.criterion.mixin"

    def _qms_is_kept(self):
        """Tell whether ignoring the requirements doesn't lift this."""
        return self.kind in PERSONAL and self.departure == "blocked"


class StockMove(models.Model):
    _inherit = "stock.move"

    def _qms_get_short_unmet(self, judgement):
        criterion = judgement.criterion
        if not (criterion._qms_is_kept() and criterion.line_id.is_ignored):
            return super()._qms_get_short_unmet(judgement)
        return self.env._(
            "%(what)s: %(found)s",
            what=criterion._get_subject(),
            found=judgement.found,
        )


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _qms_get_unmet_advice(self, judgements):
        """Don't advise to ignore what isn't lifted by that."""
        criteria = [judgement.criterion for judgement in judgements]
        fixed = [one for one in criteria if one._qms_is_kept() or not one.line_id]
        if len(fixed) < len(criteria):
            return super()._qms_get_unmet_advice(judgements)
        return self.env._(
            "Take other goods, or have a QRS administrator change the requirements of"
            " the order line."
        )
