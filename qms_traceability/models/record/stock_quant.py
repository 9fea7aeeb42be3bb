from collections import defaultdict

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL


class StockQuant(models.Model):
    """Lots that may not be mixed are refused where they would be."""

    _inherit = "stock.quant"

    @api.model
    def _qms_check_mixing(self, filled):
        """Refuse a second lot where a product may have but one.

        :param filled: set of (``product.product``, ``stock.location`` or outermost
            ``stock.package``) to which goods were added in this transaction
        :raise UserError: names every place and package, and its lots
        """
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
    def _qms_lock_places(self, places):
        """Let two that add to one place at once collide.

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
        found = defaultdict(set)
        goods = Domain("product_id", "in", [product.id for product, _place in filled])
        goods &= Domain("quantity", ">", 0)
        for name, operator, model in (
            ("location_id", "in", "stock.location"),
            ("package_id", "child_of", "stock.package"),
        ):
            ids = [place.id for _product, place in filled if place._name == model]
            # sudo: whoever posts need not be allowed to read all stock there
            groups = self.sudo()._read_group(
                goods & Domain(name, operator, ids), ["product_id", name, "lot_id"]
            )
            for product, place, lot in groups:
                if model == "stock.package":
                    place = place._qms_get_outermost()
                key = (product.sudo(False), place.sudo(False))
                if key in filled:
                    found[key].add(lot)
        return found

    @api.model
    def _qms_get_mixing_text(self, mixed):
        rows = [
            self.env._(
                "- %(place)s: %(lots)s of %(product)s",
                # sudo: the name of the place that the user puts something into
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
