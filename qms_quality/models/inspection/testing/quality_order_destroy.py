from collections import defaultdict

from odoo import models

from ...number_text import format_quantity
from ...sentinel import trusted


class QmsQualityOrder(models.Model):
    """What tests use up leaves the stock when the order is validated."""

    _inherit = "qms.quality.order"

    def _validate(self):
        # before: the verdict moves goods on
        self._destroy()
        return super()._validate()

    def _destroy(self):
        """Scrap what the readings used up, held or not. Once for each reading."""
        # sudo: whoever inspects need not be allowed to scrap
        for order in self.sudo():
            used = order._get_used_up()
            short = 0.0
            for lot, quantity in used.items():
                short += order._scrap_used_up(lot, quantity)
            if short:
                order._message_log(body=order._get_short_text(short))

    def _get_used_up(self):
        """Return what is used up and still in stock: ``{lot: quantity}``."""
        results = self.result_ids.filtered(
            lambda result: (
                result.is_recorded
                and not result.is_final
                and not result.is_destroyed
                and result.test_line_id.destroyed_quantity
            )
        )
        used = defaultdict(float)
        for result in results:
            lot = result.lot_id or self.lot_ids[:1]
            used[lot] += result.test_line_id.destroyed_quantity
        if results:
            trusted(results).is_destroyed = True
        return used

    def _get_short_text(self, quantity):
        return self.env._(
            "The tests used up %(quantity)s %(unit)s more than there is in stock.",
            quantity=format_quantity(self.env, quantity),
            unit=self.product_id.uom_id.name,
        )

    def _scrap_used_up(self, lot, quantity):
        """Scrap a quantity of the order's goods where they are.

        :return: what was not there
        """
        unit = self.product_id.uom_id
        for quant in self._get_quants_to_destroy(lot):
            if unit.compare(quantity, 0) <= 0:
                return 0.0
            taken = min(quantity, quant.quantity)
            scrap = self.env["stock.scrap"].create(
                self._prepare_scrap_values(quant, taken)
            )
            scrap._qms_scrap_permitted(
                self.env._("Used up by the tests of %s", self.name), self
            )
            quantity -= taken
        return quantity if unit.compare(quantity, 0) > 0 else 0.0

    def _get_quants_to_destroy(self, lot):
        """Return where the order's goods are, its own place first."""
        place = self.location_id
        if not self.product_id.is_storable or not (lot or place):
            return self.env["stock.quant"]
        domain = [
            ("product_id", "=", self.product_id.id),
            ("lot_id", "=", lot.id),
            ("quantity", ">", 0),
            ("location_id.usage", "=", "internal"),
            ("company_id", "=", self.company_id.id),
        ]
        if not lot:
            domain.append(("location_id", "child_of", place.id))
        quants = self.env["stock.quant"].search(domain, order="id")
        # what is free goes first, or a reservation would lose its goods
        return quants.sorted(
            lambda quant: (
                quant.location_id != place,
                quant.quantity - quant.reserved_quantity <= 0,
                quant.id,
            )
        )

    def _prepare_scrap_values(self, quant, quantity):
        return {
            "product_id": quant.product_id.id,
            "product_uom_id": quant.product_id.uom_id.id,
            "lot_id": quant.lot_id.id,
            "location_id": quant.location_id.id,
            "package_id": quant.package_id.id,
            "owner_id": quant.owner_id.id,
            "scrap_qty": quantity,
            "origin": self.name,
            "company_id": self.company_id.id,
        }
