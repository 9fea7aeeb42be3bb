from odoo import api, models
from odoo.fields import Domain


class QmsTrace(models.AbstractModel):
    """The batch record: how a lot was made, and what was read of it."""

    _inherit = "qms.trace"

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
                ", ".join(one["name"] for one in time["equipment"]),
                time["user"],
                self._tell_time(time["start"]),
                self._tell_time(time["end"]),
                time["shift"],
            ]
            for work in order["workorders"]
            for time in work["times"] or [{**nothing, "equipment": work["equipment"]}]
        ]

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
