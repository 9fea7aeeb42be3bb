from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class StockMoveLine(models.Model):
    """Lots that may not be mixed are refused where they would be."""

    _inherit = "stock.move.line"

    @api.model
    def _qms_after_posting(self, movements):
        res = super()._qms_after_posting(movements)
        self._qms_check_mixing(movements)
        return res

    @api.model
    def _qms_check_mixing(self, movements):
        """Refuse movements that put a second lot where its product may have but one.

        :param list movements: of :class:`Movement`, made in this transaction
        :raise UserError: names every place and package, and its lots
        """
        filled = {
            (movement.product, place)
            for movement in movements
            for place in self._qms_get_unmixed(movement)
        }
        if not filled:
            return
        self._qms_lock_places({place for _product, place in filled})
        mixed = {
            key: lots
            for key, lots in self._qms_get_lots_in(filled).items()
            if len(lots) > 1
        }
        if mixed:
            raise UserError(self._qms_get_mixing_text(mixed))

    @api.model
    def _qms_get_unmixed(self, movement):
        """Yield the place and the package that may have one lot of a product."""
        product = movement.product
        if product.tracking == "none" or movement.location_dest.usage != "internal":
            return
        if product.qms_one_lot_place:
            yield movement.location_dest
        if product.qms_one_lot_package and movement.package_dest:
            yield movement.package_dest

    @api.model
    def _qms_lock_places(self, places):
        """Let two transfers to one place that are posted at once collide.

        Each sees its own lot alone: a row that both write makes the second run again.
        """
        for table in ("stock_location", "stock_package"):
            ids = sorted(place.id for place in places if place._table == table)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date WHERE id = ANY(%s)",
                    SQL.identifier(table),
                    ids,
                )
            )

    @api.model
    def _qms_get_lots_in(self, filled):
        """Return ``{(product, place or package): lots}``, an empty lot among them."""
        places = {place for _product, place in filled}
        products = {product.id for product, _place in filled}
        found = defaultdict(set)
        # sudo: whoever posts need not be allowed to read all stock there
        quants = self.env["stock.quant"].sudo()
        for name, model in (
            ("location_id", "stock.location"),
            ("package_id", "stock.package"),
        ):
            ids = [place.id for place in places if place._name == model]
            groups = quants._read_group(
                [
                    (name, "in", ids),
                    ("product_id", "in", products),
                    ("quantity", ">", 0),
                ],
                ["product_id", name, "lot_id"],
            )
            for product, place, lot in groups:
                key = (product.sudo(False), place.sudo(False))
                if key in filled:
                    found[key].add(lot)
        return found

    @api.model
    def _qms_get_mixing_text(self, mixed):
        rows = [
            self.env._(
                "- %(place)s: %(lots)s of %(product)s",
                place=place.sudo().display_name,
                lots=", ".join(
                    sorted(lot.name or self.env._("without a lot") for lot in lots)
                ),
                product=product.display_name,
            )
            for (product, place), lots in mixed.items()
        ]
        return self.env._(
            "These lots may not be mixed:\n%(rows)s\n"
            "Choose another place or package, or empty this one first.",
            rows="\n".join(sorted(rows)),
        )
