from math import fsum

from odoo import models
from odoo.exceptions import ValidationError

from ...inspection.test_kinds import NUMERIC


class QmsQualityOrderTest(models.Model):
    """The values of tests become attributes of the lots that were tested."""

    _inherit = "qms.quality.order.test"

    def _write_lot_attribute(self):
        res = super()._write_lot_attribute()
        writing = self.filtered("attribute_id")
        self.env["qms.lot.attribute"]._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": test.attribute_id.id,
                    "value": value,
                    "source": "test",
                }
                for test in writing
                for lot, value in test._get_lot_values().items()
                # what the button let pass can't be wrong; what comes otherwise may be
                if test.attribute_id._qms_takes(value)
            ]
        )
        return res

    def _get_lot_values(self):
        """Return what was read of each lot, ``{lot: value}``; nothing where unclear."""
        self.ensure_one()
        results = self._get_deciding_results().filtered(
            lambda result: result.is_recorded and not result.problem
        )
        by_lot = results.grouped("lot_id")
        # a reading without a lot is about all lots of the order
        general = by_lot.get(self.env["stock.lot"], results.browse())
        values = {
            lot: self._get_lot_value(by_lot.get(lot, general))
            for lot in self.order_id.lot_ids
        }
        return {lot: value for lot, value in values.items() if value is not None}

    def _get_lot_value(self, results):
        """Return the one value of these readings, ``None`` where they differ."""
        if not results:
            return None
        if self.test_type in NUMERIC:
            return self._get_lot_number(results)
        read = {result[result._get_value_field()] for result in results}
        return self._as_attribute_value(read.pop()) if len(read) == 1 else None

    def _get_lot_number(self, results):
        """Return the average of readings in the attribute's unit."""
        own, unit = self.uom_id, self.attribute_id.uom_id
        numbers = [self._convert(result.value, result.uom_id) for result in results]
        number = fsum(numbers) / len(numbers)
        if own and unit and own != unit:
            number = own._compute_quantity(number, unit, round=False)
        is_whole = self.attribute_id.type == "integer" and len(numbers) > 1
        return float(round(number)) if is_whole else number

    def _as_attribute_value(self, read):
        if self.test_type == "pass_fail":
            return read == "pass"
        if self.test_type == "date":
            return read
        text = read if isinstance(read, str) else read.name
        # what isn't found is refused by its own text
        return self.attribute_id._qms_find_value(text) or text

    def _get_attribute_problems(self):
        """Return what attributes don't take of what was read, a line each."""
        problems = []
        for test in self.filtered("attribute_id"):
            for value in test._get_lot_values().values():
                try:
                    test.attribute_id._qms_check_value(value)
                except ValidationError as refusal:
                    problems.append(f"{test.name}: {refusal}")
        return list(dict.fromkeys(problems))
