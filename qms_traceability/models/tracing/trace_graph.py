from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from .trace_reach import SIDES

# More than this nobody looks at, and no screen draws; the nearest are shown.
MOST = 20_000
COLUMNS = (
    "id",
    "from_lot_id",
    "from_product_id",
    "to_lot_id",
    "to_product_id",
    "quantity",
    "to_quantity",
    "kind",
    "date",
    "res_model",
    "res_id",
    "reference",
    "workcenter_id",
    "user_id",
    "origin",
    "uncertain",
    "from_line_id",
    "to_line_id",
)


class QmsTrace(models.AbstractModel):
    """The trace as a graph that JSON can carry."""

    _inherit = "qms.trace"

    @api.model
    def _get_graph(self, lot_ids, directions, date, depth, product_ids):
        """Return the graph of one or both directions; see :meth:`forward`."""
        roots = self._get_lots(lot_ids)
        date, depth = self._get_moment(date), self._get_depth(depth)
        wanted = set(product_ids or ())
        found = {"levels": {}, "links": [], "shares": {}, "hidden": 0, "cut": False}
        for direction in directions:
            self._add_direction(found, roots, direction, date, depth)
        nodes = self._prepare_nodes(found, roots)
        shown = {
            node["id"]: node
            for node in nodes
            if not wanted or node["product_id"] in wanted or node["level"] == 0
        }
        links = self._prepare_links(found)
        return {
            "roots": [f"lot-{root}" for root in roots.ids],
            "direction": "both" if len(directions) > 1 else directions[0],
            "date": self._get_text(date),
            "hidden": found["hidden"],
            "truncated": found["cut"],
            "nodes": list(shown.values()),
            "links": [
                link
                for link in links
                if link["source"] in shown and link["target"] in shown
            ],
        }

    @api.model
    def _add_direction(self, found, roots, direction, date, depth):
        """Add the lots and links of one direction to what was found."""
        levels = self._get_visible_reach(found, roots, direction, date, depth)
        expanded = [
            lot for lot, level in levels.items() if not depth or abs(level) < depth
        ]
        links = self._read_links(expanded, levels, direction, date)
        totals = self._get_totals(levels, links)
        shares = self._get_shares(roots, links, totals, direction)
        for link in links:
            total = totals.get(link["from_lot"])
            link["share"] = min(link["quantity"] / total, 1.0) if total else None
        found["links"] += links
        found["totals"] = {**totals, **found.get("totals", {})}
        for lot, level in levels.items():
            found["levels"].setdefault(lot, level)
            found["shares"].setdefault(lot, shares.get(lot))

    @api.model
    def _get_visible_reach(self, found, roots, direction, date, depth):
        """Return the reach that the user may see, and count what he may not."""
        mine = self._get_reach(roots, direction, date, depth, self.env.companies)
        lots = self.env["stock.lot"].search([("id", "in", list(mine))], order="id")
        visible = set(lots.ids)
        levels = {lot: level for lot, level in mine.items() if lot in visible}
        # sudo: only to count what is left out
        if self.env["res.company"].sudo().search_count([], limit=2) > 1:
            mine = self._get_reach(roots, direction, date, depth)
        found["hidden"] += len(mine) - len(levels)
        if len(levels) > MOST:
            found["cut"] = True
            levels = dict(list(levels.items())[:MOST])
        return levels

    @api.model
    def _read_links(self, lot_ids, shown, direction, date):
        """Return the links from ``lot_ids`` on, to lots in ``shown`` or to products."""
        near, far = map(SQL.identifier, SIDES[direction])
        columns = SQL(", ").join(SQL.identifier("link", name) for name in COLUMNS)
        self.env.cr.execute(
            SQL(
                """SELECT %s FROM qms_lot_link AS link
                   WHERE link.%s = ANY(%s) AND %s
                     AND (link.%s IS NULL OR link.%s = ANY(%s))
                   ORDER BY link.id""",
                columns,
                near,
                list(lot_ids),
                self._get_valid_sql(date, self.env.companies),
                far,
                far,
                list(shown),
            )
        )
        names = [name.removesuffix("_id") for name in COLUMNS]
        return [dict(zip(names, row, strict=True)) for row in self.env.cr.fetchall()]

    # -- Nodes -------------------------------------------------------------------------

    @api.model
    def _prepare_nodes(self, found, roots):
        # sudo: names and statuses of lots that the user may see
        lots = self.env["stock.lot"].sudo().browse(found["levels"])
        on_hand = self._get_on_hand(lots)
        uncertain = self._get_uncertain(found["links"], set(roots.ids))
        nodes = [
            {
                "id": f"lot-{lot.id}",
                "kind": "lot",
                "lot_id": lot.id,
                "product_id": lot.product_id.id,
                "name": lot.name,
                "product": lot.product_id.display_name,
                "level": found["levels"][lot.id],
                "status": self._prepare_status(lot),
                "quantity": found["totals"].get(lot.id, 0.0),
                "uom": lot.product_id.uom_id.name,
                "share": found["shares"].get(lot.id),
                "uncertain": lot.id in uncertain,
                "on_hand": on_hand.get(lot.id, 0.0),
            }
            for lot in lots
        ]
        return nodes + self._prepare_products(found)

    @api.model
    def _prepare_status(self, lot):
        status = lot.inspection_status_id
        return bool(status) and {
            "id": status.id,
            "name": status.name,
            "color": status.color,
        }

    @api.model
    def _get_on_hand(self, lots):
        """Return ``{lot id: quantity}`` in places inside, of the user's companies."""
        domain = [
            ("lot_id", "in", lots.ids),
            ("location_id.usage", "in", ("internal", "transit")),
        ]
        groups = self.env["stock.quant"]._read_group(
            domain, ["lot_id"], ["quantity:sum"]
        )
        return {lot.id: quantity for lot, quantity in groups}

    @api.model
    def _get_uncertain(self, links, roots):
        """Return the lots that only uncertain links lead to."""
        lots = {link[side] for link in links for side in ("from_lot", "to_lot")}
        sure = {
            link[side]
            for link in links
            if not link["uncertain"]
            for side in ("from_lot", "to_lot")
        }
        return lots - sure - roots

    @api.model
    def _prepare_products(self, found):
        """Return the nodes of goods without lots, as far away as what they are in."""
        seen = {}
        for link in found["links"]:
            for side, other, step in (("from", "to", -1), ("to", "from", 1)):
                if link[f"{side}_lot"]:
                    continue
                level = found["levels"].get(link[f"{other}_lot"], 0) + step
                node = seen.setdefault(
                    link[f"{side}_product"],
                    {"level": level, "quantity": 0.0, "uncertain": False},
                )
                node["level"] = min(node["level"], level, key=abs)
                node["uncertain"] |= bool(link["uncertain"])
        for product, quantity in self._get_lotless(found["links"]).items():
            seen[product]["quantity"] = quantity
        # sudo: names of what the lots that the user may see are made of
        products = self.env["product.product"].sudo().browse(seen)
        return [
            {
                "id": f"product-{product.id}",
                "kind": "product",
                "lot_id": False,
                "product_id": product.id,
                "name": product.display_name,
                "product": product.display_name,
                "status": False,
                "uom": product.uom_id.name,
                "share": None,
                "on_hand": product.qty_available,
                **seen[product.id],
            }
            for product in products
        ]

    @api.model
    def _get_lotless(self, links):
        """Return ``{product id: quantity}`` used and made without a lot.

        Several links tell of the same goods: what a line used is in the product and in
        each by-product, and what a document made is made of each component.
        """
        told = defaultdict(lambda: defaultdict(float))
        for link in {link["id"]: link for link in links}.values():
            document = (link["res_model"], link["res"])
            if not link["from_lot"]:
                goods = (link["from_product"], *document, "used", link["from_line"])
                told[goods][link["to_product"]] += link["quantity"]
            if not link["to_lot"]:
                goods = (link["to_product"], *document, "made", None)
                line = (link["from_product"], link["to_line"])
                told[goods][line] = link["to_quantity"]
        return self._add_up_told(told)

    @api.model
    def _add_up_told(self, told):
        """Return the quantity of each product; of what is told twice, the most."""
        totals = defaultdict(float)
        for (product, *_document, side, _line), quantities in told.items():
            if side == "made":
                # by component: a kit's lines each made some of it
                of_component = defaultdict(float)
                for (component, _made_by), quantity in quantities.items():
                    of_component[component] += quantity
                quantities = of_component
            totals[product] += max(quantities.values())
        return totals

    # -- Links -------------------------------------------------------------------------

    @api.model
    def _prepare_links(self, found):
        # sudo: names of who did it where, in documents that the user may trace
        env = self.sudo().env
        links = list({link["id"]: link for link in found["links"]}.values())
        centers = env["mrp.workcenter"].browse(
            {k["workcenter"] for k in links} - {None}
        )
        users = env["res.users"].browse({k["user"] for k in links} - {None})
        products = env["product.product"].browse({k["from_product"] for k in links})
        where = {center.id: center.name for center in centers}
        who = {user.id: user.name for user in users}
        units = {product.id: product.uom_id.name for product in products}
        return [
            {
                "id": link["id"],
                "source": self._get_node_id(link, "from"),
                "target": self._get_node_id(link, "to"),
                "quantity": link["quantity"],
                "uom": units[link["from_product"]],
                "share": link["share"],
                "kind": link["kind"],
                "date": self._get_text(link["date"]),
                "document": {
                    "model": link["res_model"],
                    "id": link["res"],
                    "name": link["reference"] or "",
                },
                "workcenter": where.get(link["workcenter"], False),
                "user": who.get(link["user"], False),
                "registered": link["origin"] == "registered",
                "uncertain": bool(link["uncertain"]),
            }
            for link in links
        ]

    @api.model
    def _get_node_id(self, link, side):
        lot = link[f"{side}_lot"]
        return f"lot-{lot}" if lot else f"product-{link[f'{side}_product']}"
