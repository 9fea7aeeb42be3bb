"""The readings of an order as a grid for the page at the bench."""


class BenchGrid:
    """Rows are what is read, columns are tests.

    Where a test is read several times, a sample has a row for each reading, and one
    for the values that stand for them.

    :param order: ``qms.quality.order``
    """

    def __init__(self, order):
        self.order, self.env = order, order.env
        self.tests = order.test_ids
        self.targets = order._get_read_targets()
        self.pictures = self._count_pictures()
        # where every test is read once, what is worked out stands beside it
        self.has_numbers = max(self.tests.mapped("reading_number"), default=1) > 1

    def _count_pictures(self):
        """Return how many photos are attached: ``{reading id: count}``."""
        results = self.order.result_ids
        groups = self.env["ir.attachment"]._read_group(
            [("res_model", "=", results._name), ("res_id", "in", results.ids)],
            ["res_id"],
            ["__count"],
        )
        return dict(groups)

    # -- Columns -----------------------------------------------------------------------

    def get_columns(self):
        """Return the tests, in their order."""
        return [self._prepare_column(test) for test in self.tests]

    def _prepare_column(self, test):
        limits = ("lower_limit", "upper_limit", "lower_warning", "upper_warning")
        return {
            "test_id": test.id,
            "name": test.name,
            "group": test.spec_id.name,
            "type": test.test_type,
            "unit": test.uom_id.name or "",
            "decimals": test.decimals,
            "limits": test.limits or "",
            **{name.removesuffix("_limit"): test[name] for name in limits},
            "target": test.target,
            "outcomes": [
                {"id": one.id, "name": one.name, "passes": one.verdict == "passed"}
                for one in test.variable_id.outcome_ids
            ],
            "required": test.required,
            "destructive": bool(test.destroyed_quantity),
            "automatic": test.test_type == "calculated",
            "whole_number": test.whole_number or test.test_type == "attribute",
            "instructions": test.instructions or "",
        }

    # -- Rows --------------------------------------------------------------------------

    def get_rows(self):
        """Return the samples with a cell for each test that is read of them."""
        rows = {}
        for result in self.order.result_ids:
            place = self.targets[result._get_target_key()]
            key = place, self._get_number(result)
            row = rows.setdefault(key, self._prepare_row(key, result))
            row["cells"][str(result.test_line_id.id)] = self._prepare_cell(result)
        return [rows[key] for key in sorted(rows)]

    def _get_number(self, result):
        if not result.is_final:
            return result.number
        # below all readings of the sample
        return 10_000 if self.has_numbers else 1

    def _prepare_row(self, key, result):
        place, number = key
        lot = result.lot_id.name or ""
        label = self._get_sample_label(place, number, result)
        return {"key": f"{place}-{number}", "label": label, "lot": lot, "cells": {}}

    def _get_sample_label(self, place, number, result):
        parts = []
        if len(self.targets) > 1:
            if len(self.order.lot_ids) > 1 and result.lot_id:
                parts.append(result.lot_id.name)
            else:
                parts.append(self.env._("Sample %s", place))
        if self.has_numbers:
            is_final = result.is_final
            reading = self.env._("Reading %s", number)
            parts.append(self.env._("Result") if is_final else reading)
        return ", ".join(parts) or self.env._("Reading")

    def _prepare_cell(self, result):
        is_recorded = result.is_recorded
        is_picture = result.test_type == "picture"
        pictures = self.pictures.get(result.id, 0)
        return {
            "result_id": result.id,
            "value": self._get_value(result),
            # the text of a picture is worked out from its content
            "text": "" if is_picture else result._get_value_text(),
            "verdict": result.verdict,
            "warning": result.is_warning,
            "problem": result.problem or "",
            "recorded": is_recorded,
            "recorded_by": result.recorded_by_id.name or "",
            "note": result.note or "",
            "corrected": result.is_corrected,
            "readonly": result.is_automatic,
            "unit": result.uom_id.name or "",
            "picture_count": pictures + (is_picture and is_recorded),
            "picture_url": self._get_picture_url(result) if is_picture else "",
        }

    @staticmethod
    def _get_value(result):
        if result.test_type == "picture":
            return False
        value = result[result._get_value_field()]
        if result.test_type == "qualitative":
            return value.id
        return str(value) if result.test_type == "date" and value else value

    @staticmethod
    def _get_picture_url(result):
        if not result.is_recorded:
            return ""
        return f"/web/image/{result._name}/{result.id}/picture"
