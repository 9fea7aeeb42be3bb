from odoo import models

from ...number_text import format_quantity
from .qrs_document_line_steering import STRICT


class StockMove(models.Model):
    """Moves that lack goods because what is free doesn't meet the requirements."""

    _inherit = "stock.move"

    def _qms_filter_gated(self):
        steering = self._qms_get_steering()
        if steering:
            copies = self.env["qms.qrs.document.line"].sudo()
            copies.union(*steering.values())._qms_read_together()
        return super()._qms_filter_gated() | self.filtered(
            lambda move: move in steering and steering[move]._qms_get_strict()
        )

    def _qms_get_gate_keys(self):
        return {**super()._qms_get_gate_keys(), **self._qms_get_steering()}

    def _qms_get_short_reason(self, reasons):
        unmet = [reason.judgement for reason in reasons if reason.judgement]
        if len(unmet) < len(reasons):
            return super()._qms_get_short_reason(reasons)
        return ", ".join(self._qms_get_short_unmet(judgement) for judgement in unmet)

    def _qms_get_short_unmet(self, judgement):
        """Return in a few words what goods are, that they should not be."""
        text = self.env._(
            "%(what)s: %(found)s",
            what=judgement.criterion._get_subject(),
            found=judgement.found,
        )
        copy = judgement.criterion.line_id
        if copy.is_ignored or judgement.criterion.departure not in STRICT:
            return self.env._("%(what)s (allowed, is recorded)", what=text)
        return text

    # -- For people -------------------------------------------------------------------

    def _qms_get_shortage_short(self, shortage):
        text = self._qms_get_unfit_text(shortage)
        return text or super()._qms_get_shortage_short(shortage)

    def _qms_get_shortage_text(self, shortage):
        text = self._qms_get_unfit_text(shortage)
        if not text:
            return super()._qms_get_shortage_text(shortage)
        uom = shortage.move.product_id.uom_id
        return self.env._(
            "%(product)s: %(text)s (%(needed)s %(uom)s needed)",
            product=shortage.move.product_id.display_name,
            text=text,
            needed=format_quantity(self.env, shortage.needed),
            uom=uom.name,
        )

    def _qms_get_unfit_text(self, shortage):
        """Return what is free, what of it can be taken, and why not the rest."""
        if not shortage.others:
            return ""
        uom = shortage.move.product_id.uom_id
        judgements = [r.judgement for r in shortage.reasons if r.judgement]
        who = [one.criterion.line_id._qms_get_who() for one in judgements]
        unfit = sum(shortage.others.values())
        parts = [
            self.env._(
                "%(free)s %(uom)s free, %(fit)s %(uom)s meet what %(who)s demands",
                free=format_quantity(self.env, shortage.available + unfit),
                fit=format_quantity(self.env, shortage.available),
                who=", ".join(dict.fromkeys(who)),
                uom=uom.name,
            ),
            *(
                self.env._(
                    "%(quantity)s %(uom)s: %(why)s",
                    quantity=format_quantity(self.env, quantity),
                    uom=uom.name,
                    why=why,
                )
                for why, quantity in shortage.others.items()
            ),
        ]
        if shortage.held:
            parts.append(
                self.env._(
                    "%(quantity)s %(uom)s held",
                    quantity=format_quantity(self.env, shortage.held),
                    uom=uom.name,
                )
            )
        return "; ".join(parts)
