from odoo import api, models

# What is signed about a lot, beside its quality orders, by the field that names it.
SIGNED = {
    "qms.nonconformance": "lot_ids",
    "qms.disposition": "lot_id",
    "qms.deviation": "lot_id",
    "qms.hold": "lot_id",
    "qms.certificate": "lot_id",
}


class QmsTrace(models.AbstractModel):
    """The batch record: what was decided about a lot, and who signed."""

    _inherit = "qms.trace"

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
                for one in self._get_signatures(lot, orders)
            ],
        )

    @api.model
    def _get_signatures(self, lot, orders):
        signature = self.env["qms.signature"]
        if not signature.has_access("read"):
            return signature
        documents = [
            self._search_readable(model, [(field, "in", lot.ids)])
            for model, field in SIGNED.items()
        ]
        keys = {
            (record._name, record.id)
            for records in (lot, orders, *documents)
            for record in records
        }
        return signature.union(*signature._get_of(keys).values()).sorted("id")
