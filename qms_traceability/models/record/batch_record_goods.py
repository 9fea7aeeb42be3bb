from odoo import api, models


class QmsTrace(models.AbstractModel):
    """The batch record: what a lot is made of, and what became of it."""

    _inherit = "qms.trace"

    @api.model
    def _get_goods_sections(self, trace):
        """Return ingredients with their lots and vendors, nearest first."""
        nodes = {node["id"]: node for node in trace["nodes"]}
        behind = [node["lot_id"] for node in nodes.values() if node["level"] < 0]
        vendors = {}
        for row in self._ask("get_receipts", [lot for lot in behind if lot]):
            vendors.setdefault(
                row["lot_id"], f"{row['partner'] or ''} {row['picking']}"
            )
        links = [
            link
            for link in self._add_up_links(trace["links"])
            if nodes[link["source"]]["level"] < 0
        ]
        links.sort(key=lambda link: -nodes[link["source"]]["level"])
        yield self._section(
            "ingredients",
            self.env._("Ingredients"),
            [
                self.env._("Ingredient"),
                self.env._("Lot/Serial Number"),
                self.env._("Quantity"),
                self.env._("Went into"),
                self.env._("Document"),
                self.env._("Status"),
                self.env._("Vendor"),
            ],
            [
                [
                    nodes[link["source"]]["product"],
                    self._tell_lot(nodes[link["source"]]),
                    self._tell_quantity(link["quantity"], link["uom"]),
                    nodes[link["target"]]["name"],
                    link["document"]["name"],
                    self._tell_status(nodes[link["source"]]),
                    vendors.get(nodes[link["source"]]["lot_id"]),
                ]
                for link in links
            ],
        )

    @api.model
    def _get_whereabouts(self, trace, lot):
        states = self._get_transfer_states()
        ahead = [
            node
            for node in trace["nodes"]
            if node["level"] >= 0 and node["lot_id"] != lot.id
        ]
        yield self._section(
            "uses",
            self.env._("Went into"),
            [
                self.env._("Product"),
                self.env._("Lot/Serial Number"),
                self.env._("Share of It"),
                self.env._("Status"),
            ],
            [
                [
                    node["product"],
                    self._tell_lot(node),
                    f"{node['share']:.1%}" if node["share"] is not None else "",
                    self._tell_status(node),
                ]
                for node in ahead
            ],
        )
        lots = [lot.id, *(node["lot_id"] for node in ahead if node["lot_id"])]
        yield self._section(
            "deliveries",
            self.env._("Deliveries"),
            [
                self.env._("Customer"),
                self.env._("Lot/Serial Number"),
                self.env._("Quantity"),
                self.env._("Transfer"),
                self.env._("Date"),
                self.env._("State"),
                self.env._("Package"),
                self.env._("Owner"),
            ],
            [
                [
                    row["partner"],
                    row["lot"],
                    self._tell_quantity(row["quantity"], row["uom"]),
                    row["picking"],
                    self._tell_time(row["date"]),
                    states[row["state"]],
                    row["package"],
                    row["owner"],
                ]
                for row in self._ask("get_deliveries", lots)
            ],
        )
        yield self._section(
            "stock",
            self.env._("Stock"),
            [
                self.env._("Location"),
                self.env._("Quantity"),
                self.env._("Package"),
                self.env._("Owner"),
            ],
            [
                [
                    row["location"],
                    self._tell_quantity(row["quantity"], row["uom"]),
                    row["package"],
                    row["owner"],
                ]
                for row in self._ask("get_stock", lot)
            ],
        )
