from odoo import api, models

# Nobody reads more beside a picture
MOST = 10


class QmsTrace(models.AbstractModel):
    """What the page tells beside the picture of one lot."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_lot_details(self, lot_id):
        """Return what is known of a lot, as far as the user may read it.

        :param int lot_id: id of a ``stock.lot``
        :return: list of ``{"name": str, "label": str, "more": how many lines are left
            out, "lines": [{"text": str, "note": str, "date": str or False, "quantity":
            float, "uom": str, "document": {"model", "id"}}]}``, empty ones left out
        :raise AccessError: where the user may not read the lot, or no genealogy
        """
        lot = self._get_lots([lot_id])
        sections = [
            ("stock", self.env._("Stock"), self._tell_stock(lot)),
            ("packages", self.env._("Packages"), self._tell_packages(lot)),
            ("productions", self.env._("Manufactured"), self._tell_productions(lot)),
            ("quality", self.env._("Quality"), self._tell_quality(lot)),
            ("holds", self.env._("Holds"), self._tell_holds(lot)),
            ("deviations", self.env._("Deviations"), self._tell_deviations(lot)),
        ]
        return [
            {
                "name": name,
                "label": label,
                "lines": lines[:MOST],
                "more": max(len(lines) - MOST, 0),
            }
            for name, label, lines in sections
            if lines
        ]

    @api.model
    def _tell_stock(self, lot):
        return [
            {
                "text": row["location"],
                "note": " · ".join(filter(None, (row["package"], row["owner"]))),
                "quantity": row["quantity"],
                "uom": row["uom"],
            }
            for row in self._ask("get_stock", lot)
        ]

    @api.model
    def _tell_packages(self, lot):
        return [
            {
                "text": row["package"],
                "date": row["date"],
                "document": {"model": "stock.package", "id": row["package_id"]},
            }
            for row in self._ask("get_packages", lot)
        ]

    @api.model
    def _tell_productions(self, lot):
        return [
            {
                "text": row["production"],
                "note": ", ".join(self._get_places_of_work(row)),
                "date": row["date"],
                "document": {"model": "mrp.production", "id": row["production_id"]},
            }
            for row in self._ask("get_productions", lot)
            if row["role"] == "made"
        ]

    @api.model
    def _get_places_of_work(self, production):
        """Return where and by whom an order's work was done, each once."""
        people = {
            time["user"]
            for work in production["workorders"]
            for time in work["times"]
            if time["user"]
        }
        centers = [work["workcenter"] for work in production["workorders"]]
        return [*dict.fromkeys(centers), *sorted(people)]

    @api.model
    def _tell_quality(self, lot):
        order = self.env["qms.quality.order"]
        states = dict(order._fields["state"]._description_selection(self.env))
        verdicts = dict(order._fields["verdict"]._description_selection(self.env))
        return [
            {
                "text": row["order"],
                "note": verdicts.get(row["verdict"]) or states[row["state"]],
                "date": row["date"],
                "document": {"model": "qms.quality.order", "id": row["order_id"]},
            }
            for row in self._ask("get_quality", lot)
        ]

    @api.model
    def _tell_holds(self, lot):
        return [
            {
                "text": f"{row['hold']}: {row['status']}",
                "note": row["reason"]
                if not row["released"]
                else self.env._("%(reason)s (released)", reason=row["reason"]),
                "date": row["placed"],
                "document": {"model": "qms.hold", "id": row["hold_id"]},
            }
            for row in self._ask("get_holds", lot)
        ]

    @api.model
    def _tell_deviations(self, lot):
        return [
            {
                "text": row["deviation"],
                "note": f"{row['expected']} → {row['found']}",
                "date": row["date"],
                "document": {"model": "qms.deviation", "id": row["deviation_id"]},
            }
            for row in self._ask("get_deviations", lot)
        ]
