from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.qms_quality.models.number_text import format_quantity


class QmsTrace(models.AbstractModel):
    """All that is known of one lot or serial number, on one page."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_batch_record(self, lot_id):
        """Return the batch record of a lot or serial number: how it came to be, what
        was found, who signed, and where it went. As far as the user may read it.

        :param int lot_id: id of a ``stock.lot``
        :return: ``{"lot_id": int, "lot": str, "product_id": int, "product": str,
            "status": str or False, "batch": str or False, for serial numbers that came
            together, "quantity": float, "uom": str, "hidden": lots of other companies
            that are left out, "sections": [{"name": str, "label": str, "columns":
            labels, "rows": [[str or float]]}]}``; sections are "ingredients", "work",
            "readings", "tests", "deviations", "nonconformances", "dispositions",
            "holds", "signatures", "uses", "deliveries", "stock"
        :raise UserError: where there is no such lot
        :raise AccessError: where the user may not read it, or no genealogy
        """
        lot = self._get_lots([lot_id])
        trace = self.both(lot)
        root = next(node for node in trace["nodes"] if node["id"] in trace["roots"])
        orders = self._get_record_orders(lot)
        sections = [
            *self._get_goods_sections(trace),
            self._get_work_section(lot),
            *self._get_reading_sections(lot, orders),
            *self._get_decision_sections(lot),
            self._get_signature_section(lot, orders),
            *self._get_whereabouts(trace, lot),
        ]
        return {
            "lot_id": lot.id,
            "lot": lot.name,
            "product_id": lot.product_id.id,
            "product": lot.product_id.display_name,
            "status": lot.inspection_status_id.name or False,
            "batch": lot.qms_batch or False,
            "quantity": root["quantity"],
            "uom": root["uom"],
            "hidden": trace["hidden"],
            "sections": [section for section in sections if section["rows"]],
        }

    @api.model
    @api.readonly
    def get_serial_chain(self, name, product_id=None):
        """Return the batch record of a serial or lot number that a customer reads out.

        :param str name: as it stands on the goods
        :param int product_id: of which product, where several have such a number
        :return: see :meth:`get_batch_record`
        :raise UserError: where there is none, or more than one
        :raise AccessError: where the user may not read it, or no genealogy
        """
        domain = Domain("name", "=", str(name or "").strip())
        if product_id:
            domain &= Domain("product_id", "=", product_id)
        lots = self.env["stock.lot"].search(domain, limit=10)
        if not lots:
            raise UserError(
                self.env._(
                    "No lot or serial number %(name)s is known. Read it from the goods"
                    " again.",
                    name=str(name)[:80],
                )
            )
        if len(lots) > 1:
            raise UserError(
                self.env._(
                    "%(name)s is a number of several products: %(products)s. Say of"
                    " which.",
                    name=lots[0].name,
                    products=", ".join(lots.product_id.mapped("display_name")),
                )
            )
        return self.get_batch_record(lots.id)

    @api.model
    def _section(self, name, label, columns, rows):
        return {
            "name": name,
            "label": label,
            "columns": columns,
            "rows": [[cell or "" for cell in row] for row in rows],
        }

    # -- What it is made of, and what became of it -------------------------------------

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
    def _tell_lot(self, node):
        return node["name"] if node["kind"] == "lot" else self.env._("not known")

    @api.model
    def _tell_status(self, node):
        return node["status"]["name"] if node["status"] else ""

    @api.model
    def _tell_quantity(self, quantity, unit):
        return f"{format_quantity(self.env, quantity)} {unit}"

    @api.model
    def _tell_time(self, text):
        """Return a moment of a fact, in the user's language and time zone."""
        return self._tell_moment(self._get_moment(text and text.replace("T", " ")))

    @api.model
    def _tell_moment(self, moment):
        return moment and self.env["ir.qweb.field.datetime"].value_to_html(moment, {})

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

    # -- How it was made ---------------------------------------------------------------

    @api.model
    def _get_work_section(self, lot):
        return self._section(
            "work",
            self.env._("Work"),
            [
                self.env._("Order"),
                self.env._("Operation"),
                self.env._("Work Center"),
                self.env._("Equipment"),
                self.env._("By"),
                self.env._("Start"),
                self.env._("End"),
                self.env._("Shift"),
            ],
            [
                row
                for order in self._ask("get_productions", lot)
                if order["role"] == "made"
                for row in self._get_work_rows(order)
            ],
        )

    @api.model
    def _get_work_rows(self, order):
        """Return a row for each time that was worked, or one where none was noted."""
        nothing = {"user": "", "start": False, "end": False, "shift": ""}
        if not order["workorders"]:
            end = self._tell_time(order["date"])
            return [[order["production"], "", "", "", order["user"], "", end, ""]]
        return [
            [
                order["production"],
                work["name"],
                work["workcenter"],
                ", ".join(one["name"] for one in work["equipment"]),
                time["user"],
                self._tell_time(time["start"]),
                self._tell_time(time["end"]),
                time["shift"],
            ]
            for work in order["workorders"]
            for time in work["times"] or [nothing]
        ]

    # -- What was found ----------------------------------------------------------------

    @api.model
    def _get_record_orders(self, lot):
        """Return the quality orders on a lot, or on the orders that made it."""
        order = self.env["qms.quality.order"]
        if not order.has_access("read"):
            return order
        made = [
            row["production_id"]
            for row in self._ask("get_productions", lot)
            if row["role"] == "made"
        ]
        domain = Domain("lot_ids", "in", lot.ids) | Domain("production_id", "in", made)
        return order.search(domain, order="id")

    @api.model
    def _get_reading_sections(self, lot, orders):
        """Return readings of the process, and those of the goods themselves."""
        of_process = orders.filtered(lambda order: lot not in order.lot_ids)
        columns = [
            self.env._("Quality Order"),
            self.env._("Test"),
            self.env._("Passes"),
            self.env._("Reading"),
            self.env._("Verdict"),
            self.env._("By"),
            self.env._("Date"),
        ]
        for name, label, some in (
            ("readings", self.env._("Process Readings"), of_process),
            ("tests", self.env._("Tests"), orders - of_process),
        ):
            results = some.result_ids.filtered(
                lambda result: not result.lot_id or result.lot_id == lot
            )
            rows = [self._get_reading_row(result) for result in results]
            yield self._section(name, label, columns, rows)

    @api.model
    def _get_reading_row(self, result):
        verdicts = dict(result._fields["verdict"]._description_selection(self.env))
        # sudo: who took a reading that the user may read
        person = result.sudo().recorded_by_id.name
        return [
            result.order_id.name,
            result.display_name,
            result.limits,
            result._get_value_text(),
            verdicts.get(result.verdict),
            person,
            self._tell_moment(result.recorded_on),
        ]

    # -- What was decided --------------------------------------------------------------

    @api.model
    def _search_readable(self, model, domain):
        """Return records, none where the user may not read such."""
        records = self.env[model]
        return (
            records.search(domain, order="id")
            if records.has_access("read")
            else records
        )

    @api.model
    def _get_decision_sections(self, lot):
        states = self._get_labels("qms.deviation", "state")
        yield self._section(
            "deviations",
            self.env._("Deviations"),
            [
                self.env._("Deviation"),
                self.env._("Expected"),
                self.env._("Found"),
                self.env._("State"),
                self.env._("Date"),
            ],
            [
                [
                    row["deviation"],
                    row["expected"],
                    row["found"],
                    states.get(row["state"]),
                    self._tell_time(row["date"]),
                ]
                for row in self._ask("get_deviations", lot)
            ],
        )
        cases = self._search_readable(
            "qms.nonconformance", [("lot_ids", "in", lot.ids)]
        )
        states = self._get_labels("qms.nonconformance", "state")
        yield self._section(
            "nonconformances",
            self.env._("Nonconformances"),
            [self.env._("Nonconformance"), self.env._("State"), self.env._("Opened")],
            [
                [
                    case.display_name,
                    states.get(case.state),
                    self._tell_moment(case.create_date),
                ]
                for case in cases
            ],
        )
        rows = self._search_readable("qms.disposition", [("lot_id", "in", lot.ids)])
        yield self._section(
            "dispositions",
            self.env._("Dispositions"),
            [
                self.env._("Disposition"),
                self.env._("Quantity"),
                self.env._("State"),
                self.env._("Approved by"),
                self.env._("Reason"),
            ],
            [self._get_disposition_row(row) for row in rows],
        )
        yield self._section(
            "holds",
            self.env._("Holds"),
            [
                self.env._("Hold"),
                self.env._("Status"),
                self.env._("Reason"),
                self.env._("Placed"),
                self.env._("By"),
                self.env._("Released"),
            ],
            [
                [
                    row["hold"],
                    row["status"],
                    row["reason"],
                    self._tell_time(row["placed"]),
                    row["placed_by"],
                    self._tell_time(row["released"]),
                ]
                for row in self._ask("get_holds", lot)
            ],
        )

    @api.model
    def _get_disposition_row(self, row):
        kinds = self._get_labels("qms.disposition", "kind")
        states = self._get_labels("qms.disposition", "state")
        return [
            kinds.get(row.kind),
            self._tell_quantity(row.quantity, row.uom_id.name),
            states.get(row.state),
            # sudo: who approved what the user may read
            row.sudo().approved_by_id.name,
            row.reason,
        ]

    @api.model
    def _get_labels(self, model, field):
        selection = self.env[model]._fields[field]
        return dict(selection._description_selection(self.env))

    @api.model
    def _get_signature_section(self, lot, orders):
        """Return the signatures on the lot's documents, broken ones as such."""
        signature = self.env["qms.signature"]
        found = signature
        if signature.has_access("read"):
            cases = self._search_readable(
                "qms.nonconformance", [("lot_ids", "in", lot.ids)]
            )
            decided = self._search_readable(
                "qms.disposition", [("lot_id", "in", lot.ids)]
            )
            keys = {
                (record._name, record.id)
                for records in (lot, orders, cases, decided)
                for record in records
            }
            found = found.union(*signature._get_of(keys).values()).sorted("id")
        states = self._get_labels("qms.signature", "state")
        return self._section(
            "signatures",
            self.env._("Electronic Signatures"),
            [
                self.env._("Signed by"),
                self.env._("Date and Time"),
                self.env._("Meaning"),
                self.env._("Action"),
                self.env._("Document"),
                self.env._("State"),
            ],
            [
                [
                    one.user_name,
                    one._get_date_text(),
                    one.meaning,
                    one.action_label,
                    one.record_name,
                    states.get(one.state),
                ]
                for one in found
            ],
        )
