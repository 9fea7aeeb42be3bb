from odoo import api, fields, models

from ..recall.sheet import write_book
from .drawing import draw

# What can be read on a sheet of paper
LARGEST_ON_PAPER = 40
# Kinds of links that are transfers
SIDES = ("supplier", "customer")


class QmsTrace(models.AbstractModel):
    """The trace on paper and in a spreadsheet."""

    _inherit = "qms.trace"

    @api.model
    def _get_report(self, lots, direction="both", date=None):
        """Return what the item tracing report prints of lots.

        :return: ``{"drawing": Markup, "sources": nodes behind the lots, nearest first,
            "uses": nodes ahead, "roots": the lots' own, "receipts", "deliveries",
            "stock", "packages": rows of facts, "hidden": int, "grouped": int}``
        """
        trace = self._get_graph_of_lots(lots, direction, date)
        folded = self._fold_graph(trace, limit=LARGEST_ON_PAPER)
        roots = set(trace["roots"])
        goods = sorted(
            (node for node in trace["nodes"] if node["kind"] in ("lot", "product")),
            key=lambda node: (abs(node["level"]), node["product"], node["name"]),
        )
        facts = self._get_report_facts(goods, trace["date"])
        return {
            "drawing": draw(folded["nodes"], folded["links"], roots),
            "roots": [node for node in goods if node["id"] in roots],
            "sources": [node for node in goods if node["level"] < 0],
            "uses": [
                node for node in goods if node["level"] >= 0 and node["id"] not in roots
            ],
            "links": trace["links"],
            "hidden": trace["hidden"],
            "grouped": folded["grouped"],
            "truncated": trace["truncated"],
            **facts,
        }

    @api.model
    def _get_report_facts(self, goods, moment):
        """Return receipts of what is behind, deliveries and stock of what is ahead."""
        behind = [
            node["lot_id"] for node in goods if node["lot_id"] and node["level"] <= 0
        ]
        ahead = [
            node["lot_id"] for node in goods if node["lot_id"] and node["level"] >= 0
        ]
        return {
            "receipts": self._get_until(self._ask("get_receipts", behind), moment),
            "deliveries": self._get_until(self._ask("get_deliveries", ahead), moment),
            "stock": self._ask("get_stock", ahead),
        }

    @api.model
    def _get_until(self, rows, moment):
        return [row for row in rows if not moment or row["date"] <= moment]

    @api.model
    def _get_workbook(self, lots, direction="both", date=None):
        """Return the trace of lots as an Excel file, nothing folded up."""
        report = self._get_report(lots, direction, date)
        goods = report["sources"] + report["roots"] + report["uses"]
        names = {node["id"]: node["name"] for node in goods}
        made = [link for link in report["links"] if link["kind"] not in SIDES]
        moved = [
            (self.env._("Product"), "text"),
            (self.env._("Lot/Serial Number"), "text"),
            (self.env._("Quantity"), "number"),
            (self.env._("Unit"), "text"),
        ]
        return write_book(
            [
                (
                    self.env._("Lots"),
                    [
                        (self.env._("Steps"), "number"),
                        *moved,
                        (self.env._("Share"), "share"),
                        (self.env._("On Hand"), "number"),
                        (self.env._("Status"), "text"),
                        (self.env._("Uncertain"), "text"),
                    ],
                    map(self._get_goods_row, goods),
                ),
                (
                    self.env._("Links"),
                    [
                        (self.env._("Lot used"), "text"),
                        (self.env._("Went into"), "text"),
                        (self.env._("Quantity used"), "number"),
                        (self.env._("Unit"), "text"),
                        (self.env._("Kind"), "text"),
                        (self.env._("Document"), "text"),
                        (self.env._("Date"), "moment"),
                        (self.env._("Work Center"), "text"),
                        (self.env._("By"), "text"),
                    ],
                    (self._get_link_row(link, names) for link in made),
                ),
                *(
                    (
                        label,
                        [
                            *moved,
                            (self.env._("Partner"), "text"),
                            (self.env._("Transfer"), "text"),
                            (self.env._("Date"), "moment"),
                            (self.env._("State"), "text"),
                            (self.env._("Package"), "text"),
                            (self.env._("Owner"), "text"),
                        ],
                        map(self._get_transfer_row, report[name]),
                    )
                    for name, label in (
                        ("receipts", self.env._("Receipts")),
                        ("deliveries", self.env._("Deliveries")),
                    )
                ),
                (
                    self.env._("Stock"),
                    [
                        *moved,
                        (self.env._("Location"), "text"),
                        (self.env._("Package"), "text"),
                        (self.env._("Owner"), "text"),
                        (self.env._("Reserved"), "number"),
                    ],
                    map(self._get_stock_row, report["stock"]),
                ),
            ]
        )

    @api.model
    def _get_goods_row(self, node):
        status = node["status"]
        return (
            node["level"],
            node["product"],
            node["kind"] == "lot" and node["name"],
            node["quantity"],
            node["uom"],
            node["share"],
            node["on_hand"],
            status and status["name"],
            node["uncertain"] and self.env._("Yes"),
        )

    @api.model
    def _get_link_row(self, link, names):
        return (
            names.get(link["source"]),
            names.get(link["target"]),
            link["quantity"],
            link["uom"],
            link["kind_label"],
            link["document"]["name"],
            self._get_local_time(link["date"]),
            link["workcenter"],
            link["user"],
        )

    @api.model
    def _get_transfer_row(self, row):
        states = self._get_transfer_states()
        return (
            row["product"],
            row["lot"],
            row["quantity"],
            row["uom"],
            row["partner"],
            row["picking"],
            self._get_local_time(row["date"]),
            states[row["state"]],
            row["package"],
            row["owner"],
        )

    @api.model
    def _get_stock_row(self, row):
        return (
            row["product"],
            row["lot"],
            row["quantity"],
            row["uom"],
            row["location"],
            row["package"],
            row["owner"],
            row["reserved"],
        )

    @api.model
    def _get_transfer_states(self):
        """Return what people call the states of deliveries and receipts."""
        return {
            "done": self.env._("Done"),
            "transit": self.env._("In transit"),
            "open": self.env._("Reserved"),
            "returned": self.env._("Returned"),
        }

    @api.model
    def _get_local_time(self, text):
        """Return a moment of a trace in the user's time zone, without saying so."""
        moment = self._get_moment(text and text.replace("T", " "))
        return moment and fields.Datetime.context_timestamp(self, moment).replace(
            tzinfo=None
        )
