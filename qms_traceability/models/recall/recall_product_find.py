from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.qms_quality.models.number_text import format_quantity
from odoo.addons.qms_quality.models.sentinel import trusted

from .recall_scope import INSIDE

# How many lots a row names as what is in it.
NAMED = 5


class QmsRecall(models.Model):
    """Finding goods without lots that affected goods went into, and what they went
    into themselves, once they are recalled, too."""

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

    # -- Which products ----------------------------------------------------------------

    def _take_products(self):
        """Note the goods without lots that affected goods went into."""
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

    def _find_products(self):
        """Return ``{product: {"sources", "date_from", "date_last", "level"}}``."""
        products = self.env["product.product"].sudo()
        found = {}
        for product_id, source, level, first, last in (
            *self._find_products_of_lots(),
            *self._find_products_of_products(),
        ):
            facts = found.setdefault(
                products.browse(product_id),
                {"date_from": first, "date_last": last, "level": level, "sources": []},
            )
            facts["date_from"] = min(facts["date_from"], first)
            facts["date_last"] = max(facts["date_last"], last)
            facts["level"] = min(facts["level"], level)
            facts["sources"].append(source)
        return {
            product: {**facts, "sources": ", ".join(sorted(facts["sources"])[:NAMED])}
            for product, facts in found.items()
        }

    def _find_products_of_lots(self):
        """Yield what affected lots went into that has no lots."""
        links = self.env["qms.lot.link"].sudo()
        rows = self.sudo().line_ids
        levels = {row.lot_id: row.level for row in rows}
        groups = links._read_group(
            Domain("from_lot_id", "in", rows.lot_id.ids)
            & Domain("to_lot_id", "=", False)
            & links._get_valid_domain(),
            ["to_product_id", "from_lot_id"],
            ["date:min", "date:max"],
        )
        for product, lot, first, last in groups:
            yield product.id, lot.name, levels[lot] + 1, first, last

    def _find_products_of_products(self):
        """Yield what recalled goods without lots went into that has none either: the
        genealogy has no links of it, but the orders tell."""
        for row in self._get_included_rows():
            self.env.flush_all()
            for product_id, first, last in self.env.execute_query(
                SQL(
                    """
                    SELECT made.product_id, min(used.date), max(used.date)
                      FROM stock_move used
                      JOIN stock_move made
                        ON made.production_id = used.raw_material_production_id
                      JOIN product_product p ON p.id = made.product_id
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE used.product_id = %s AND used.state = 'done'
                       AND used.date >= %s AND made.state = 'done'
                       AND made.product_id != used.product_id AND t.tracking = 'none'
                     GROUP BY 1
                    """,
                    row.product_id.id,
                    row.date_from,
                )
            ):
                name = row.product_id.display_name
                yield product_id, name, row.level + 1, first, last

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

    @api.model
    def _query_lotless_deliveries(self, product, date):
        """Return what customers got of a product without lots since a moment.

        :return: rows of company, customer's name, document, quantity
        """
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """
                SELECT line.company_id, partner.complete_name,
                       COALESCE(picking.name, m.reference),
                       sum(CASE WHEN d.usage = 'customer' THEN line.quantity_product_uom
                                ELSE -line.quantity_product_uom END)
                  FROM stock_move_line line
                  JOIN stock_move m ON m.id = line.move_id
                  JOIN stock_location l ON l.id = line.location_id
                  JOIN stock_location d ON d.id = line.location_dest_id
                  LEFT JOIN stock_picking picking ON picking.id = m.picking_id
                  LEFT JOIN res_partner partner
                         ON partner.id = COALESCE(picking.partner_id, m.partner_id)
                 WHERE line.product_id = %s AND line.lot_id IS NULL
                   AND line.state = 'done' AND line.date >= %s
                   AND (l.usage = 'customer') != (d.usage = 'customer')
                 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
                """,
                product.id,
                date,
            )
        )


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
        delivered = self.recall_id._query_lotless_deliveries(
            self.product_id, self.date_from
        )
        self._take_facts(
            {
                "on_hand": sum(quantity for _place, quantity in stock),
                "places": ", ".join(place.display_name for place, _quantity in stock)
                or False,
                "shipped": sum(row[3] for row in delivered),
                "shipped_to": self._get_customers_text(delivered) or False,
                "lot_count": len(self._get_possible_links().to_lot_id),
            }
        )

    def _get_customers_text(self, delivered):
        """Return who got how much by which document; other companies by their names."""
        own = self.company_id
        elsewhere = defaultdict(float)
        texts = []
        for company, name, document, quantity in delivered:
            if company == own.id:
                customer = name or self.env._("Unknown customer")
                text = format_quantity(self.env, quantity)
                texts.append(f"{customer}: {text} ({document or ''})")
            else:
                elsewhere[company] += quantity
        for company, quantity in elsewhere.items():
            name = own.browse(company).name
            texts.append(f"{name}: {format_quantity(self.env, quantity)}")
        return "\n".join(texts)
