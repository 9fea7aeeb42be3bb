from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

# How many lots a row names as what is in it.
NAMED = 5


class QmsRecall(models.Model):
    """Why goods without lots are part of a recall: affected goods went into them, or
    are among them, or the recall starts from them."""

    _inherit = "qms.recall"

    def _find_products(self):
        """Return ``{product: {"sources", "date_from", "date_last", "level"}}``."""
        # sudo: a recall follows the goods, whoever started it
        products = self.env["product.product"].sudo()
        found = {}
        for product_id, source, level, first, last in (
            *self._find_products_of_scope(),
            *self._find_products_of_lots(),
            *self._find_products_unnumbered(),
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
        for facts in found.values():
            names = sorted(set(facts["sources"]))
            facts["sources"] = ", ".join(names[:NAMED])
        return found

    def _find_products_of_scope(self):
        """Return what the recall starts from that has no lots."""
        self.ensure_one()
        lines = self._find_scope_lines()
        return [
            (
                product.id,
                some[0].picking_id.name or some[0].move_id.reference,
                0,
                min(some.mapped("date")),
                max(some.mapped("date")),
            )
            for product, some in lines.grouped("product_id").items()
        ]

    def _find_scope_lines(self):
        """Return the posted lines without a lot that are in the scope, in sudo."""
        # sudo: a recall follows the goods, whoever started it
        recall = self.sudo()
        if self.scope == "product":
            return recall.env["stock.move.line"].search(
                recall._get_scope_lines_domain(), order="date, id"
            )
        if self.scope == "workcenter":
            return recall._find_made_lines().filtered(lambda line: not line.lot_id)
        return recall.env["stock.move.line"]

    def _get_scope_lines_domain(self):
        begin, end = self._get_window()
        return (
            Domain("product_id", "in", self.product_ids.ids)
            & Domain("lot_id", "=", False)
            & Domain("state", "=", "done")
            & Domain("company_id", "=", self.company_id.id)
            & Domain("location_id.usage", "in", ("supplier", "production"))
            & Domain("date", ">=", begin)
            & Domain("date", "<", end)
        )

    def _find_products_of_lots(self):
        """Yield what affected lots went into that has no lots."""
        # sudo: see _find_products
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

    def _find_products_unnumbered(self):
        """Yield products of affected lots that were posted without a lot since: goods
        of an affected lot may be among them."""
        # sudo: see _find_products
        rows = self.sudo().line_ids
        if not rows:
            return
        self.env.flush_all()
        known = rows.grouped(lambda row: row.product_id.id)
        for product_id, first, last in self.env.execute_query(
            SQL(
                """
                SELECT line.product_id, min(line.date), max(line.date)
                  FROM (SELECT product_id, min(date) AS since
                          FROM stock_move_line
                         WHERE lot_id IN %s AND state = 'done'
                         GROUP BY product_id) affected
                  JOIN stock_move_line line ON line.product_id = affected.product_id
                 WHERE line.lot_id IS NULL AND line.state = 'done'
                   AND line.date >= affected.since AND line.quantity_product_uom > 0
                 GROUP BY 1
                """,
                tuple(rows.lot_id.ids),
            )
        ):
            some = known[product_id]
            for name in sorted(some.lot_id.mapped("name"))[:NAMED]:
                yield product_id, name, min(some.mapped("level")), first, last

    def _find_products_of_products(self):
        """Yield what recalled goods without lots went into that has none either: the
        genealogy has no links of it, but the orders tell."""
        for row in self._get_included_rows():
            self.env.flush_all()
            for product_id, first, last in self.env.execute_query(
                SQL(
                    """
                    SELECT made.product_id, min(used.date), max(used.date)
                      FROM stock_move_line used
                      JOIN stock_move u ON u.id = used.move_id
                      JOIN stock_move m
                        ON m.production_id = u.raw_material_production_id
                      JOIN stock_move_line made ON made.move_id = m.id
                     WHERE used.product_id = %s AND used.state = 'done'
                       AND used.lot_id IS NULL AND used.date >= %s
                       AND made.product_id != used.product_id
                       AND made.state = 'done' AND made.lot_id IS NULL
                     GROUP BY 1
                    """,
                    row.product_id.id,
                    row.date_from,
                )
            ):
                name = row.product_id.display_name
                yield product_id, name, row.level + 1, first, last
