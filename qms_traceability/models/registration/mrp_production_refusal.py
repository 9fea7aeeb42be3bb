from odoo import models

from odoo.addons.qms_quality.models.number_text import format_quantity

from .mrp_production_tracked import OPEN_STATES


class Refused(Exception):
    """A scan that isn't registered, with the sentence that says why."""


class QuantityAsked(Exception):
    """A scan that needs a quantity before it can be registered."""

    def __init__(self, lot, quantity, uom):
        super().__init__(lot)
        self.lot, self.quantity, self.uom = lot, quantity, uom


class MrpProduction(models.Model):
    """Refusing what may not be registered, in one sentence that says why."""

    _inherit = "mrp.production"

    # -- The finished product ----------------------------------------------------------

    def _qms_check_made_elsewhere(self, lot):
        if not lot or self.product_tracking != "serial":
            return
        # sudo: a number is made once, in whatever company
        rows = self.env["qms.tracked.product"].sudo()
        row = rows.search(
            [("lot_id", "=", lot.id), ("state", "in", ("open", "done"))],
            order="id desc",
            limit=1,
        )
        if row.state == "open":
            raise Refused(
                self.env._(
                    "%(number)s is registered on %(order)s already.",
                    number=lot.name,
                    order=row.production_id.name,
                )
            )
        orders = self.env["mrp.production"]
        if orders._are_finished_serials_already_produced(lot):
            raise Refused(
                self.env._(
                    "%(number)s was made already, by %(order)s.",
                    number=lot.name,
                    order=row.production_id.name or self._qms_get_maker(lot),
                )
            )

    def _qms_get_maker(self, lot):
        lines = self.env["stock.move.line"].sudo()
        line = lines.search(
            [
                ("lot_id", "=", lot.id),
                ("state", "=", "done"),
                ("location_id.usage", "=", "production"),
            ],
            order="id desc",
            limit=1,
        )
        return line.reference or self.env._("another order")

    def _qms_get_full_text(self):
        if self.state == "cancel":
            return self.env._("%s is cancelled: nothing more is made.", self.name)
        if self.state not in OPEN_STATES:
            return self.env._("%s is closed: nothing more is made.", self.name)
        return self.env._(
            "All products of %s are registered already.", self.display_name
        )

    # -- Another item, another number --------------------------------------------------

    def _qms_refuse_other_item(self, code):
        short = self.env["qms.quality.order"]._get_short_gtins(code.gtin)
        product = self.env["product.product"].search(
            [("barcode", "in", short)], limit=1
        )
        raise Refused(
            self.env._(
                "This is %(item)s, which isn't what %(order)s asks for.",
                item=product.display_name or code.gtin,
                order=self.name,
            )
        )

    def _qms_refuse_number(self, code, products, chosen):
        """Say whether a number is of another product, or unknown."""
        number = code.numbers[0]
        other = self.env["stock.lot"].search(
            [
                ("name", "in", code.numbers),
                ("company_id", "in", (False, self.company_id.id)),
            ],
            limit=1,
        )
        if not other:
            raise Refused(self.env._("%s is unknown: no lot has this number.", number))
        wanted = chosen.product_id.display_name or self.env._(
            "a component of the order"
        )
        raise Refused(
            self.env._(
                "%(number)s is a number of %(product)s, not of %(wanted)s.",
                number=number,
                product=other.product_id.display_name,
                wanted=wanted,
            )
        )

    # -- Goods that may not be used ----------------------------------------------------

    def _qms_check_unused(self, lot):
        if lot.product_id.tracking != "serial":
            return
        used = self.env["qms.tracked.component"]._get_open_of_lot(lot)[:1]
        if used:
            self._qms_refuse_used(lot, used)

    def _qms_refuse_used(self, lot, used):
        raise Refused(
            self.env._(
                "%(number)s is already used, in %(finished)s of %(order)s.",
                number=lot.name,
                finished=used.finished_lot_id.name,
                order=used.production_id.name,
            )
        )

    def _qms_check_usable(self, move, lot, quantity):
        """Refuse goods that aren't here, or that may not be consumed."""
        lot._qms_lock_registrations()
        quants = move._qms_get_quants(lot)
        self._qms_check_in_stock(move, lot, quantity, quants)
        self._qms_check_gate(move, lot, quantity, quants)

    def _qms_check_in_stock(self, move, lot, quantity, quants):
        """Refuse what isn't where the order takes its components from."""
        here = sum(quants.mapped("quantity"))
        registered = self.env["qms.tracked.component"]._get_open_of_lot(lot)
        free = here - sum(registered.mapped("quantity"))
        if lot.product_id.uom_id.compare(quantity, free) <= 0:
            return
        used = self._qms_get_former_use(lot)
        if used and not here:
            self._qms_refuse_used(lot, used)
        raise Refused(
            self.env._(
                "%(number)s isn't in stock in %(place)s: %(free)s %(unit)s are left.",
                number=lot.name,
                place=move.location_id.display_name,
                free=format_quantity(self.env, max(free, 0)),
                unit=lot.product_id.uom_id.name,
            )
        )

    def _qms_get_former_use(self, lot):
        if lot.product_id.tracking != "serial":
            return self.env["qms.tracked.component"]
        # sudo: a number is used up in whatever company
        return (
            self.env["qms.tracked.component"]
            .sudo()
            .search(
                [("lot_id", "=", lot.id), ("state", "=", "done")],
                order="id desc",
                limit=1,
            )
        )

    def _qms_check_gate(self, move, lot, quantity, quants):
        """Refuse what a hold, a requirement or a date keeps from being consumed."""
        reasons = move._qms_get_refusals(quants)
        free = sum(quant.quantity for quant in quants if not reasons[quant])
        if lot.product_id.uom_id.compare(free, quantity) >= 0:
            return
        lines = self.env["stock.move.line"]
        texts = [lines._qms_get_reason_text(one[0]) for one in reasons.values() if one]
        raise Refused(
            self.env._(
                "%(number)s can't be used: %(why)s",
                number=lot.name,
                why=texts[0] if texts else "",
            )
        )
