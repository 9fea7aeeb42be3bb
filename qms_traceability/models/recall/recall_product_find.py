from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from odoo.addons.qms_quality.models.sentinel import trusted

from .recall_scope import INSIDE


class QmsRecall(models.Model):
    """Finding goods without lots that affected goods may be in or among, and what
    they went into themselves, once they are recalled, too."""

    _inherit = "qms.recall"

    def _follow_products(self):
        """Find goods without lots, and take in lots made of those that are recalled,
        until there is nothing new.

        :return: the rows of lots that were added
        """
        self.ensure_one()
        added = self.env["qms.recall.lot"]
        while True:
            self._take_products()
            new = self._take_possible_lots()
            added |= new
            if not new:
                break
        self._update_products()
        return added

    def _take_products(self):
        """Note the goods without lots that affected goods may be in or among."""
        # sudo: only actions write the rows, whoever posts the goods
        rows = trusted(self.sudo()).product_row_ids
        known = rows.grouped("product_id")
        found = self._find_products()
        new = []
        for product, facts in found.items():
            if product not in known:
                new.append({"recall_id": self.id, "product_id": product.id, **facts})
            else:
                known[product]._take_facts(facts)
        trusted(self.env["qms.recall.product"].sudo()).create(new)
        self.invalidate_recordset(["product_row_ids"])

    def _get_included_rows(self):
        return self.sudo().product_row_ids.filtered(
            lambda row: row.decision == "included"
        )

    # -- What may have been made of them -----------------------------------------------

    def _take_possible_lots(self):
        """Add the lots that recalled goods without lots may be in.

        :return: the rows that were added
        """
        added = self.env["qms.recall.lot"]
        for row in self._get_included_rows():
            lots = row._get_possible_links().to_lot_id
            added |= self._take_lots(lots, how="maybe", level=row.level + 1)
        return added

    # -- Where they are ----------------------------------------------------------------

    @api.model
    def _get_lotless_domain(self, products):
        return (
            Domain("product_id", "in", products.ids)
            & Domain("lot_id", "=", False)
            & Domain("location_id.usage", "in", INSIDE)
            & Domain("quantity", ">", 0)
        )

    def _update_products(self):
        """Read where goods without lots are, and who got some."""
        # sudo: only actions write the figures
        rows = trusted(self.sudo()).product_row_ids
        if not rows:
            return
        stock = defaultdict(list)
        for product, place, quantity in (
            self.env["stock.quant"]
            .sudo()
            ._read_group(
                self._get_lotless_domain(rows.product_id),
                ["product_id", "location_id"],
                ["quantity:sum"],
            )
        ):
            stock[product].append((place, quantity))
        for row in rows:
            row._update_figures(stock[row.product_id])


class QmsRecallProduct(models.Model):
    """The facts of goods without lots."""

    _inherit = "qms.recall.product"

    def _take_facts(self, facts):
        changed = {name: one for name, one in facts.items() if self[name] != one}
        if changed:
            self.write(changed)

    def _get_possible_links(self):
        """Return the links by which lots were made of these goods since they may hold
        affected ones, in sudo."""
        self.ensure_one()
        # sudo: a recall follows the goods, whoever started it
        links = self.env["qms.lot.link"].sudo()
        return links.search(
            Domain("from_product_id", "=", self.product_id.id)
            & Domain("from_lot_id", "=", False)
            & Domain("to_lot_id", "!=", False)
            & Domain("date", ">=", self.date_from)
            & links._get_valid_domain()
        )

    def _update_figures(self, stock):
        """Note where the goods are and who got some.

        :param list stock: ``(place, quantity)`` of what is on hand
        """
        self._take_facts(
            {
                "on_hand": sum(quantity for _place, quantity in stock),
                "places": ", ".join(place.display_name for place, _quantity in stock)
                or False,
                "lot_count": len(self._get_possible_links().to_lot_id),
                **self._get_shipped_facts(),
            }
        )
